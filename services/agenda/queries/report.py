"""What the agenda adds up to. A figure is counted by the filters that open its records, or is put together by one pass over them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.agenda.domain.link import SAID_IN, Service
from services.agenda.queries.filters import Filters, Milestone, Records, come_to, where_of
from services.agenda.queries.item import count_of
from services.agenda.queries.past import store_at
from services.kit.clock import SEOUL, quarter_span
from services.kit.database import Connection, Database, Row
from services.kit.vocabulary import RepresentedGroup

MOST_DEPARTMENTS = 100


class ClocksBy(StrEnum):
    """By what times are put together."""

    GROUP = "group"
    DEPARTMENT = "department"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the filters that open the records behind it."""

    name: str
    value: float
    unit: str
    records: Filters


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """What one group, or everybody, said in one service, or in all."""

    group: RepresentedGroup | None
    service: Service | None
    raised: Figure
    answered: Figure
    median_days: Figure | None


@dataclass(frozen=True, slots=True)
class ClocksLine:
    """How far the items of one key came, and after how many days."""

    key: str
    items: Figure
    reached: Sequence[Figure]
    median_days: Sequence[Figure]
    missed: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """Figures that belong together."""

    name: str
    figures: Sequence[Figure]


class Reports:
    """The questions; `database` leads to the store. Every answer is the store's as of its cut-off."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def coverage(self, quarter: str, as_of: datetime) -> list[CoverageLine]:
        """Each group with each service and with all of them, then everybody."""
        since, until = quarter_span(quarter)
        base = Filters(records=Records.SOURCES, since=since, until=until)
        where = where_of(base, _day(as_of), narrow=True)
        async with store_at(self._database, as_of) as connection:
            found = [*await connection.fetch(COVERAGE_BY_GROUP.format(where=where), *where.values),
                     *await connection.fetch(COVERAGE.format(where=where), *where.values)]  # fmt: skip
        rows = {(row["tag"], row["service"]): row for row in found}
        return [_coverage_line(base, group, service, rows) for group in (*RepresentedGroup, None) for service in (*SAID_IN, None)]

    async def clocks(self, by: ClocksBy | None, quarter: str, as_of: datetime) -> list[ClocksLine]:
        """How long items take; a line for each key that has any, for each group whether it has or not."""
        since, until = quarter_span(quarter) if quarter else (None, None)
        async with store_at(self._database, as_of) as connection:
            return await _clocks(connection, by, Filters(since=since, until=until), _day(as_of))

    async def report(self, since: datetime, until: datetime, as_of: datetime) -> list[Part]:
        """What was raised, answered, decided, measured and missed in a period."""
        async with store_at(self._database, as_of) as connection:
            parts = [
                Part(name, [replace(figure, value=await count_of(connection, figure.records, _day(as_of))) for figure in figures])
                for name, figures in _counted(since, until)
            ]
            line = (await _clocks(connection, None, Filters(since=since, until=until), _day(as_of)))[0]
        return [*parts, Part("median_days", line.median_days)]


def _counted(since: datetime, until: datetime) -> Iterator[tuple[str, list[Figure]]]:
    """The figures of a report that are counts."""
    said, opened = Filters(records=Records.SOURCES, since=since, until=until), Filters(since=since, until=until)

    def figure(name: str, filters: Filters) -> Figure:
        return Figure(name, 0, "sources" if filters.records is Records.SOURCES else "items", filters)

    def came_to(milestone: Milestone, records: Records) -> Filters:
        return Filters(records=records, reached=milestone, reached_since=since, reached_until=until)

    yield "raised", [figure("all", said), *(figure(service, replace(said, tags=(f"source:{service}",))) for service in SAID_IN)]
    yield "raised_by_group", [figure(group, replace(said, tags=(f"group:{group}",))) for group in RepresentedGroup]
    yield "answered", [figure("sources", came_to(Milestone.ANSWERED, Records.SOURCES))]
    yield "came_to", [figure(milestone, came_to(milestone, Records.ITEMS)) for milestone in Milestone]
    yield "several_services", [figure("items", replace(opened, tags=("services:several",)))]
    yield "emerging_themes", [figure("items", replace(opened, tags=("source:themes",)))]
    yield "missed", [figure("items", replace(opened, missed=True)), figure("overdue_now", Filters(overdue=True))]


async def _clocks(connection: Connection, by: ClocksBy | None, base: Filters, today: date) -> list[ClocksLine]:
    where = where_of(base, today, narrow=True)
    missed = where_of(Filters(missed=True), today, narrow=True)
    key, join = KEYS[by]
    sql = CLOCKS.format(key=key, join=join, where=where, missed=missed.clauses[-1].replace("$1", f"${len(where.values) + 1}"))
    rows = {row["key"]: row for row in await connection.fetch(sql, *where.values, today)}
    keys: Sequence[str] = list(RepresentedGroup) if by is ClocksBy.GROUP else sorted(rows) if by else [""]
    return [_clocks_line(key, _narrowed(base, by, key), rows.get(key)) for key in keys]


def _narrowed(base: Filters, by: ClocksBy | None, key: str) -> Filters:
    if by is ClocksBy.GROUP:
        return replace(base, tags=(f"group:{key}",))
    if by is ClocksBy.DEPARTMENT:
        return replace(base, owner=key)
    if by is ClocksBy.QUARTER:
        since, until = quarter_span(key)
        return replace(base, since=since, until=until)
    return base


def _clocks_line(key: str, base: Filters, row: Row | None) -> ClocksLine:
    found: Mapping[str, Any] = dict(row or {})
    came = {milestone: replace(base, reached=milestone) for milestone in Milestone}
    return ClocksLine(
        key, Figure("items", found.get("items", 0), "items", base),
        [Figure(milestone, found.get(milestone, 0), "items", filters) for milestone, filters in came.items()],
        [Figure(milestone, days, "days", filters) for milestone, filters in came.items()
         if (days := found.get(f"{milestone}_days")) is not None],
        Figure("missed", found.get("missed", 0), "items", replace(base, missed=True)),
    )  # fmt: skip


def _coverage_line(
    base: Filters, group: RepresentedGroup | None, service: Service | None, rows: Mapping[tuple[str | None, str | None], Row]
) -> CoverageLine:
    tags = tuple(f"{kind}:{value}" for kind, value in (("group", group), ("source", service)) if value)
    raised = replace(base, tags=tags)
    answered = replace(raised, reached=Milestone.ANSWERED)
    found: Mapping[str, Any] = dict(rows.get((f"group:{group}" if group else None, service)) or {})
    days = found.get("days")
    return CoverageLine(
        group, service, Figure("raised", found.get("raised", 0), "sources", raised),
        Figure("answered", found.get("answered", 0), "sources", answered),
        Figure("median_days", days, "days", answered) if days is not None else None,
    )  # fmt: skip


def _day(as_of: datetime) -> date:
    return as_of.astimezone(SEOUL).date()


COUNTED = f"""
    count(*) AS raised, count(come.answered) AS answered,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM come.answered - i.first_raised_at) / 86400) AS days
    FROM agenda_item AS i CROSS JOIN LATERAL (SELECT {come_to(Records.SOURCES, Milestone.ANSWERED)} AS answered) AS come"""
TAGGED = "CROSS JOIN LATERAL (SELECT tag FROM unnest(i.tags) AS tag WHERE tag LIKE 'group:%') AS spoken"
COVERAGE_BY_GROUP = f"""
    SELECT spoken.tag, i.service, {COUNTED} {TAGGED} WHERE {{where}} GROUP BY GROUPING SETS ((spoken.tag, i.service), (spoken.tag))"""
COVERAGE = f"SELECT NULL AS tag, i.service, {COUNTED} WHERE {{where}} GROUP BY GROUPING SETS ((i.service), ())"
KEYS = {
    None: ("''", ""),
    ClocksBy.GROUP: ("substr(spoken.tag, 7)", TAGGED),
    ClocksBy.DEPARTMENT: ("i.owner", "CROSS JOIN LATERAL (SELECT WHERE i.owner <> '') AS owned"),
    ClocksBy.QUARTER: ("to_char(i.first_raised_at AT TIME ZONE 'Asia/Seoul', 'YYYY-\"Q\"Q')", ""),
}
REACHED = ", ".join(
    f"count(i.{name}_at) AS {name},"
    f" percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.{name}_at - i.first_raised_at) / 86400) AS {name}_days"
    for name in Milestone
)
CLOCKS = f"""
    SELECT {{key}} AS key, count(*) AS items, {REACHED}, count(*) FILTER (WHERE {{missed}}) AS missed
    FROM agenda_item AS i {{join}} WHERE {{where}} GROUP BY 1 ORDER BY items DESC LIMIT {MOST_DEPARTMENTS}"""
