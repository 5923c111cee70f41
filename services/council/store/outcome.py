"""Rows of resolutions and action items."""

from uuid import UUID

from services.council.domain.outcome import ActionItem, ActionStatus, Resolution, ResolutionKind
from services.council.store.meeting import SITTING, sitting_of, sitting_values
from services.kit.database import Connection, Row
from services.kit.tables import Table
from services.kit.text import Text

RESOLUTIONS = Table("resolution", ("resolution_id", *SITTING, "item_id", "kind", "text", "language", "public"), "meeting_start")
ACTIONS = Table(
    "action_item",
    ("action_id", *SITTING, "item_id", "task", "language", "public", "department", "due_on", "status", "done_at"),
    "meeting_start",
)


class ResolutionStore:
    """Resolutions in PostgreSQL."""

    kind = RESOLUTIONS.kind

    async def load(self, connection: Connection, identity: UUID) -> Resolution | None:
        """One resolution, none where there is none."""
        row = await connection.fetchrow(f"{RESOLUTIONS.select} WHERE resolution_id = $1", identity)
        return resolution_of(row) if row else None

    async def save(self, connection: Connection, state: Resolution) -> None:
        """Insert or replace a resolution."""
        await connection.execute(
            RESOLUTIONS.save, state.id, *sitting_values(state.sitting), state.item_id, state.kind, state.text.plain, state.text.language,
            state.public,
        )  # fmt: skip


class ActionStore:
    """Action items in PostgreSQL."""

    kind = ACTIONS.kind

    async def load(self, connection: Connection, identity: UUID) -> ActionItem | None:
        """One action item, none where there is none."""
        row = await connection.fetchrow(f"{ACTIONS.select} WHERE action_id = $1", identity)
        return action_of(row) if row else None

    async def save(self, connection: Connection, state: ActionItem) -> None:
        """Insert or replace an action item."""
        await connection.execute(
            ACTIONS.save, state.id, *sitting_values(state.sitting), state.item_id, state.task.plain, state.task.language, state.public,
            state.department, state.due_on, state.status, state.done_at,
        )  # fmt: skip


def resolution_of(row: Row) -> Resolution:
    """The resolution in a row."""
    text = Text(row["text"], row["language"])
    return Resolution(row["resolution_id"], sitting_of(row), row["item_id"], ResolutionKind(row["kind"]), text, row["public"])


def action_of(row: Row) -> ActionItem:
    """The action item in a row."""
    return ActionItem(
        row["action_id"], sitting_of(row), row["item_id"], Text(row["task"], row["language"]), row["public"], row["department"],
        row["due_on"], ActionStatus(row["status"]), row["done_at"],
    )  # fmt: skip
