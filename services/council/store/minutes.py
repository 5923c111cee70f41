"""Rows of minutes, and of every edition that was public."""

from uuid import UUID

from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.store.meeting import SITTING, sitting_of, sitting_values
from services.kit.database import Connection, Row
from services.kit.tables import Table

TABLE = Table(
    "minutes",
    ("minutes_id", *SITTING, "language", "started_at", "status", "parts", "edition", "correction_reason", "approved_at", "published_at"),
    "started_at",
)


class MinutesStore:
    """Minutes in PostgreSQL."""

    kind = TABLE.kind

    async def load(self, connection: Connection, identity: UUID) -> Minutes | None:
        """One record of minutes, none where there is none."""
        row = await connection.fetchrow(f"{TABLE.select} WHERE minutes_id = $1", identity)
        return minutes_of(row) if row else None

    async def save(self, connection: Connection, state: Minutes) -> None:
        """Insert or replace minutes; an edition that became public is kept for ever."""
        parts = dict(state.parts)
        await connection.execute(
            TABLE.save, state.id, *sitting_values(state.sitting), state.language, state.started_at, state.status, parts,
            state.edition, state.correction_reason, state.approved_at, state.published_at,
        )  # fmt: skip
        if state.is_public:
            await connection.execute(
                "INSERT INTO minutes_edition (minutes_id, edition, parts, correction_reason, published_at) VALUES ($1, $2, $3, $4, $5)",
                state.id, state.edition, parts, state.correction_reason, state.published_at,
            )  # fmt: skip


def minutes_of(row: Row) -> Minutes:
    """The minutes in a row; their parts in legal order."""
    parts = {part: row["parts"][part] for part in MinutesPart if part in row["parts"]}
    return Minutes(
        row["minutes_id"], sitting_of(row), row["language"], row["started_at"], MinutesStatus(row["status"]), parts, row["edition"],
        row["correction_reason"], row["approved_at"], row["published_at"],
    )  # fmt: skip
