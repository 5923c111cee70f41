"""What callers may wait for: the store to hold what stands in the log, or one aggregate's version; a source to be known."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from services.agenda.domain.link import Service
from services.agenda.projection.freshness import Ends, behind, now_of
from services.agenda.projection.log_ends import ends_of, log_reader, partitions
from services.kit.database import Database
from services.kit.errors import not_found, wrong_state
from services.kit.ids import agenda_id_of
from services.kit.write import Written

EVERY_S, SAID_EVERY_S, PATIENCE_S = 0.05, 0.5, 2.0


class Applied:
    """Waits for the store; `store` leads to it, `own` to what officers decided."""

    def __init__(self, store: Database, own: Database, bootstrap: str) -> None:
        self._store, self._own, self._bootstrap = store, own, bootstrap

    async def everything(self) -> AsyncIterator[tuple[int, int]]:
        """Until all that stands in the log now is applied and can be found: records and search rows that are left, at last (0, 0).

        Raises:
            Refused: TOPIC_HELD, since nobody knows when an operator lets it go on.
        """
        async with log_reader(self._bootstrap) as reader:
            ends = await ends_of(reader, await partitions(self._bootstrap))
        async for left in self._until_applied(ends):
            yield left, 0
        async with self._store.connection() as connection:
            now = await now_of(connection)
        async for left in self._until_searchable(now):
            yield 0, left
        yield 0, 0

    async def _until_applied(self, ends: Ends) -> AsyncIterator[int]:
        for turn in range(10**9):
            async with self._store.connection() as connection:
                left = await behind(connection, ends)
                held = await connection.fetch("SELECT DISTINCT topic FROM topic_hold WHERE released_at IS NULL")
            if not left:
                return
            if held:
                topics = ", ".join(row["topic"] for row in held)
                raise wrong_state("TOPIC_HELD", f"held until an operator releases it: {topics}", topic=topics)
            if turn % round(SAID_EVERY_S / EVERY_S) == 0:
                yield left
            await asyncio.sleep(EVERY_S)

    async def _until_searchable(self, now: datetime) -> AsyncIterator[int]:
        for turn in range(10**9):
            async with self._store.connection() as connection:
                left = await connection.fetchval("SELECT count(*) FROM search_todo WHERE at <= $1", now)
            if not left:
                return
            if turn % round(SAID_EVERY_S / EVERY_S) == 0:
                yield left
            await asyncio.sleep(EVERY_S)

    async def title(self, service: Service, source_id: UUID) -> str:
        """A source's title; one that was made a moment ago is waited for. Raises Refused: NOT_FOUND."""
        agenda_id, title = agenda_id_of(service, source_id), None
        for _ in range(round(PATIENCE_S / EVERY_S)):
            async with self._store.connection() as connection:
                title = await connection.fetchval("SELECT title FROM agenda_item WHERE agenda_id = $1 AND source_version > 0", agenda_id)
            if title is not None:
                return str(title)
            await asyncio.sleep(EVERY_S)
        raise not_found(f"source of {service}", source_id)

    async def own_write(self, agenda_id: UUID) -> Written | None:
        """An opened item's numbers, none for a candidate; waits a little until the store has them: authors read their own writes."""
        async with self._own.connection() as connection:
            row = await connection.fetchrow("SELECT revision, version FROM aggregate WHERE id = $1 AND kind = 'agenda_item'", agenda_id)
        if row is None:
            return None
        for _ in range(round(PATIENCE_S / EVERY_S)):
            async with self._store.connection() as connection:
                if await connection.fetchval(
                    "SELECT decision_version >= $2 FROM agenda_item WHERE agenda_id = $1", agenda_id, row["version"]
                ):
                    break
            await asyncio.sleep(EVERY_S)
        return Written(agenda_id, row["revision"], row["version"])
