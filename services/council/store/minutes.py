"""Rows of minutes, and of every edition that was public."""

from typing import Any

from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.store.meeting import SITTING, sitting_of, sitting_values
from services.kit.database import Connection, Row
from services.kit.tables import Aggregates


def minutes_of(row: Row) -> Minutes:
    """The minutes in a row; their parts in legal order."""
    parts = {part: row["parts"][part] for part in MinutesPart if part in row["parts"]}
    return Minutes(
        row["minutes_id"], sitting_of(row), row["language"], row["started_at"], MinutesStatus(row["status"]), parts, row["edition"],
        row["correction_reason"], row["approved_at"], row["published_at"],
    )  # fmt: skip


def _values(state: Minutes) -> tuple[Any, ...]:
    return (
        state.id, *sitting_values(state.sitting), state.language, state.started_at, state.status, dict(state.parts),
        state.edition, state.correction_reason, state.approved_at, state.published_at,
    )  # fmt: skip


class MinutesTable(Aggregates[Minutes]):
    """Minutes as they stand, and beside them every edition that was ever public."""

    async def save(self, connection: Connection, state: Minutes) -> None:
        """Insert or replace minutes; published ones are kept as an edition of their own."""
        await super().save(connection, state)
        if state.is_public:
            await connection.execute(
                "INSERT INTO minutes_edition (minutes_id, edition, parts, correction_reason, published_at) VALUES ($1, $2, $3, $4, $5)",
                state.id, state.edition, dict(state.parts), state.correction_reason, state.published_at,
            )  # fmt: skip


MINUTES = MinutesTable(
    "minutes",
    ("minutes_id", *SITTING, "language", "started_at", "status", "parts", "edition", "correction_reason", "approved_at", "published_at"),
    "started_at",
    of=minutes_of,
    values=_values,
)
