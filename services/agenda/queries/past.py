"""The store as it was: every question asked of it is answered as the facts committed up to a moment make it (docs/adr/0013).

What changed since is made anew from the ledger by the projector's own code, in temporary tables; what did not is read where it stands.
Views under the store's names lay both together, so that no question knows of which time it is asked.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from services.agenda.projection.apply import project
from services.agenda.projection.rows import ItemRow, LinkRow, row_of_event
from services.agenda.search.worker import refresh_some
from services.kit.database import Connection, Database

CHUNK = 2_000


@asynccontextmanager
async def store_at(database: Database, as_of: datetime | None, *, texts: bool = False) -> AsyncIterator[Connection]:
    """The store at one moment, inside a transaction: as it is, or as it was at `as_of`, with `texts` its search rows as well.

    How long it takes to go back grows with what was there then and has changed since.
    """
    if as_of is None:
        async with database.transaction(isolation="repeatable_read", readonly=True) as connection:
            yield connection
        return
    async with database.connection() as connection:
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            await _go_back(connection, as_of, texts=texts)
            yield connection
        finally:
            await transaction.rollback()


async def _go_back(connection: Connection, as_of: datetime, *, texts: bool) -> None:
    # A path of its own: under the old one a statement prepared earlier would go on reading the present.
    await connection.execute(f"SET LOCAL search_path = pg_temp, store; {MAKE}")
    for statement in (CHANGED_ITEMS, CHANGED_LINKS, UNCHANGED_LINKS, UNCHANGED_ENDS):
        await connection.execute(statement, as_of)
    async for rows in _rows(connection, as_of):
        await project(connection, rows)
    await connection.execute(TAKEN_BACK)
    while texts and await refresh_some(connection):
        pass
    await connection.execute(LAY_TOGETHER.format(as_of=as_of.isoformat()))


async def _rows(connection: Connection, as_of: datetime) -> AsyncIterator[list[ItemRow | LinkRow]]:
    """What the newest events of then say about the rows that have changed since, some at a time."""
    events = await connection.cursor(NEWEST, as_of)
    while found := await events.fetch(CHUNK):
        yield [row for event in found if (row := row_of_event(event))]


MAKE = """
    CREATE TEMP TABLE changed_item (agenda_id uuid PRIMARY KEY, aggregate_id uuid NOT NULL);
    CREATE TEMP TABLE changed_link (link_id uuid PRIMARY KEY);
    CREATE TEMP TABLE agenda_item (LIKE store.agenda_item INCLUDING DEFAULTS, PRIMARY KEY (agenda_id));
    CREATE TEMP TABLE source_link (LIKE store.source_link INCLUDING DEFAULTS INCLUDING INDEXES);
    CREATE TEMP TABLE agenda_search (LIKE store.agenda_search INCLUDING DEFAULTS, PRIMARY KEY (agenda_id));
    CREATE TEMP TABLE search_todo (LIKE store.search_todo INCLUDING DEFAULTS);
    CREATE TEMP TABLE item_todo (LIKE store.item_todo)"""
CHANGED_ITEMS = """
    INSERT INTO changed_item SELECT agenda_id, coalesce(source_id, agenda_id) FROM store.agenda_item WHERE changed_at > $1"""
CHANGED_LINKS = "INSERT INTO changed_link SELECT link_id FROM store.source_link WHERE committed_at > $1"
# What is derived for a row that has changed follows from its links and their ends, whether those have changed or not.
UNCHANGED_LINKS = """
    INSERT INTO source_link
    SELECT l.* FROM store.source_link AS l
    WHERE l.committed_at <= $1
      AND (l.agenda_id IN (SELECT agenda_id FROM changed_item) OR l.source_item IN (SELECT agenda_id FROM changed_item))"""
UNCHANGED_ENDS = """
    INSERT INTO agenda_item
    SELECT i.* FROM store.agenda_item AS i
    WHERE i.changed_at <= $1
      AND i.agenda_id IN (
          SELECT unnest(ARRAY[l.agenda_id, l.source_item]) FROM store.source_link AS l
          WHERE l.agenda_id IN (SELECT agenda_id FROM changed_item) OR l.source_item IN (SELECT agenda_id FROM changed_item))"""
NEWEST = """
    SELECT e.* FROM (SELECT aggregate_id FROM changed_item UNION ALL SELECT link_id FROM changed_link) AS changed
    CROSS JOIN LATERAL (
        SELECT aggregate_id, version, event_id, service, type, committed_at, correlation_id, causation_id, payload
        FROM event AS e WHERE e.aggregate_id = changed.aggregate_id AND e.committed_at <= $1 ORDER BY e.version DESC LIMIT 1) AS e"""
# Words that were taken back since are nobody's to read again.
TAKEN_BACK = """
    UPDATE agenda_item AS i SET title = '', body = '' FROM store.agenda_item AS now
    WHERE now.agenda_id = i.agenda_id AND now.gone AND now.title = '' AND now.body = ''"""
# The condition stands outside of the union, and what is past meets it as well: within, it would hide the sorts' indexes from the planner.
LAY_TOGETHER = """
    DELETE FROM agenda_item WHERE agenda_id NOT IN (SELECT agenda_id FROM changed_item);
    DELETE FROM source_link WHERE link_id NOT IN (SELECT link_id FROM changed_link);
    DELETE FROM agenda_search WHERE agenda_id NOT IN (SELECT agenda_id FROM changed_item);
    ALTER TABLE agenda_item RENAME TO past_item;
    ALTER TABLE source_link RENAME TO past_link;
    ALTER TABLE agenda_search RENAME TO past_search;
    CREATE TEMP VIEW agenda_item AS
        SELECT * FROM (SELECT * FROM store.agenda_item UNION ALL SELECT * FROM past_item) AS i WHERE changed_at <= '{as_of}';
    CREATE TEMP VIEW source_link AS
        SELECT * FROM (SELECT * FROM store.source_link UNION ALL SELECT * FROM past_link) AS l WHERE committed_at <= '{as_of}';
    CREATE TEMP VIEW agenda_search AS
        SELECT * FROM store.agenda_search AS t WHERE NOT EXISTS (SELECT FROM changed_item AS c WHERE c.agenda_id = t.agenda_id)
        UNION ALL SELECT * FROM past_search"""
