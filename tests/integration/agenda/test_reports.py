"""What the agenda adds up to equals a recount, and every figure opens the records behind it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import (
    agenda_pb2_grpc,
    figure_pb2,
    item_pb2,
    label_pb2,
    plan_pb2,
    plan_pb2_grpc,
    report_pb2,
    report_pb2_grpc,
    view_pb2,
    view_pb2_grpc,
)
from madang.proposals.v1 import proposal_pb2
from madang.type.v1 import vocabulary_pb2
from madang.voices.v1 import voice_pb2
from services.agenda.domain.link import Service
from services.agenda.projection.apply import apply_batch
from services.agenda.projection.freshness import Snapshot, beat
from services.agenda.queries.report import ClocksBy, Reports
from services.kit.clock import quarter_of, quarter_span
from services.kit.database import Database
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.agenda_log import FactLog
from tests.integration.agenda.carried import Carried, carried
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_order import emptied, shuffled

QUARTER = "2026-Q4"
GROUPS = [vocabulary_pb2.REPRESENTED_GROUP_WOMEN, vocabulary_pb2.REPRESENTED_GROUP_YOUTH]


def stamp(at: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(at)
    return made


Told = dict[UUID, tuple[str, int, datetime]]  # of each source: its service, its group, when it was raised


def tell(log: FactLog, seed: int) -> Told:
    """Voices and proposals of two groups, some answered; items over some of them, in every state."""
    chance, told = random.Random(seed), Told()
    for number in range(40):
        service, group = chance.choice(["voices", "proposals"]), chance.choice(GROUPS)
        raised = datetime(2026, 9, 20, tzinfo=UTC) + timedelta(days=number)
        answered = stamp(raised + timedelta(days=chance.randint(1, 9))) if chance.random() < 0.5 else None
        said: dict[str, Any] = {
            "voices": {"raised_at": stamp(raised), "represented_group": group, "answer": voice_pb2.VoiceAnswer(answered_at=answered)},
            "proposals": {
                "requested_at": stamp(raised), "represented_groups": [group], "first_answered_at": answered,
                "due_on": f"{raised + timedelta(days=3):%Y-%m-%d}", "status": proposal_pb2.PROPOSAL_STATUS_IN_PROGRESS,
            },
        }[service]  # fmt: skip
        told[log.source(service, **said)] = (service, group, raised)
    for number in range(7):
        at = datetime(2026, 11, 1 + number, tzinfo=UTC)
        come: dict[str, Any] = {"owned_at": stamp(at), "status": item_pb2.AGENDA_STATUS_ASSIGNED}
        if number % 2:
            come |= {"decided_at": stamp(at + timedelta(days=2)), "status": item_pb2.AGENDA_STATUS_DECIDED}
        if number > 4:
            come["first_answered_at"] = stamp(at + timedelta(days=1))
        item = log.item(owner=f"{number % 2}과", **come)
        for source in chance.sample(list(told), 3):
            log.link(item, source)
    return told


@pytest.fixture(scope="module")
async def told(agenda: Carried) -> Told:
    said = tell(agenda.log, 7)
    await agenda.carry()
    return said


async def report(agenda: Carried, method: str, request: Any) -> Any:
    stub: Any = report_pb2_grpc.ReportServiceStub(agenda.served.channel)
    return await getattr(stub, method)(request, metadata=agenda.served.caller("auditor"))


def figures(message: Any) -> Iterator[figure_pb2.Figure]:
    """Every figure anywhere in an answer."""
    for field, value in message.ListFields():
        for part in value if field.is_repeated else [value]:
            if isinstance(part, figure_pb2.Figure):
                yield part
            elif field.message_type:
                yield from figures(part)


ASKED: list[tuple[str, Any]] = [
    ("GetCoverage", report_pb2.GetCoverageRequest(quarter=QUARTER)),
    *(("GetClocks", report_pb2.GetClocksRequest(by=by)) for by in report_pb2.ClocksBy.values()),
    ("GetClocks", report_pb2.GetClocksRequest(quarter=QUARTER)),
    ("GetReport", report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_QUARTER, period=QUARTER)),
    ("GetReport", report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_YEAR, period="2026")),
    ("GetReport", report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_BIENNIAL, period="2025")),
]  # fmt: skip


@pytest.mark.parametrize(("method", "request_"), ASKED)
async def test_every_figure_opens_as_many_records_as_it_says(agenda: Carried, told: Told, method: str, request_: Any) -> None:
    answer = await report(agenda, method, request_)
    some = 0
    for figure in figures(answer):
        records = await agenda.ask("ListItems", figure.records)
        if figure.unit == "days":
            assert records.total.value > 0
        else:
            assert (figure.name, records.total.value) == (figure.name, figure.value)
        some += figure.value > 0
    assert some > 2


async def test_coverage_equals_a_recount(agenda: Carried, told: Told) -> None:
    answer = await report(agenda, "GetCoverage", report_pb2.GetCoverageRequest(quarter=QUARTER))
    begin, end = datetime(2026, 9, 30, 15, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert len(answer.lines) == 13 * 5
    for line in answer.lines:
        service = vocabulary_pb2.SourceService.Name(line.service).removeprefix("SOURCE_SERVICE_").lower()
        mine = [
            source for source, (where, group, at) in told.items()
            if begin <= at < end and (not line.group or group == line.group) and (not line.service or where == service)
        ]  # fmt: skip
        answered = [source for source in mine if await answered_at(agenda, source)]
        assert (line.raised.value, line.answered.value) == (len(mine), len(answered))
        days = [(await answered_at(agenda, source) - told[source][2]) / timedelta(days=1) for source in answered]
        assert line.HasField("median_days") == bool(days)
        if days:
            assert line.median_days.value == pytest.approx(median(days))
    assert vocabulary_pb2.REPRESENTED_GROUP_ELDERLY in answer.silent_groups
    assert not {*GROUPS} & {*answer.silent_groups}


async def answered_at(agenda: Carried, source: UUID) -> Any:
    """When a source, or the item that it is part of, was answered first, told from single rows; at once where it came after that."""
    row = await agenda.connection.fetchrow("SELECT own_answered_at, own_raised_at, part_of FROM agenda_item WHERE source_id = $1", source)
    assert row is not None
    part = await agenda.connection.fetchval("SELECT own_answered_at FROM agenda_item WHERE agenda_id = $1", row["part_of"])
    return min((max(at, row["own_raised_at"]) for at in (row["own_answered_at"], part) if at), default=None)


async def test_what_was_answered_before_it_was_raised_was_answered_at_once(store: Store) -> None:
    log, answered, raised = FactLog(), datetime(2026, 9, 15, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)
    item = log.item(opened_at=stamp(answered - timedelta(days=5)), owned_at=stamp(answered), first_answered_at=stamp(answered))
    log.link(item, log.proposal(requested_at=stamp(raised), represented_groups=GROUPS[:1]))
    connection = await store.connect()
    for records in log.everything():
        await apply_batch(connection, records)
    database = Database(store.dsn, name="test", settings={"search_path": "store"})
    await database.open()
    reports = Reports(database)
    women = next(line for line in await reports.coverage(QUARTER, log.now) if line.group == "women" and line.service == "proposals")
    assert (women.raised.value, women.answered.value, women.median_days and women.median_days.value) == (1, 1, 0)
    everything = (await reports.clocks(None, "", log.now))[0]
    assert {figure.name: figure.value for figure in everything.median_days} == {"owned": 5, "answered": 5}
    by_quarter = await reports.report(*quarter_span("2026-Q3"), log.now)
    assert {figure.name: figure.value for part in by_quarter if part.name == "answered" for figure in part.figures} == {"sources": 0}
    await database.close()


async def test_a_figure_of_the_past_opens_the_past(agenda: Carried, told: Told) -> None:
    at = stamp(agenda.log.now)
    request = report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_QUARTER, period=QUARTER, as_of=at)
    before = await report(agenda, "GetReport", request)
    agenda.log.proposal(requested_at=stamp(datetime(2026, 11, 3, tzinfo=UTC)))
    await agenda.carry()
    assert (await report(agenda, "GetReport", request)).parts == before.parts
    assert before.parts[0].figures[0].records.as_of == at
    now = await report(agenda, "GetReport", report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_QUARTER, period=QUARTER))
    assert now.parts[0].figures[0].value == before.parts[0].figures[0].value + 1


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("QUARTER", "2026"), ("QUARTER", "2026-Q5"), ("QUARTER", ""), ("YEAR", "2026-Q4"), ("YEAR", "26"), ("YEAR", "20261231"),
        ("BIENNIAL", "2026-Q4"), ("QUARTER", "1900-Q1"), ("YEAR", "1900"), ("BIENNIAL", "1900"), ("BIENNIAL", "2199"),
    ],
)  # fmt: skip
async def test_a_period_that_is_none_is_refused(agenda: Carried, kind: str, period: str) -> None:
    request = report_pb2.GetReportRequest(kind=report_pb2.ReportKind.Value(f"REPORT_KIND_{kind}"), period=period)
    refused = await agenda.served.refusal(report(agenda, "GetReport", request))
    assert (refused.kind, refused.code, refused.violations[0].field) == (Kind.INVALID, "PERIOD_INVALID", "period")


@pytest.mark.parametrize(("kind", "period"), [("QUARTER", "1900-Q2"), ("YEAR", "1901"), ("BIENNIAL", "2198"), ("QUARTER", "2199-Q4")])
async def test_figures_of_the_first_and_the_last_periods_open_their_records(agenda: Carried, kind: str, period: str) -> None:
    request = report_pb2.GetReportRequest(kind=report_pb2.ReportKind.Value(f"REPORT_KIND_{kind}"), period=period)
    for figure in figures(await report(agenda, "GetReport", request)):
        assert (await agenda.ask("ListItems", figure.records)).total.value >= figure.value


@pytest.fixture
async def view(agenda: Carried) -> None:
    request = view_pb2.SaveViewRequest(name="전부", filter=pb.ListItemsRequest())
    await view_pb2_grpc.ViewServiceStub(agenda.served.channel).SaveView(request, metadata=agenda.served.caller())


AT_A_MOMENT: list[tuple[Any, str, Any]] = [
    (agenda_pb2_grpc.AgendaServiceStub, "ListItems", pb.ListItemsRequest()),
    (agenda_pb2_grpc.AgendaServiceStub, "GetItem", pb.GetItemRequest()),
    (view_pb2_grpc.ViewServiceStub, "GetView", view_pb2.GetViewRequest(name="전부")),
    (report_pb2_grpc.ReportServiceStub, "GetCoverage", report_pb2.GetCoverageRequest()),
    (report_pb2_grpc.ReportServiceStub, "GetClocks", report_pb2.GetClocksRequest()),
    (report_pb2_grpc.ReportServiceStub, "GetReport", report_pb2.GetReportRequest(kind=report_pb2.REPORT_KIND_YEAR, period="2026")),
]


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize(("stub", "method", "request_"), AT_A_MOMENT, ids=[method for _, method, _ in AT_A_MOMENT])
async def test_a_moment_that_is_still_to_come_is_refused(agenda: Carried, told: Told, stub: Any, method: str, request_: Any) -> None:
    def asked(ahead: timedelta) -> Any:
        about = {"agenda_id": str(agenda_id_of(Service.VOICES, source))} if method == "GetItem" else {}
        request = type(request_)(as_of=stamp(datetime.now(UTC) + ahead), **about)
        request.MergeFrom(request_)
        return getattr(stub(agenda.served.channel), method)(request, metadata=agenda.served.caller())

    source = next(source for source, (service, *_) in told.items() if service == "voices")
    refused = await agenda.served.refusal(asked(timedelta(minutes=2)))
    assert (refused.kind, refused.code, [one.field for one in refused.violations]) == (Kind.INVALID, "TIME_RANGE", ["as_of"])
    await asked(timedelta(seconds=30))


async def test_what_is_listed_may_be_sources_or_what_came_so_far(agenda: Carried, told: Told) -> None:
    sources = await agenda.ask("ListItems", pb.ListItemsRequest(records=pb.RECORDS_SOURCES, page_size=500))
    assert sources.total.value == len(told) + 1
    come = await agenda.ask("ListItems", pb.ListItemsRequest(reached=pb.MILESTONE_DECIDED))
    still = await agenda.ask("ListItems", pb.ListItemsRequest(not_reached=pb.MILESTONE_DECIDED))
    every = await agenda.ask("ListItems", pb.ListItemsRequest())
    assert (come.total.value, come.total.value + still.total.value) == (3, every.total.value)


async def test_what_a_figure_opens_is_counted_to_the_end(agenda: Carried, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.agenda.queries.item.FEW", 5)
    capped = await agenda.ask("ListItems", pb.ListItemsRequest(page_size=4))
    assert (capped.total.value, capped.total.exact) == (5, False)
    first = await agenda.ask("ListItems", pb.ListItemsRequest(page_size=4, count_all=True))
    second = await agenda.ask("ListItems", pb.ListItemsRequest(page_size=4, count_all=True, page_token=first.next_page_token))
    assert first.total == second.total
    assert (first.total.value > 5, first.total.exact) == (True, True)
    assert not {item.agenda_id for item in first.items} & {item.agenda_id for item in second.items}


async def test_there_are_no_figures_until_all_of_the_log_was_applied_once(
    fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path
) -> None:
    plan = plan_pb2.ImportPlanRequest(code="hr", title=label_pb2.Label(ko="계획"), from_year=2026, to_year=2026)
    plan.nodes.add(code="1", title=label_pb2.Label(ko="목표"), objective="rights_culture")
    async with carried(fresh_database, tmp_path) as agenda:
        plans: Any = plan_pb2_grpc.PlanServiceStub(agenda.served.channel)
        await plans.ImportPlan(plan, metadata=agenda.served.caller())

        def asked() -> list[Any]:
            whole = [report(agenda, method, request) for method, request in ASKED]
            return [*whole, plans.GetPlanProgress(plan_pb2.GetPlanProgressRequest(), metadata=agenda.served.caller())]

        await beat(agenda.connection, [Snapshot(agenda.log.now, {("madang.voices.facts.v1", 0): 1})], {})
        refused = await asyncio.gather(*map(agenda.served.refusal, asked()))
        assert {(each.kind, each.code) for each in refused} == {(Kind.UNAVAILABLE, "AGENDA_NOT_READY")}
        assert len((await plans.GetPlanProgress(plan_pb2.GetPlanProgressRequest())).rows) == 1
        await agenda.carry()
        await asyncio.gather(*asked())
        coverage = await report(agenda, "GetCoverage", report_pb2.GetCoverageRequest())
        assert coverage.quarter == quarter_of(datetime.now(UTC))


async def test_figures_are_the_same_in_whatever_order_and_however_often_the_log_came(store: Store) -> None:
    log, chance = FactLog(), random.Random(11)
    tell(log, 11)
    connection = await store.connect()
    database = Database(store.dsn, name="test", settings={"search_path": "store"})
    await database.open()
    reports, at = Reports(database), log.now

    async def told_now() -> list[Any]:
        clocks = [await reports.clocks(by, "", at) for by in (None, *ClocksBy)]
        return [await reports.coverage(QUARTER, at), *clocks, await reports.report(datetime(2026, 1, 1, tzinfo=UTC), at, at)]

    for records in log.everything():
        await apply_batch(connection, records)
    expected = await told_now()
    await emptied(connection)
    for batch in shuffled(log, chance):
        for _ in range(chance.choice([1, 1, 2])):
            await apply_batch(connection, batch)
    assert await told_now() == expected
    await database.close()
