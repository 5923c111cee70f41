"""Which items are asked for, in which order, and the conditions that find them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.agenda.domain.item import UNDECIDED, Status
from services.agenda.search.grams import narrowing
from services.kit.errors import Kind, Refused, invalid
from services.kit.queries import Page


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of items: its column and direction, which is the id's as well."""

    column: str
    descending: bool
    parse: Any = datetime.fromisoformat

    def order_of(self, table: str) -> str:
        """Its ORDER BY."""
        direction = "DESC" if self.descending else "ASC"
        return f"{table}.{self.column} {direction}, {table}.agenda_id {direction}"


SORTS = {
    "newest": Sort("first_raised_at", descending=True),
    "oldest": Sort("first_raised_at", descending=False),
    "last_event": Sort("last_event_at", descending=True),
    "due": Sort("due_on", descending=False, parse=date.fromisoformat),
}


class Records(StrEnum):
    """What a list lists."""

    ITEMS = "items"
    SOURCES = "sources"


class Milestone(StrEnum):
    """How far something has come."""

    OWNED = "owned"
    ANSWERED = "answered"
    DECIDED = "decided"
    MEASURED = "measured"


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
    records: Records = Records.ITEMS
    reached: Milestone | None = None
    reached_since: datetime | None = None
    reached_until: datetime | None = None
    not_reached: Milestone | None = None
    missed: bool = False
    changed_since: datetime | None = None

    @property
    def tables(self) -> str:
        """Where what matches is looked for: `i` the rows, `t` their texts where words are asked for."""
        return "agenda_search AS t JOIN agenda_item AS i USING (agenda_id)" if self.words else "agenda_item AS i"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which items in which order, and which page of them."""

    filters: Filters
    page: Page
    sort: str = "newest"
    as_of: datetime | None = None
    count_all: bool = False

    @property
    def order(self) -> Sort:
        """Its sort. Raises Refused: SORT_UNKNOWN, naming those there are."""
        if (self.sort or "newest") not in SORTS:
            known = ", ".join(SORTS)
            raise invalid("SORT_UNKNOWN", f"there is no sort {self.sort!r}; there are {known}", "sort", allowed=known)
        return SORTS[self.sort or "newest"]

    @property
    def question(self) -> str:
        """What is asked, whichever page of the answer: a page token belongs to it."""
        return f"agenda {self.filters} {self.order} {self.as_of} {self.count_all}"


@dataclass(slots=True)
class Where:
    """Conditions and their bound values."""

    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, clause: str, *values: Any) -> None:
        """A condition with `{}` for each value."""
        self.clauses.append(clause.format(*(f"${len(self.values) + number}" for number in range(1, len(values) + 1))))
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.clauses)


# What people said; a theme that the agenda itself found is none.
SOURCES = "i.source_version > 0 AND NOT i.gone AND i.service <> 'themes'"


def come_to(records: Records, milestone: Milestone | None) -> str:
    """When a row came so far: a source did when it did, or when the item did that it is part of, though not before it was raised."""
    if records is Records.ITEMS:
        return f"i.{milestone}_at"
    part = f"FROM agenda_item AS part WHERE part.agenda_id = i.part_of AND part.own_{milestone}_at IS NOT NULL"
    return f"least(i.{milestone}_at, (SELECT greatest(part.own_{milestone}_at, i.first_raised_at) {part}))"


def where_of(filters: Filters, today: date, *, narrow: bool) -> Where:
    """The conditions. Without `narrow` a text is only checked, so that nothing tempts the planner away from the sort's index."""
    where = Where(["i.shown" if filters.records is Records.ITEMS else SOURCES])
    wanted: list[tuple[object, str, list[Any]]] = [
        (filters.tags, "i.tags @> {}::text[]", [list(filters.tags)]),
        (len(filters.statuses) > 1, "i.status = ANY ({}::text[])", [list(filters.statuses)]),
        (len(filters.statuses) == 1, "i.status = ({}::text[])[1]", [list(filters.statuses)]),
        (filters.owner, "i.owner = {}", [filters.owner]),
        (filters.overdue, "i.due_on < {} AND i.status = ANY ({}::text[])", [today, list(UNDECIDED)]),
        # Nothing is decided later than today: the first condition follows from the second, and has an index.
        (filters.missed, "i.due_on < {0} AND i.due_on < coalesce((i.decided_at AT TIME ZONE 'Asia/Seoul')::date, {0})", [today]),
        (filters.since, "i.first_raised_at >= {}", [filters.since]),
        (filters.until, "i.first_raised_at < {}", [filters.until]),
        # A source that came so far itself or is part of something, which has an index: that much follows from the conditions behind it.
        (filters.reached and filters.records is Records.SOURCES, f"(i.{filters.reached}_at IS NOT NULL OR i.part_of IS NOT NULL)", []),
        (filters.reached, f"{come_to(filters.records, filters.reached)} IS NOT NULL", []),
        (filters.reached and filters.reached_since, f"{come_to(filters.records, filters.reached)} >= {{}}", [filters.reached_since]),
        (filters.reached and filters.reached_until, f"{come_to(filters.records, filters.reached)} < {{}}", [filters.reached_until]),
        (filters.not_reached, f"{come_to(filters.records, filters.not_reached)} IS NULL", []),
        (filters.changed_since, "i.last_event_at >= {}", [filters.changed_since]),
        (narrow and narrowing(filters.words), "t.grams @> {}::bigint[]", [narrowing(filters.words)]),
        *((word, "strpos(t.folded, {}) > 0", [word]) for word in filters.words),
    ]
    for is_wanted, clause, values in wanted:
        if is_wanted:
            where.add(clause, *values)
    return where


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Refuse a period that ends before it begins."""
    if since and until and until < since:
        raise Refused(Kind.INVALID, "TIME_RANGE", "until lies before since")
