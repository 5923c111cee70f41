"""The statements by which a batch becomes rows: set-based, keys in order, each group of columns guarded by its own version."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.agenda.projection.rows import Fact, ItemRow, LinkRow
from services.kit.database import Connection


@dataclass(slots=True)
class Count:
    """What one batch did to one partition."""

    newest: datetime
    applied: int = 0
    duplicates: int = 0


async def insert_events(connection: Connection, facts: Sequence[Fact]) -> set[tuple[UUID, int]]:
    """Write the ledger; answers the keys that were not there."""
    if not facts:
        return set()
    envelopes = [fact.envelope for fact in facts]
    columns = (
        [item.subject for item in envelopes], [item.version for item in envelopes], [item.id for item in envelopes],
        [item.service for item in envelopes], [item.type for item in envelopes], [fact.occurred_at for fact in facts],
        [item.time for item in envelopes], [item.correlation_id for item in envelopes], [item.causation_id for item in envelopes],
        [fact.payload for fact in facts], [text_array(map(str, fact.about)) for fact in facts],
    )  # fmt: skip
    return {(row["aggregate_id"], row["version"]) for row in await connection.fetch(INSERT_EVENTS, *columns)}


async def stored_payloads(connection: Connection, keys: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
    """What the ledger has under some keys."""
    if not keys:
        return {}
    found = await connection.fetch(
        """SELECT aggregate_id, version, payload FROM event
           JOIN unnest($1::uuid[], $2::bigint[]) AS wanted (aggregate_id, version) USING (aggregate_id, version)""",
        *map(list, zip(*keys, strict=True)),
    )  # fmt: skip
    return {(row["aggregate_id"], row["version"]): row["payload"] for row in found}


async def upsert_items(connection: Connection, items: Mapping[UUID, ItemRow]) -> None:
    """Lock the rows in id order, making those that are not there, and write what a newer version says."""
    ordered = [items[agenda_id] for agenda_id in sorted(items)]
    if not ordered:
        return
    columns = (
        [row.agenda_id for row in ordered], [row.source_version for row in ordered], [row.decision_version for row in ordered],
        [row.service for row in ordered], [row.source_id for row in ordered], [row.source_status for row in ordered],
        [row.gone for row in ordered], [row.status for row in ordered], [row.title for row in ordered], [row.body for row in ordered],
        [row.owner for row in ordered], [text_array(row.tags) for row in ordered], [row.due_on for row in ordered],
        [row.raised_at for row in ordered], [row.at for row in ordered], [row.committed_at for row in ordered],
        [row.merged_into for row in ordered], [row.split_from for row in ordered], [row.owned_at for row in ordered],
        [row.answered_at for row in ordered], [row.decided_at for row in ordered], [row.measured_at for row in ordered],
    )  # fmt: skip
    await connection.execute(UPSERT_ITEMS, *columns)


async def upsert_links(connection: Connection, links: Sequence[LinkRow]) -> None:
    """Write what newer versions say about links; their sources are locked."""
    if not links:
        return
    ordered = sorted(links, key=lambda row: row.link_id)
    columns = (
        [row.link_id for row in ordered], [row.version for row in ordered], [row.agenda_id for row in ordered],
        [row.source_item for row in ordered], [row.service for row in ordered], [row.source_id for row in ordered],
        [row.relation for row in ordered], [row.confidence for row in ordered], [row.removed for row in ordered],
        [row.linked_by for row in ordered], [row.linked_at for row in ordered], [row.committed_at for row in ordered],
    )  # fmt: skip
    await connection.execute(UPSERT_LINKS, *columns)


async def links_of(connection: Connection, sources: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """The links of locked sources, live or removed, as (source's row, item)."""
    found = await connection.fetch("SELECT source_item, agenda_id FROM source_link WHERE source_item = ANY ($1::uuid[])", list(sources))
    return [(row["source_item"], row["agenda_id"]) for row in found]


async def place_sources(connection: Connection, sources: Collection[UUID]) -> None:
    """Say of locked sources which item each is part of: the best relation's, then the lowest id."""
    if sources:
        await connection.execute(PLACE_SOURCES, sorted(sources))


async def derive_items(connection: Connection, items: Collection[UUID]) -> None:
    """Recompute what follows for locked items from their links and sources."""
    if items:
        await connection.execute(DERIVE_ITEMS, sorted(items))


async def leave_word(connection: Connection, agenda_ids: Collection[UUID]) -> None:
    """Leave word that the search rows of these must be made anew, and that their states must be told."""
    if agenda_ids:
        await connection.execute(LEAVE_WORD, list(agenda_ids))


async def note_gaps(connection: Connection, facts: Sequence[Fact]) -> None:
    """Keep which versions are missing below facts whose predecessor is not in the ledger."""
    envelopes = [fact.envelope for fact in facts]
    await connection.execute(
        NOTE_GAPS, [item.subject for item in envelopes], [item.version for item in envelopes], [item.service for item in envelopes]
    )


async def count(connection: Connection, consumer: str, counts: Mapping[tuple[str, int], Count]) -> None:
    """Keep how many records of each partition were applied, or stood there already."""
    places, values = [*counts], [*counts.values()]
    await connection.execute(
        COUNT, consumer, [topic for topic, _ in places], [partition for _, partition in places], [item.applied for item in values],
        [item.duplicates for item in values], [item.newest for item in values],
    )  # fmt: skip


def text_array(values: Iterable[str]) -> str:
    """An array as PostgreSQL writes it: many arrays in one parameter would be one flat array in `unnest`."""
    return "{" + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values) + "}"


EVENT_COLUMNS = "aggregate_id, version, event_id, service, type, occurred_at, committed_at, correlation_id, causation_id, payload, about"
INSERT_EVENTS = f"""
    INSERT INTO event ({EVENT_COLUMNS})
    SELECT {EVENT_COLUMNS}::uuid[]
    FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::uuid[],
                $10::bytea[], $11::text[]) AS new ({EVENT_COLUMNS})
    ON CONFLICT (aggregate_id, version) DO NOTHING
    RETURNING aggregate_id, version"""

OWN_COLUMNS = (
    "source_version", "decision_version", "service", "source_id", "source_status", "gone", "status", "title", "body", "owner", "own_tags",
    "own_due_on", "own_raised_at", "own_at", "own_committed_at", "merged_into", "split_from", "own_owned_at", "own_answered_at",
    "own_decided_at", "own_measured_at",
)  # fmt: skip
MILESTONES = ("owned_at", "answered_at", "decided_at", "measured_at")
# What follows for opened items from rows, and what a source's row says of itself until its links say more.
DERIVED_COLUMNS = ("shown", "tags", "due_on", "first_raised_at", "last_event_at", "changed_at", "version", *MILESTONES)
ALONE = ", ".join([
    "merged_into IS NULL AND decision_version > 0 OR (source_version > 0 AND NOT gone)", "own_tags::text[]", "own_due_on",
    "own_raised_at", "own_at", "own_committed_at", "source_version + decision_version", *(f"own_{name}" for name in MILESTONES),
])  # fmt: skip
# A source without links is done with this one statement: its derived columns are its own. DO UPDATE, since DO NOTHING locks no row.
UPSERT_ITEMS = f"""
    INSERT INTO agenda_item AS t (agenda_id, {", ".join(OWN_COLUMNS)}, {", ".join(DERIVED_COLUMNS)})
    SELECT agenda_id, {", ".join(OWN_COLUMNS).replace("own_tags", "own_tags::text[]")}, {ALONE}
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::bool[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::text[], $13::date[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::uuid[],
                $19::timestamptz[], $20::timestamptz[], $21::timestamptz[], $22::timestamptz[]) AS new (agenda_id, {", ".join(OWN_COLUMNS)})
    ON CONFLICT (agenda_id) DO UPDATE SET
        {", ".join(f"{column} = excluded.{column}" for column in (*OWN_COLUMNS, *DERIVED_COLUMNS) if column != "shown")},
        shown = excluded.shown AND t.part_of IS NULL
    WHERE t.source_version < excluded.source_version OR t.decision_version < excluded.decision_version"""

LINK_COLUMNS = (
    "link_id, version, agenda_id, source_item, service, source_id, relation, confidence, removed, linked_by, linked_at, committed_at"
)  # fmt: skip
UPSERT_LINKS = f"""
    INSERT INTO source_link AS t ({LINK_COLUMNS})
    SELECT {LINK_COLUMNS}
    FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::float8[], $9::bool[], $10::text[],
                $11::timestamptz[], $12::timestamptz[]) AS new ({LINK_COLUMNS})
    ON CONFLICT (link_id) DO UPDATE SET
        {", ".join(f"{column} = excluded.{column}" for column in LINK_COLUMNS.split(", ")[1:])}
    WHERE t.version < excluded.version"""

# What follows for sources from their links. `verify` holds the stored columns against this question and against DERIVED.
PLACED_COLUMNS = ("part_of", "shown", "changed_at", "version")
PLACED = """
    SELECT i.agenda_id, place.part_of, i.source_version > 0 AND NOT i.gone AND place.part_of IS NULL AS shown,
           greatest(i.own_committed_at, link.committed_at) AS changed_at, i.source_version + coalesce(link.versions, 0) AS version
    FROM agenda_item AS i
    CROSS JOIN LATERAL (SELECT (
        SELECT l.agenda_id FROM source_link AS l
        WHERE l.source_item = i.agenda_id AND NOT l.removed
        ORDER BY array_position(ARRAY['raised', 'decides', 'results', 'supports', 'duplicates'], l.relation), l.agenda_id
        LIMIT 1) AS part_of) AS place
    CROSS JOIN LATERAL (
        SELECT max(l.committed_at) AS committed_at, sum(l.version)::bigint AS versions FROM source_link AS l
        WHERE l.source_item = i.agenda_id) AS link"""
# A version counts removed links and their sources too, so that it only grows.
DERIVED = f"""
    SELECT i.agenda_id, i.decision_version > 0 AND i.merged_into IS NULL AS shown,
           ARRAY(SELECT unnest(i.own_tags)
                 UNION
                 SELECT unnest(s.own_tags) FROM source_link AS l JOIN agenda_item AS s ON s.agenda_id = l.source_item
                 WHERE l.agenda_id = i.agenda_id AND NOT l.removed
                 UNION
                 SELECT 'services:several' WHERE source.services > 1
                 ORDER BY 1) AS tags,
           CASE WHEN i.own_due_on < 'infinity' THEN i.own_due_on ELSE coalesce(source.due_on, 'infinity') END AS due_on,
           least(source.raised_at, i.own_raised_at) AS first_raised_at,
           greatest(i.own_at, source.at, link.at) AS last_event_at,
           greatest(i.own_committed_at, link.committed_at) AS changed_at,
           i.decision_version + coalesce(link.versions, 0) AS version,
           {", ".join(f"least(i.own_{name}, source.{name}) AS {name}" for name in MILESTONES)}
    FROM agenda_item AS i
    CROSS JOIN LATERAL (
        SELECT min(s.own_due_on) AS due_on, min(s.own_raised_at) AS raised_at, max(s.own_at) AS at,
               count(DISTINCT s.service) FILTER (WHERE s.service <> 'themes') AS services,  -- a theme is their echo
               {", ".join(f"min(s.own_{name}) AS {name}" for name in MILESTONES)}
        FROM source_link AS l JOIN agenda_item AS s ON s.agenda_id = l.source_item
        WHERE l.agenda_id = i.agenda_id AND NOT l.removed) AS source
    CROSS JOIN LATERAL (
        SELECT max(l.linked_at) AS at, greatest(max(l.committed_at), max(s.own_committed_at)) AS committed_at,
               sum(l.version + coalesce(s.source_version, 0))::bigint AS versions
        FROM source_link AS l LEFT JOIN agenda_item AS s ON s.agenda_id = l.source_item
        WHERE l.agenda_id = i.agenda_id) AS link"""


def _derive(columns: Sequence[str], question: str) -> str:
    """The statement that makes the stored columns of locked rows those that a question answers."""
    return f"""
        UPDATE agenda_item AS i
        SET {", ".join(f"{column} = derived.{column}" for column in columns)}
        FROM ({question} WHERE i.agenda_id = ANY ($1::uuid[])) AS derived
        WHERE i.agenda_id = derived.agenda_id
          AND ({", ".join(f"i.{column}" for column in columns)})
              IS DISTINCT FROM ({", ".join(f"derived.{column}" for column in columns)})"""


PLACE_SOURCES = _derive(PLACED_COLUMNS, PLACED)
DERIVE_ITEMS = _derive(DERIVED_COLUMNS, DERIVED)

LEAVE_WORD = """
    WITH changed AS (SELECT DISTINCT unnest($1::uuid[]) AS agenda_id), told AS (INSERT INTO item_todo SELECT agenda_id FROM changed)
    INSERT INTO search_todo (agenda_id) SELECT agenda_id FROM changed"""

NOTE_GAPS = """
    INSERT INTO version_gap (aggregate_id, from_version, to_version, service)
    SELECT new.aggregate_id,
           1 + coalesce((SELECT max(e.version) FROM event AS e WHERE e.aggregate_id = new.aggregate_id AND e.version < new.version), 0),
           new.version - 1, new.service
    FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS new (aggregate_id, version, service)
    WHERE NOT EXISTS (SELECT FROM event AS e WHERE e.aggregate_id = new.aggregate_id AND e.version = new.version - 1)
    ON CONFLICT DO NOTHING"""

COUNT = """
    UPDATE consumer_offset AS o
    SET applied = o.applied + new.applied, duplicates = o.duplicates + new.duplicates, last_time = greatest(o.last_time, new.newest)
    FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::timestamptz[]) AS new (topic, partition, applied, duplicates, newest)
    WHERE o.consumer = $1 AND o.topic = new.topic AND o.partition = new.partition"""
