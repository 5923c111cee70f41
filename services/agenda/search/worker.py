"""The search rows, behind the projection: taken from a to-do table, made anew from what stands in the store."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import structlog

from services.agenda.search.grams import folded_text, grams_of, literal
from services.kit.database import Connection, Database, is_transient
from services.kit.metrics import Lag

log = structlog.get_logger()
BATCH, POLL_S, BEAT_S, CLEAN_S = 500, 0.1, 0.5, 2.0


async def refresh_some(connection: Connection, limit: int = BATCH) -> int:
    """Make some search rows anew; answers how many to-do rows that took.

    The order is the protocol: take to-do rows, lock the search rows in id order, and read the items only then. Two workers that read
    before they lock write what the other one has just replaced.
    """
    async with connection.transaction():
        taken = [row["agenda_id"] for row in await connection.fetch(TAKE, limit)]
        if taken:
            agenda_ids = sorted(set(taken))
            await connection.execute(LOCK, agenda_ids)
            await _write(connection, await _changed(connection, agenda_ids))
    return len(taken)


async def _changed(connection: Connection, agenda_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    found = await connection.fetch(READ, agenda_ids)
    now = [(row["agenda_id"], folded_text([row["title"], row["body"], *row["texts"]]), row["folded"]) for row in found]
    return [(agenda_id, folded) for agenda_id, folded, stored in now if folded != stored]


async def _write(connection: Connection, texts: Sequence[tuple[UUID, str]]) -> None:
    """A text takes a millisecond: in a thread, so that whatever else the process does goes on."""
    await connection.executemany(WRITE, await asyncio.to_thread(lambda: [(*text, literal(grams_of(text[1]))) for text in texts]))


class SearchWorker:
    """Keeps the search rows up to date for ever; several may run."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_clean, self._lag = True, Lag("agenda-search")

    async def run(self) -> None:
        """Work, measure, and tidy the index; what passes by itself is waited for."""
        await asyncio.gather(self._forever(self._work, POLL_S), self._forever(self._beat, BEAT_S), self._forever(self._clean, CLEAN_S))

    async def _forever(self, step: Any, pause_s: float) -> None:
        while True:
            try:
                async with self._database.connection() as connection:
                    while await step(connection):
                        pass
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("searching waits", reason=repr(error))
            await asyncio.sleep(pause_s)

    async def _work(self, connection: Connection) -> bool:
        taken = await refresh_some(connection)
        self._is_clean = self._is_clean and not taken
        return taken == BATCH

    async def _beat(self, connection: Connection) -> bool:
        self._lag.set(await connection.fetchval(BEAT))
        return False

    async def _clean(self, connection: Connection) -> bool:
        """What was written waits in a list that every search reads through: merge it while there is nothing else to do."""
        if not self._is_clean:
            self._is_clean = True
            await connection.execute(CLEAN)
        return False


TAKE = """
    DELETE FROM search_todo WHERE ctid = ANY (ARRAY(SELECT ctid FROM search_todo LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING agenda_id"""
# DO UPDATE locks the row also where its condition is false, and then writes nothing.
LOCK = """
    INSERT INTO agenda_search (agenda_id) SELECT unnest($1::uuid[])
    ON CONFLICT (agenda_id) DO UPDATE SET agenda_id = excluded.agenda_id WHERE false"""
READ = """
    SELECT i.agenda_id, i.title, i.body, t.folded,
           ARRAY(SELECT s.title || E'\\n' || s.body FROM source_link AS l JOIN agenda_item AS s ON s.agenda_id = l.source_item
                 WHERE l.agenda_id = i.agenda_id AND NOT l.removed ORDER BY s.agenda_id) AS texts
    FROM agenda_item AS i JOIN agenda_search AS t USING (agenda_id)
    WHERE i.agenda_id = ANY ($1::uuid[])"""
WRITE = "UPDATE agenda_search SET folded = $2, grams = $3::text::bigint[] WHERE agenda_id = $1"
# What the projection held at its last heartbeat can be found once nothing older is left to do; both are seen at one moment.
BEAT = """
    WITH todo AS (SELECT count(*) AS behind, min(at) AS oldest FROM search_todo),
         held AS (SELECT at, as_of FROM progress WHERE name = 'projector')
    INSERT INTO progress AS p (name, at, as_of, behind)
    SELECT 'search', clock_timestamp(),
           coalesce((SELECT held.as_of FROM held WHERE todo.oldest IS NULL OR todo.oldest > held.at), 'epoch'), todo.behind
    FROM todo
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, as_of = greatest(p.as_of, excluded.as_of), behind = excluded.behind
    RETURNING behind"""
CLEAN = """
    SELECT gin_clean_pending_list(x.indexrelid)
    FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid JOIN pg_am AS a ON a.oid = c.relam
    WHERE x.indrelid = 'agenda_search'::regclass AND a.amname = 'gin'"""
