"""Questions about items, answered out of the store.

A page is found by one of two plans. Where few items match, they are found through an index and sorted; where many do, the sort's own index
is walked until the page is full. PostgreSQL cannot know which is right before it has counted, and the wrong one takes seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.agenda.domain.item import UNDECIDED, Status
from services.agenda.search.grams import narrowing
from services.kit.clock import SEOUL, Clock
from services.kit.database import Connection, Database, Row
from services.kit.errors import Kind, Refused, invalid, not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens
from services.kit.queries import Page

FEW, MAX_WORDS = 1_000, 50


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of items: its column and direction, which is the id's as well."""

    column: str
    descending: bool
    parse: Any = datetime.fromisoformat

    @property
    def order(self) -> str:
        """Its ORDER BY."""
        direction = "DESC" if self.descending else "ASC"
        return f"i.{self.column} {direction}, i.agenda_id {direction}"


SORTS = {
    "newest": Sort("first_raised_at", descending=True),
    "oldest": Sort("first_raised_at", descending=False),
    "last_event": Sort("last_event_at", descending=True),
    "due": Sort("due_on", descending=False, parse=date.fromisoformat),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items; an empty one filters nothing."""

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    owner: str = ""
    overdue: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which items in which order, and which page of them."""

    filters: Filters
    page: Page
    sort: str = "newest"

    @property
    def order(self) -> Sort:
        """Its sort. Raises Refused: SORT_UNKNOWN, naming those there are."""
        if (self.sort or "newest") not in SORTS:
            known = ", ".join(SORTS)
            raise invalid("SORT_UNKNOWN", f"there is no sort {self.sort!r}; there are {known}", "sort", allowed=known)
        return SORTS[self.sort or "newest"]


@dataclass(frozen=True, slots=True)
class Found:
    """An item's row and those of its sources."""

    row: Row
    sources: Sequence[Row]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of items; `total` is exact up to 1,000, and where no text was asked for at any size."""

    items: Sequence[Found]
    total: int
    is_exact: bool
    next_token: str


@dataclass(slots=True)
class Where:
    """Conditions and their bound values."""

    clauses: list[str] = field(default_factory=lambda: ["i.shown"])
    values: list[Any] = field(default_factory=list)

    def add(self, clause: str, *values: Any) -> None:
        """A condition with `{}` for each value."""
        self.clauses.append(clause.format(*(f"${len(self.values) + number}" for number in range(1, len(values) + 1))))
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.clauses)


class AgendaQueries:
    """The questions; `database` leads to the store."""

    def __init__(self, database: Database, tokens: PageTokens, clock: Clock) -> None:
        self._database, self._tokens, self._clock = database, tokens, clock

    async def page(self, listing: Listing) -> FoundPage:
        """A page of items. Raises Refused: SORT_UNKNOWN, FILTER_TOO_COMPLEX, PAGE_TOKEN_INVALID."""
        if len(listing.filters.words) > MAX_WORDS:
            raise invalid("FILTER_TOO_COMPLEX", f"a query has at most {MAX_WORDS} words", "query")
        sort, size = listing.order, listing.page.size or DEFAULT_SIZE
        query = f"agenda {listing.filters} {sort.order}"
        place = self._tokens.read(listing.page.token, query)
        async with self._database.transaction(isolation="repeatable_read", readonly=True) as connection:
            total = await self._count(connection, listing.filters)
            rows = await self._rows(connection, listing, place, few=total <= FEW, limit=size + 1)
            items = await with_sources(connection, rows[:size])
        last = rows[size - 1] if len(rows) > size else None
        token = self._tokens.sign([last[sort.column].isoformat(), str(last["agenda_id"])], query) if last else ""
        is_exact = not listing.filters.words or total <= FEW
        return FoundPage(items, total if is_exact else FEW, is_exact, token)

    async def item(self, agenda_id: UUID) -> Found:
        """One item, or a source by its own id in the store. Raises Refused: NOT_FOUND."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(f"{SELECT} WHERE agenda_id = $1 AND (source_version > 0 OR decision_version > 0)", agenda_id)
            if row is None:
                raise not_found("agenda item", agenda_id)
            return (await with_sources(connection, [row]))[0]

    async def _count(self, connection: Connection, filters: Filters) -> int:
        """How many match; for a text no more than one above FEW."""
        where = self._where(filters, narrow=True)
        if not filters.words:
            return int(await connection.fetchval(f"SELECT count(*) FROM agenda_item AS i WHERE {where}", *where.values))
        return int(
            await connection.fetchval(f"SELECT count(*) FROM (SELECT FROM {TEXTS} WHERE {where} LIMIT {FEW + 1}) AS capped", *where.values)
        )

    async def _rows(self, connection: Connection, listing: Listing, place: list[Any] | None, *, few: bool, limit: int) -> list[Row]:
        sort, where = listing.order, self._where(listing.filters, narrow=few)
        tables = TEXTS if listing.filters.words else "agenda_item AS i"
        if few:
            hits = f"WITH hits AS MATERIALIZED (SELECT i.agenda_id FROM {tables} WHERE {where})"
            tables, where = "hits JOIN agenda_item AS i USING (agenda_id)", Where(["true"], where.values)
        else:
            hits = ""
        if place:
            beyond = "<" if sort.descending else ">"
            where.add(f"(i.{sort.column}, i.agenda_id) {beyond} ({{}}, {{}})", sort.parse(place[0]), UUID(place[1]))
        sql = f"{hits} SELECT {COLUMNS} FROM {tables} WHERE {where} ORDER BY {sort.order} LIMIT {limit}"
        return await connection.fetch(sql, *where.values)

    def _where(self, filters: Filters, *, narrow: bool) -> Where:
        """The conditions. Without `narrow` a text is only checked, so that nothing tempts the planner away from the sort's index."""
        where = Where()
        if filters.tags:
            where.add("i.tags @> {}::text[]", list(filters.tags))
        if filters.statuses:
            where.add("i.status = ANY ({}::text[])" if len(filters.statuses) > 1 else "i.status = ({}::text[])[1]", list(filters.statuses))
        if filters.owner:
            where.add("i.owner = {}", filters.owner)
        if filters.overdue:
            where.add("i.due_on < {} AND i.status = ANY ({}::text[])", self._clock.now().astimezone(SEOUL).date(), list(UNDECIDED))
        if filters.since:
            where.add("i.first_raised_at >= {}", filters.since)
        if filters.until:
            where.add("i.first_raised_at < {}", filters.until)
        if narrow and (grams := narrowing(filters.words)):
            where.add("t.grams @> {}::bigint[]", grams)
        for word in filters.words:
            where.add("strpos(t.folded, {}) > 0", word)
        return where


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


def quarter(text: str) -> tuple[datetime, datetime]:
    """When a quarter such as `2026-Q4` begins and ends in Seoul."""
    year, number = int(text[:4]), int(text[-1])
    begin = datetime(year, 3 * number - 2, 1, tzinfo=SEOUL)
    end = datetime(year + number // 4, 3 * number % 12 + 1, 1, tzinfo=SEOUL)
    return begin.astimezone(UTC), end.astimezone(UTC)


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Refuse a period that ends before it begins."""
    if since and until and until < since:
        raise Refused(Kind.INVALID, "TIME_RANGE", "until lies before since")


COLUMNS = (
    "i.agenda_id, i.decision_version, i.title, i.body, i.status, i.owner, i.tags, i.due_on, i.first_raised_at, i.last_event_at, i.part_of"
)
SELECT = f"SELECT {COLUMNS} FROM agenda_item AS i"
TEXTS = "agenda_search AS t JOIN agenda_item AS i USING (agenda_id)"
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
