"""Questions about items, answered out of the store.

A page is found by one of two plans. Where few items match, they are found through an index and sorted; where many do, the sort's own index
is walked until the page is full. PostgreSQL cannot know which is right before it has counted, and the wrong one takes seconds. So few are
looked for first, and counting ends where they are many: among a million, counting to the end takes longer than everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.agenda.queries.filters import Filters, Listing, Sort, Where, where_of
from services.agenda.queries.past import store_at
from services.kit.clock import SEOUL, Clock
from services.kit.database import Connection, Database, Row
from services.kit.errors import not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens

FEW, FEW_TEXTS = 3_000, 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """An item's row and those of its sources."""

    row: Row
    sources: Sequence[Row]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of items; `total` is exact up to 3,000, where a text was asked for up to 1,000."""

    items: Sequence[Found]
    total: int
    is_exact: bool
    next_token: str


class AgendaQueries:
    """The questions; `database` leads to the store."""

    def __init__(self, database: Database, tokens: PageTokens, clock: Clock) -> None:
        self._database, self._tokens, self._clock = database, tokens, clock

    async def page(self, listing: Listing) -> FoundPage:
        """A page of items. Raises Refused: SORT_UNKNOWN, PAGE_TOKEN_INVALID."""
        sort, size = listing.order, listing.page.size or DEFAULT_SIZE
        few = FEW_TEXTS if listing.filters.words else FEW
        place = self._tokens.read(listing.page.token, listing.question) or []
        total, rows = place[2] if place else 0, list[Row]()
        async with store_at(self._database, listing.as_of, texts=bool(listing.filters.words)) as connection:
            if total <= few:
                total, rows = await self._few(connection, listing, place, few, size + 1)
            if total > few:
                rows = await self._many(connection, listing, place, size + 1)
                if listing.count_all and not place:
                    total = await count_of(connection, listing.filters, self._today(listing))
            items = await with_sources(connection, rows[:size])
        last = rows[size - 1] if len(rows) > size else None
        token = self._tokens.sign([last[sort.column].isoformat(), str(last["agenda_id"]), total], listing.question) if last else ""
        is_exact = listing.count_all or total <= few
        return FoundPage(items, total if is_exact else few, is_exact, token)

    async def item(self, agenda_id: UUID, as_of: datetime | None = None) -> tuple[Found, Row | None]:
        """One item, or a source by its own id in the store, and the newest event of what officers decided, none for a candidate.

        Whoever asks for an item that was merged is answered the one that it was merged into. Facts that are not all here yet may say
        that two were merged into each other: then it is the other one. Raises Refused: NOT_FOUND.
        """
        async with store_at(self._database, as_of) as connection:
            row = await connection.fetchrow(STANDING, agenda_id)
            if row is None:
                raise not_found("agenda item", agenda_id)
            decided = [row["agenda_id"], row["decision_version"]]
            event = await connection.fetchrow(DECIDED, *decided) if row["decision_version"] else None
            return (await with_sources(connection, [row]))[0], event

    def _today(self, listing: Listing) -> date:
        return (listing.as_of or self._clock.now()).astimezone(SEOUL).date()

    async def _few(self, connection: Connection, listing: Listing, place: list[Any], few: int, limit: int) -> tuple[int, list[Row]]:
        """How many match, at most one more than few, and the page of them; no page where they are more than few."""
        sort, where = listing.order, where_of(listing.filters, self._today(listing), narrow=True)
        beyond = Where(["true"], where.values)
        _go_beyond(beyond, sort, place, "hits")
        sql = f"""
            WITH hits AS MATERIALIZED (SELECT i.agenda_id, i.{sort.column} FROM {listing.filters.tables} WHERE {where} LIMIT {few + 1}),
                 counted AS MATERIALIZED (SELECT count(*) AS total FROM hits),
                 page AS MATERIALIZED (
                     SELECT agenda_id FROM hits WHERE (SELECT total FROM counted) <= {few} AND {beyond}
                     ORDER BY {sort.order_of("hits")} LIMIT {limit})
            SELECT counted.total, {COLUMNS} FROM counted LEFT JOIN (page JOIN agenda_item AS i USING (agenda_id)) ON true
            ORDER BY {sort.order_of("i")}"""
        rows = await connection.fetch(sql, *where.values)
        return rows[0]["total"], [row for row in rows if row["agenda_id"]]

    async def _many(self, connection: Connection, listing: Listing, place: list[Any], limit: int) -> list[Row]:
        """The page, along the sort's index."""
        sort, where = listing.order, where_of(listing.filters, self._today(listing), narrow=False)
        _go_beyond(where, sort, place, "i")
        sql = f"SELECT {COLUMNS} FROM {listing.filters.tables} WHERE {where} ORDER BY {sort.order_of('i')} LIMIT {limit}"
        return await connection.fetch(sql, *where.values)


def _go_beyond(where: Where, sort: Sort, place: list[Any], table: str) -> None:
    """Only what comes behind the place where the last page ended."""
    if place:
        beyond = "<" if sort.descending else ">"
        where.add(f"({table}.{sort.column}, {table}.agenda_id) {beyond} ({{}}, {{}})", sort.parse(place[0]), UUID(place[1]))


async def found_by_id(connection: Connection, agenda_ids: Sequence[UUID]) -> list[Found]:
    """These rows, whether they are listed or not, with their sources; what the store only holds a place for is left out."""
    return await with_sources(connection, await connection.fetch(BY_ID, agenda_ids))


async def count_of(connection: Connection, filters: Filters, today: date) -> int:
    """How many match, however long it takes."""
    where = where_of(filters, today, narrow=True)
    return int(await connection.fetchval(f"SELECT count(*) FROM {filters.tables} WHERE {where}", *where.values))


async def with_sources(connection: Connection, rows: Sequence[Row]) -> list[Found]:
    """Rows with those of their sources: an opened item's links, a candidate's own."""
    opened = [row["agenda_id"] for row in rows if row["decision_version"]]
    linked: dict[UUID, list[Row]] = {}
    for source in await connection.fetch(SOURCES, opened) if opened else ():
        linked.setdefault(source["item"], []).append(source)
    own = [row["agenda_id"] for row in rows if not row["decision_version"]]
    for source in await connection.fetch(OWN, own) if own else ():
        linked[source["item"]] = [source]
    return [Found(row, linked.get(row["agenda_id"], [])) for row in rows]


COLUMNS = (
    "i.agenda_id, i.decision_version, i.title, i.body, i.status, i.owner, i.tags, i.due_on, i.first_raised_at, i.last_event_at, i.part_of,"
    " i.split_from, i.owned_at, i.answered_at, i.decided_at, i.measured_at, i.version, i.shown, i.merged_into, i.changed_at"
)
BY_ID = f"""
    SELECT {COLUMNS} FROM agenda_item AS i WHERE agenda_id = ANY ($1::uuid[]) AND (source_version > 0 OR decision_version > 0)"""
STANDING = f"""
    WITH RECURSIVE way AS (
        SELECT agenda_id, merged_into, 0 AS step FROM agenda_item WHERE agenda_id = $1
        UNION ALL SELECT i.agenda_id, i.merged_into, way.step + 1 FROM way JOIN agenda_item AS i ON i.agenda_id = way.merged_into
    ) CYCLE agenda_id SET is_again USING seen
    SELECT {COLUMNS} FROM agenda_item AS i
    WHERE i.agenda_id = (SELECT agenda_id FROM way WHERE NOT is_again ORDER BY step DESC LIMIT 1)
      AND (i.source_version > 0 OR i.decision_version > 0)"""
DECIDED = "SELECT type, payload FROM event WHERE aggregate_id = $1 AND version = $2"
SOURCES = """
    SELECT l.agenda_id AS item, l.service, l.source_id, l.relation, l.confidence, l.source_item, coalesce(s.title, '') AS title,
           coalesce(s.source_status, '') AS source_status, s.own_raised_at
    FROM source_link AS l LEFT JOIN agenda_item AS s ON s.agenda_id = l.source_item
    WHERE l.agenda_id = ANY ($1::uuid[]) AND NOT l.removed
    ORDER BY s.own_raised_at, l.source_item"""
OWN = """
    SELECT agenda_id AS item, service, source_id, 'raised' AS relation, 1.0::float8 AS confidence, agenda_id AS source_item, title,
           source_status, own_raised_at
    FROM agenda_item WHERE agenda_id = ANY ($1::uuid[])"""
