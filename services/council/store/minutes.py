"""Rows of minutes, and of every edition that was public."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from services.council.domain.minutes import Minutes, MinutesPart
from services.council.domain.passage import Passage
from services.council.store.meeting import SITTING
from services.kit.database import Connection
from services.kit.tables import Aggregates


class MinutesTable(Aggregates[Minutes]):
    """Minutes as they stand, and beside them every edition that was ever public."""

    async def save(self, connection: Connection, state: Minutes) -> None:
        """Insert or replace minutes; published ones are kept as an edition of their own."""
        await super().save(connection, state)
        if state.is_public:
            await connection.execute(
                "INSERT INTO minutes_edition (minutes_id, edition, parts, correction_reason, published_at) VALUES ($1, $2, $3, $4, $5)",
                state.id, state.edition, state.parts, state.correction_reason, state.published_at,
            )  # fmt: skip


MINUTES = MinutesTable("minutes", Minutes, key="minutes_id", newest="started_at", columns={"sitting": SITTING})
# The parts in a row of an edition.
PARTS: TypeAdapter[Mapping[MinutesPart, Passage]] = TypeAdapter(Mapping[MinutesPart, Passage])
