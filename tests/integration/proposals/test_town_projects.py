"""Town projects through the service's own door, from an idea to its settlement, and what falls due on the way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import proposals_pb2_grpc, town_project_pb2
from madang.proposals.v1 import town_project_messages_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.cli.sample import SAMPLE, read, request_of
from services.kit.actor import Call
from services.kit.clock import end_of, korea
from services.kit.database import Database
from services.kit.ids import new_id
from services.kit.scheduler import Scheduler
from services.kit.text import Text as Words
from services.kit.write import Log, Target, Write
from services.proposals.domain.town_project import (
    Agreement,
    Application,
    ReviewerSector,
    ReviewSheet,
    Score,
    TownProject,
    TownProjectStatus,
    TownProjectType,
    TownRules,
)
from services.proposals.service.town_project import TownProjects
from services.proposals.store.town_project import TOWN_PROJECTS
from services.proposals.wire import town_project as wire
from tests.serving import MovedClock, Served, serving

DEPARTMENT = "마을공동체담당관"
PEOPLE = ["resident:1", "resident:2", "resident:3", "resident:4"]
NEW_YEAR = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
LIFE = ["Counsel", "Apply", "Inspect", "Review", "Select", "Agree", "Start", "Report", "Settle", "Continue"]


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("proposals")
    async with serving("proposals", dsn, Path(tmp_path_factory.mktemp("towns")), clock=MovedClock(NEW_YEAR)) as running:
        yield running


@pytest.fixture
def stub(served: Served) -> proposals_pb2_grpc.ProposalServiceStub:
    return proposals_pb2_grpc.ProposalServiceStub(served.channel)


def sheet(reviewer: str, points: int) -> pb.TownSheetGiven:
    scores = [town_project_pb2.TownScore(criterion="public_benefit", points=points)]
    return pb.TownSheetGiven(reviewer_ref=reviewer, sector=town_project_pb2.REVIEWER_SECTOR_RESIDENT, scores=scores)


def given() -> dict[str, dict[str, Any]]:
    """What each step of a life takes."""
    words = Text(plain="마을에서", language="ko")
    return {
        "Counsel": {"counsellor_ref": "counsellor:1", "department": DEPARTMENT},
        "Apply": {"resident_refs": PEOPLE, "budget": 1_000, "grant": 900, "own_share": 100},
        "Inspect": {"note": words, "inspected_on": "2026-01-02"},
        "Review": {"sheets": [sheet("reviewer:1", 90), sheet("reviewer:2", 71)]},
        "Reject": {"reason": words},
        "Agree": {"grant": 800, "begins_on": "2026-04-01", "ends_on": "2026-10-31"},
        "Report": {"report": words},
        "Settle": {"grant_spent": 750, "own_spent": 100, "returned": 50},
    }


def request(step: str, project_id: str, **changes: Any) -> Any:
    """The request of a step, with something else in it where said so."""
    return getattr(pb, f"{step}TownProjectRequest")(project_id=project_id, **(given().get(step, {}) | changes))


class Town:
    """Town projects as a caller drives them."""

    def __init__(self, served: Served, stub: Any) -> None:
        self.served, self.stub = served, stub

    async def proposed(self, **changes: Any) -> str:
        fields: dict[str, Any] = {
            "town_project_type": town_project_pb2.TOWN_PROJECT_TYPE_ENERGY, "title": "햇빛발전소", "proposer_ref": "resident:1",
        }  # fmt: skip
        answer = await self.stub.ProposeTownProject(pb.ProposeTownProjectRequest(**(fields | changes)), metadata=self.served.caller())
        return str(answer.written.id)

    async def step(self, step: str, project_id: str, **changes: Any) -> Any:
        return await getattr(self.stub, f"{step}TownProject")(request(step, project_id, **changes), metadata=self.served.caller())

    async def lived(self, until: str, **changes: Any) -> str:
        """A project that went through a life's steps up to one of them."""
        project_id = await self.proposed(**changes)
        for step in LIFE[: LIFE.index(until) + 1]:
            await self.step(step, project_id)
        return project_id

    async def refused(self, step: str, project_id: str, **changes: Any) -> str:
        return (await self.served.refusal(self.step(step, project_id, **changes))).code

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.served.dsn)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()


@pytest.fixture
def town(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> Town:
    return Town(served, stub)


async def test_a_town_project_can_live_its_whole_life(town: Town) -> None:
    project_id = await town.lived("Continue")
    found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=project_id))
    project = found.project
    assert (found.written.revision, found.written.version) == (11, 11)
    assert project.status == town_project_pb2.TOWN_PROJECT_STATUS_CONTINUED
    assert (project.residents, project.budget, project.grant, project.own_share, project.year) == (4, 900, 800, 100, 2026)
    assert (project.average_score, project.settlement.returned, project.department) == (80.5, 50, DEPARTMENT)
    facts = await town.rows("SELECT type FROM outbox WHERE aggregateid = $1 ORDER BY version", UUID(project_id))
    assert [row["type"].split(".")[-2] for row in facts] == [
        "proposed", "counselled", "applied", "inspected", "reviewed", "selected", "agreed", "started", "reported", "settled", "continued",
    ]  # fmt: skip


async def test_people_never_leave_the_service(town: Town) -> None:
    project_id = await town.lived("Continue")
    found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=project_id))
    payloads = await town.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(project_id))
    shown = found.SerializeToString() + b"".join(row["payload"] for row in payloads)
    assert not [who for who in (b"resident:", b"counsellor:", b"reviewer:") if who in shown]
    [kept] = await town.rows("SELECT resident_refs, sheets FROM town_project WHERE project_id = $1", UUID(project_id))
    assert kept["resident_refs"] == PEOPLE
    assert "reviewer:2" in str(kept["sheets"])


async def test_the_next_project_may_name_a_continued_one_and_no_other(town: Town) -> None:
    earlier, running = await town.lived("Continue"), await town.lived("Start")
    later = await town.proposed(continues_id=earlier)
    found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=later))
    assert found.project.continues_id == earlier
    for other, code in ((running, "TOWN_PROJECT_NOT_CONTINUED"), (str(uuid4()), "NOT_FOUND"), ("nonsense", "ID_INVALID")):
        assert (await town.served.refusal(town.proposed(continues_id=other))).code == code


@pytest.mark.parametrize(
    ("before", "step", "changes", "code"),
    [
        ("Counsel", "Apply", {"resident_refs": PEOPLE[:2]}, "RESIDENTS_TOO_FEW"),
        ("Counsel", "Apply", {"resident_refs": [*PEOPLE, " resident:1 "]}, "RESIDENT_TWICE"),
        ("Counsel", "Apply", {"budget": 2_000}, "BUDGET_MISMATCH"),
        ("Counsel", "Apply", {"grant": 901, "own_share": 99}, "OWN_SHARE_TOO_SMALL"),
        ("Counsel", "Apply", {"grant": -1}, "RANGE_INVALID"),
        ("Counsel", "Apply", {"budget": 0, "grant": 0, "own_share": 0}, "RANGE_INVALID"),
        ("Counsel", "Inspect", {}, "TRANSITION_FORBIDDEN"),
        ("Apply", "Inspect", {"inspected_on": "2026-01-03"}, "INSPECTION_IN_FUTURE"),
        ("Apply", "Inspect", {"inspected_on": "today"}, "DATE_INVALID"),
        ("Inspect", "Review", {"sheets": [sheet("reviewer:1", 101)]}, "RANGE_INVALID"),
        ("Inspect", "Review", {"sheets": [sheet("reviewer:1", 90), sheet("reviewer:1", 80)]}, "REVIEWER_TWICE"),
        ("Select", "Agree", {"grant": 901}, "GRANT_TOO_LARGE"),
        ("Select", "Agree", {"ends_on": "2026-03-31"}, "PERIOD_INVALID"),
        ("Report", "Settle", {"returned": 49}, "SETTLEMENT_MISMATCH"),
        ("Report", "Settle", {"own_spent": 101}, "SETTLEMENT_MISMATCH"),
    ],
)
async def test_what_breaks_a_rule_is_refused_with_its_code(town: Town, before: str, step: str, changes: dict[str, Any], code: str) -> None:
    assert await town.refused(step, await town.lived(before), **changes) == code


async def test_the_rules_of_the_year_are_settings(fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path) -> None:
    rules: dict[str, Any] = {"proposals_town_residents": 5, "proposals_town_own_share": 20, "proposals_town_settlement_days": 1}
    async with serving("proposals", await fresh_database("proposals"), tmp_path, clock=MovedClock(NEW_YEAR), **rules) as other:
        town = Town(other, proposals_pb2_grpc.ProposalServiceStub(other.channel))
        project_id = await town.lived("Counsel")
        assert await town.refused("Apply", project_id) == "RESIDENTS_TOO_FEW"
        people = [*PEOPLE, "resident:5"]
        assert await town.refused("Apply", project_id, resident_refs=people) == "OWN_SHARE_TOO_SMALL"
        await town.step("Apply", project_id, resident_refs=people, grant=800, own_share=200)
        for step in LIFE[LIFE.index("Inspect") : LIFE.index("Settle")]:
            await town.step(step, project_id)
        found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=project_id))
        assert found.project.settlement_due_on == "2026-01-05"  # the Monday after


async def test_a_project_that_nobody_scored_cannot_be_selected_and_can_be_rejected(town: Town) -> None:
    project_id = await town.lived("Inspect")
    await town.step("Review", project_id, sheets=[])
    assert await town.refused("Select", project_id) == "SCORE_REQUIRED"
    await town.step("Reject", project_id)
    found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=project_id))
    assert found.project.rejection_reason.plain == "마을에서"
    assert await town.refused("Select", project_id) == "TRANSITION_FORBIDDEN"


async def test_a_retry_applies_once(town: Town) -> None:
    project_id = await town.lived("Counsel")
    answers = await asyncio.gather(*(town.step("Apply", project_id, request_id="one-key") for _ in range(6)))
    assert {answer.written.version for answer in answers} == {3}
    assert len(await town.rows("SELECT 1 FROM outbox WHERE aggregateid = $1", UUID(project_id))) == 3


async def test_an_officer_reaches_only_the_town_projects_of_her_department(town: Town) -> None:
    project_id = await town.lived("Counsel")
    apply = request("Apply", project_id)
    stranger = town.stub.ApplyTownProject(apply, metadata=town.served.caller("officer", department="공원녹지과"))
    assert (await town.served.refusal(stranger)).code == "NOT_FOUND"
    await town.stub.ApplyTownProject(apply, metadata=town.served.caller("officer", department=DEPARTMENT))


async def test_a_citizen_may_propose_and_not_select(town: Town) -> None:
    citizen = town.served.caller("citizen")
    propose = pb.ProposeTownProjectRequest(town_project_type=town_project_pb2.TOWN_PROJECT_TYPE_MEDIA, title="마을 라디오")
    answer = await town.stub.ProposeTownProject(propose, metadata=citizen)
    select = pb.SelectTownProjectRequest(project_id=answer.written.id)
    assert (await town.served.refusal(town.stub.SelectTownProject(select, metadata=citizen))).code == "NOT_ALLOWED"


async def test_the_board_counts_what_the_list_shows(town: Town) -> None:
    kinds = (town_project_pb2.TOWN_PROJECT_TYPE_SAFETY, town_project_pb2.TOWN_PROJECT_TYPE_CULTURE)
    for kind, until in ((kinds[0], "Apply"), (kinds[0], "Apply"), (kinds[0], "Settle"), (kinds[1], "Agree")):
        await town.lived(until, town_project_type=kind, year=2031)
    await town.proposed(town_project_type=kinds[1], year=2032)
    board = await town.stub.GetTownProjectBoard(pb.GetTownProjectBoardRequest(year=2031))
    assert [(row.town_project_type, row.status, row.projects, row.residents, row.grant, row.own_share) for row in board.rows] == [
        (kinds[0], town_project_pb2.TOWN_PROJECT_STATUS_APPLIED, 2, 8, 1_800, 200),
        (kinds[0], town_project_pb2.TOWN_PROJECT_STATUS_SETTLED, 1, 4, 800, 100),
        (kinds[1], town_project_pb2.TOWN_PROJECT_STATUS_AGREED, 1, 4, 800, 100),
    ]
    for row in (await town.stub.GetTownProjectBoard(pb.GetTownProjectBoardRequest())).rows:
        shown = (await town.stub.ListTownProjects(row.records)).projects
        totals = [sum(getattr(item, name) for item in shown) for name in ("residents", "grant", "own_share")]
        assert [row.projects, row.residents, row.grant, row.own_share] == [len(shown), *totals]


async def test_the_process_rings_its_clocks_and_lists_what_is_overdue(town: Town) -> None:
    overdue, other = await town.lived("Select", year=2033), await town.lived("Start", year=2033)
    await town.step("Agree", overdue, begins_on="2025-11-01", ends_on="2025-12-31")
    asked, shown = pb.ListTownProjectsRequest(overdue=True, year=2033, department=DEPARTMENT), []
    for _ in range(100):
        shown = list((await town.stub.ListTownProjects(asked)).projects)
        if shown:
            break
        await asyncio.sleep(0.1)
    assert [(project.project_id, project.report_overdue) for project in shown] == [(overdue, True)]
    found = await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=other))
    assert not found.project.report_overdue


async def test_the_samples_town_projects_keep_the_rules_and_stand_in_every_state(town: Town) -> None:
    ids: dict[str, str] = {}
    lives = [
        step for content, steps in read(SAMPLE) for step in steps if content["service"] == "proposals" and "TownProject" in step.method
    ]
    for step in lives:
        call = getattr(town.stub, step.method)(request_of(step, ids), metadata=town.served.caller(subject="sample"))
        ids.setdefault(f"proposals.{step.life}", (await call).written.id)
    found = [(await town.stub.GetTownProject(pb.GetTownProjectRequest(project_id=identity))).project for identity in ids.values()]
    assert {project.status for project in found} == set(town_project_pb2.TownProjectStatus.values()) - {0}


# -- clocks -----------------------------------------------------------------------------------------------------------------------


class Bench:
    """The use cases on a database of their own, and a clock that is moved."""

    def __init__(self, dsn: str) -> None:
        self.database, self.clock, self.call = Database(dsn, name="test", size=4), MovedClock(NEW_YEAR), Call.own("test")
        write = Write(Log(self.database, service="proposals", wake=lambda: None), TOWN_PROJECTS, wire.event_of, clocks=TownProject.clocks)
        self.towns = TownProjects(write, self.clock, korea(), TownRules(3, 10, 20))

    async def running(self, ends_on: date) -> Target:
        idea = TownProject(new_id(), TownProjectStatus.IDEA, TownProjectType.ENERGY, "햇빛발전소", Words("", ""), 2026, self.clock.now())
        call, target = self.call, Target((await self.towns.propose(self.call, idea)).id, 0)
        await self.towns.counsel(call, target, "counsellor:1", DEPARTMENT)
        await self.towns.apply(call, target, Application(("a", "b", "c"), 1_000, 900, 100))
        await self.towns.inspect(call, target, Words("가능"), date(2026, 1, 2))
        await self.towns.review(call, target, (ReviewSheet(ReviewerSector.CIVIC, (Score("public_benefit", 80),), "reviewer:1"),))
        await self.towns.select(call, target)
        await self.towns.agree(call, target, Agreement(900, date(2026, 1, 2), ends_on))
        await self.towns.start(call, target)
        return target

    async def look(self) -> None:
        """Two schedulers look at once."""
        schedulers = [Scheduler(self.database, self.clock, self.towns.rings, wake=lambda: None) for _ in range(2)]
        await asyncio.gather(*(scheduler.ring(self.clock.now()) for scheduler in schedulers))

    async def missed(self) -> list[tuple[UUID, str, datetime]]:
        async with self.database.connection() as connection:
            rows = await connection.fetch("SELECT aggregateid, payload FROM outbox WHERE type LIKE '%deadline-missed%' ORDER BY sequence")
        read = [(row["aggregateid"], events_pb.TownProjectDeadlineMissed.FromString(row["payload"])) for row in rows]
        return [(identity, fact.clock, fact.occurred_at.ToDatetime(UTC)) for identity, fact in read]


@pytest.fixture
async def bench(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Bench]:
    made = Bench(await fresh_database("proposals"))
    await made.database.open()
    yield made
    await made.database.close()


async def test_over_a_year_each_report_and_settlement_is_missed_once_and_only_where_it_was(bench: Bench) -> None:
    prompt, late = await bench.running(date(2026, 4, 30)), await bench.running(date(2026, 6, 30))
    never, settled_late = await bench.running(date(2026, 9, 30)), None
    report_day, settle_day = datetime(2026, 7, 15, 1, 0, tzinfo=UTC), datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
    for _ in range(400):
        bench.clock.at += timedelta(days=1)
        if bench.clock.at.date() == date(2026, 4, 20):
            await bench.towns.report(bench.call, prompt, Words("끝"))
            await bench.towns.settle(bench.call, prompt, 850, 100, 50)
        if bench.clock.at == report_day:
            await bench.towns.report(bench.call, late, Words("늦었습니다"))
            settled_late = korea().after(report_day, 20)
        if bench.clock.at == settle_day:
            await bench.towns.settle(bench.call, late, 900, 100, 0)
        await bench.look()
    assert settled_late is not None
    assert await bench.missed() == [
        (late.id, "town_report_due", end_of(date(2026, 6, 30)).astimezone(UTC)),
        (late.id, "town_settlement_due", end_of(settled_late).astimezone(UTC)),
        (never.id, "town_report_due", end_of(date(2026, 9, 30)).astimezone(UTC)),
    ]
    async with bench.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM clock") == 0
        project = await TOWN_PROJECTS.load(connection, late.id)
    assert project is not None
    assert (project.report_overdue, project.settlement_overdue) == (False, False)
