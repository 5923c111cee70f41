"""Rows of resolutions and action items."""

from typing import Any

from services.council.domain.outcome import ActionItem, ActionStatus, Resolution, ResolutionKind
from services.council.store.meeting import SITTING, sitting_of, sitting_values
from services.kit.database import Row
from services.kit.tables import Aggregates
from services.kit.text import Text


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


def _resolution_values(state: Resolution) -> tuple[Any, ...]:
    return (
        state.id, *sitting_values(state.sitting), state.item_id, state.kind, state.text.plain, state.text.language,
        state.public,
    )  # fmt: skip


def _action_values(state: ActionItem) -> tuple[Any, ...]:
    return (
        state.id, *sitting_values(state.sitting), state.item_id, state.task.plain, state.task.language, state.public,
        state.department, state.due_on, state.status, state.done_at,
    )  # fmt: skip


RESOLUTIONS = Aggregates(
"resolution", ("resolution_id", *SITTING, "item_id", "kind", "text", "language", "public"), "meeting_start",
    of=resolution_of,
    values=_resolution_values,
)  # fmt: skip


ACTIONS = Aggregates(
    "action_item",
    ("action_id", *SITTING, "item_id", "task", "language", "public", "department", "due_on", "status", "done_at"),
    "meeting_start",
    of=action_of,
    values=_action_values,
)  # fmt: skip
