"""What a comparison asks the store."""

from collections.abc import Sequence
from uuid import UUID

from services.agenda.projection.apply import CONSUMER
from services.agenda.projection.rows import ItemRow, LinkRow
from services.agenda.projection.statements import DERIVED, DERIVED_COLUMNS, LINK_COLUMNS, MILESTONES, OWN_COLUMNS, PLACED, PLACED_COLUMNS
from services.kit.database import Connection, Row

AnyRow = ItemRow | LinkRow


async def newest_events(connection: Connection, aggregate_ids: list[UUID]) -> list[Row]:
    """The newest event of each."""
    return await connection.fetch(NEWEST, aggregate_ids)


async def unknown(connection: Connection, service: str, after: UUID, upto: UUID, known: list[UUID]) -> list[UUID]:
    """The aggregates of a service in a range of ids that are none of these."""
    return [row["aggregate_id"] for row in await connection.fetch(UNKNOWN, service, after, upto, known)]


async def stored_rows(connection: Connection, expected: Sequence[AnyRow]) -> dict[UUID, AnyRow]:
    """The rows that stand under the ids of these."""
    items = [row.agenda_id for row in expected if isinstance(row, ItemRow)]
    links = [row.link_id for row in expected if isinstance(row, LinkRow)]
    found: dict[UUID, AnyRow] = {row["agenda_id"]: _item(row) for row in (await connection.fetch(ITEMS, items) if items else ())}
    return found | {row["link_id"]: LinkRow(**dict(row)) for row in (await connection.fetch(LINKS, links) if links else ())}


async def wrongly_derived(connection: Connection, expected: Sequence[AnyRow]) -> set[UUID]:
    """Those whose derived columns do not follow from rows."""
    opened = [row.agenda_id for row in expected if isinstance(row, ItemRow) and row.decision_version]
    sources = [row.agenda_id for row in expected if isinstance(row, ItemRow) and row.source_version]
    found = await connection.fetch(WRONG_ITEMS, opened) if opened else []
    found += await connection.fetch(WRONG_SOURCES, sources) if sources else []
    return {row["agenda_id"] for row in found}


async def ledger(connection: Connection) -> Row:
    """The ledger, recounted in one statement."""
    row = await connection.fetchrow(LEDGER, CONSUMER)
    assert row is not None, "an aggregate query has one row"
    return row


def _item(row: Row) -> ItemRow:
    values = {name.removeprefix("own_"): row[name] for name in OWN_COLUMNS}
    return ItemRow(agenda_id=row["agenda_id"], **values | {"tags": tuple(row["own_tags"])})


NEWEST = """
    SELECT DISTINCT ON (aggregate_id)
           aggregate_id, version, event_id, service, type, committed_at, correlation_id, causation_id, payload
    FROM event WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY aggregate_id, version DESC"""
UNKNOWN = """
    SELECT DISTINCT aggregate_id FROM event
    WHERE service = $1 AND aggregate_id > $2 AND aggregate_id <= $3 AND aggregate_id <> ALL ($4::uuid[])"""
ITEMS = f"SELECT agenda_id, {', '.join(OWN_COLUMNS)} FROM agenda_item WHERE agenda_id = ANY ($1::uuid[])"
LINKS = f"SELECT {LINK_COLUMNS} FROM source_link WHERE link_id = ANY ($1::uuid[])"
# What a source's own row says, once its links are looked at.
OWN_DERIVED = ("tags", "due_on", *MILESTONES)


def _wrong(columns: Sequence[str], question: str) -> str:
    """Those of some rows whose stored columns are not those that a question answers."""
    return f"""
        SELECT i.agenda_id FROM agenda_item AS i JOIN ({question} WHERE i.agenda_id = ANY ($1::uuid[])) AS derived USING (agenda_id)
        WHERE ({", ".join(f"i.{column}" for column in columns)})
              IS DISTINCT FROM ({", ".join(f"derived.{column}" for column in columns)})"""


WRONG_ITEMS = _wrong(DERIVED_COLUMNS, DERIVED)
WRONG_SOURCES = f"""
    {_wrong(PLACED_COLUMNS, PLACED)}
    UNION SELECT agenda_id FROM agenda_item
    WHERE agenda_id = ANY ($1::uuid[]) AND (first_raised_at, last_event_at, {", ".join(OWN_DERIVED)})
          IS DISTINCT FROM (own_raised_at, own_at, {", ".join(f"own_{name}" for name in OWN_DERIVED)})"""
LEDGER = """
    SELECT (SELECT count(*) FROM event) AS applied,
           coalesce(sum(duplicates), 0)::bigint AS duplicates,
           (SELECT count(*) FROM dead_letter) AS dead_letters,
           (SELECT count(*) FROM (SELECT FROM event GROUP BY aggregate_id HAVING count(*) < max(version)) AS gap) AS gaps,
           coalesce(sum(applied), 0)::bigint AS counted
    FROM consumer_offset WHERE consumer = $1"""
