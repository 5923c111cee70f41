"""Plans from the file to the year's figures; every figure opens what it counts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from statistics import fmean
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import yaml
from google.protobuf.json_format import ParseDict

from madang.agenda.v1 import agenda_pb2_grpc, item_pb2, plan_pb2_grpc
from madang.agenda.v1 import plan_pb2 as pb
from services.agenda.projection.apply import apply_batch
from services.agenda.projection.freshness import Snapshot, beat, now_of
from services.agenda.service.plan import check_task
from services.kit.database import SESSION, _speak_json
from services.kit.errors import Kind, Refused
from tests.agenda_log import FactLog
from tests.serving import Served, serving

SAMPLE = Path(__file__).parents[3] / "examples" / "plans" / "hr2013.yaml"
STATUSES = {
    "2.3.1.1": item_pb2.AGENDA_STATUS_OPEN, "2.3.1.2": item_pb2.AGENDA_STATUS_DECIDED, "2.3.2.1": item_pb2.AGENDA_STATUS_MEASURED,
    "1.5.1.1": item_pb2.AGENDA_STATUS_CLOSED, "1.5.1.2": item_pb2.AGENDA_STATUS_OPEN,
}  # fmt: skip


def sample(**changes: Any) -> pb.ImportPlanRequest:
    content = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    return ParseDict(content | changes, pb.ImportPlanRequest(request_id=str(uuid4())))


def tagged() -> FactLog:
    """A log in which items serve tasks of the plan, one of them two at once, and one that was taken up by another."""
    log = FactLog()
    for task, status in STATUSES.items():
        log.item(title=task, status=status, plan_tasks=[f"hr2013/{task}"])
    log.item(title="both", plan_tasks=["hr2013/2.3.1.1", "hr2013/2.3.1.2"], status=item_pb2.AGENDA_STATUS_PARKED)
    log.item(title="another plan", plan_tasks=["hr2018/2.3.1.1"])
    log.item(title="merged", plan_tasks=["hr2013/2.3.1.1"], merged_into=str(log.item(title="stays")))
    return log


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("agenda")
    connection = await asyncpg.connect(dsn, server_settings=SESSION | {"search_path": "store"})
    await _speak_json(connection)
    for records in tagged().everything():
        await apply_batch(connection, records)
    await beat(connection, [Snapshot(await now_of(connection), {})], {})
    async with serving("agenda", dsn, Path(tmp_path_factory.mktemp("agenda"))) as served:
        await plan_pb2_grpc.PlanServiceStub(served.channel).ImportPlan(sample(), metadata=served.caller())
        yield served
    await connection.close()


@pytest.fixture
def stub(served: Served) -> Any:
    return plan_pb2_grpc.PlanServiceStub(served.channel)


async def imported(served: Served, request: pb.ImportPlanRequest) -> Any:
    stub: Any = plan_pb2_grpc.PlanServiceStub(served.channel)
    return (await stub.ImportPlan(request, metadata=served.caller("innovation_officer"))).written


async def facts(served: Served, plan_id: str) -> int:
    connection = await asyncpg.connect(served.dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM outbox WHERE aggregateid::text = $1", plan_id))
    finally:
        await connection.close()


async def test_a_plan_is_shown_as_it_was_imported(served: Served, stub: Any) -> None:
    found = await stub.GetPlan(pb.GetPlanRequest(plan="hr2013"))
    request = sample()
    assert (found.plan.code, found.plan.title, found.plan.from_year, found.plan.to_year) == ("hr2013", request.title, 2013, 2017)
    assert list(found.plan.nodes) == list(request.nodes)
    assert found.written.id == found.plan.plan_id


async def test_the_same_file_again_makes_no_version_and_another_content_the_next(served: Served, stub: Any) -> None:
    first = await imported(served, sample(code="again"))
    assert await imported(served, sample(code="again")) == first
    assert await facts(served, first.id) == 1
    nodes = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["nodes"]
    second = await imported(served, sample(code="again", nodes=nodes[:-1]))
    assert (second.id, second.version) == (first.id, 2)
    assert await imported(served, sample(code="again", nodes=list(reversed(nodes[:-1])))) == second
    assert len((await stub.GetPlan(pb.GetPlanRequest(plan="again"))).plan.nodes) == len(nodes) - 1


async def test_the_plan_that_was_imported_last_is_meant_where_none_is_named(served: Served, stub: Any) -> None:
    await imported(served, sample(code="newest"))
    assert (await stub.GetPlan(pb.GetPlanRequest())).plan.code == "newest"


async def test_a_plan_that_nobody_imported_is_not_found(served: Served, stub: Any) -> None:
    for call in (stub.GetPlan(pb.GetPlanRequest(plan="none")), stub.GetPlanProgress(pb.GetPlanProgressRequest(plan="none"))):
        refused = await served.refusal(call)
        assert (refused.kind, refused.code) == (Kind.NOT_FOUND, "NOT_FOUND")


async def test_a_plan_that_is_not_whole_is_refused_and_changes_nothing(served: Served, stub: Any) -> None:
    request = sample(code="broken")
    del request.nodes[1]
    refused = await served.refusal(stub.ImportPlan(request, metadata=served.caller()))
    assert (refused.code, refused.details["node"]) == ("PLAN_PARENT_MISSING", "1.1.1")
    assert (await served.refusal(stub.GetPlan(pb.GetPlanRequest(plan="broken")))).code == "NOT_FOUND"


async def test_every_figure_of_a_year_opens_the_records_that_it_counts(served: Served, stub: Any) -> None:
    found = await stub.GetPlanProgress(pb.GetPlanProgressRequest(plan="hr2013", year=2017), metadata=served.caller("officer"))
    assert [row.code for row in found.rows] == [node.code for node in sample().nodes]
    items: Any = agenda_pb2_grpc.AgendaServiceStub(served.channel)
    for row in found.rows:
        for figure in row.items:
            opened = await items.ListItems(figure.records, metadata=served.caller())
            assert opened.total.value == figure.value, (row.code, figure.name)
        tasks = (await stub.ListPlanTasks(row.records)).tasks
        assert len(tasks) == row.tasks
        assert row.target == pytest.approx(fmean(task.target for task in tasks if task.HasField("target")))
        known = [task.progress for task in tasks if task.HasField("progress")]
        assert row.HasField("progress") is bool(known)
        assert not known or row.progress == pytest.approx(fmean(known))


@pytest.mark.parametrize("role", ["", "citizen", "partner"])
async def test_items_are_not_counted_for_who_may_not_list_them(served: Served, stub: Any, role: str) -> None:
    request = pb.GetPlanProgressRequest(plan="hr2013", year=2017)
    found = await stub.GetPlanProgress(request, metadata=served.caller(role) if role else [])
    assert [row.code for row in found.rows] == [node.code for node in sample().nodes]
    assert not any(row.items for row in found.rows)


async def test_an_item_counts_once_for_each_part_that_it_serves_and_by_where_it_stands(served: Served, stub: Any) -> None:
    found = await stub.GetPlanProgress(pb.GetPlanProgressRequest(plan="hr2013", year=2014), metadata=served.caller("officer"))
    counts = {row.code: {figure.name: figure.value for figure in row.items} for row in found.rows}
    assert counts["2.3.1.1"] == {"items": 2, "open": 1, "parked": 1}
    assert counts["2.3.1"] == {"items": 3, "open": 1, "decided": 1, "parked": 1}
    assert counts["2"] == counts["2.3"] == {"items": 4, "open": 1, "decided": 1, "measured": 1, "parked": 1}
    assert counts["1"] == {"items": 2, "open": 1, "closed": 1}
    assert counts["3"] == {"items": 0}


async def test_a_year_that_is_not_asked_for_is_the_plans_nearest_to_this_one(stub: Any) -> None:
    found = await stub.GetPlanProgress(pb.GetPlanProgressRequest(plan="hr2013"))
    assert (found.plan, found.year) == ("hr2013", 2017)


async def test_a_parts_tasks_are_listed_with_what_items_are_tagged_with(served: Served, stub: Any) -> None:
    found = await stub.ListPlanTasks(pb.ListPlanTasksRequest(plan="hr2013", below="2.3", year=2014))
    assert [task.reference for task in found.tasks] == [f"hr2013/2.3.{key}.{task}" for key in (1, 2) for task in (1, 2, 3)]
    assert {(task.year, task.target) for task in found.tasks} == {(2014, 40)}
    refused = await served.refusal(stub.ListPlanTasks(pb.ListPlanTasksRequest(plan="hr2013", below="9")))
    assert (refused.kind, refused.code) == (Kind.NOT_FOUND, "NOT_FOUND")


async def test_only_a_task_that_a_plan_has_can_be_tagged_with(served: Served) -> None:
    connection = await asyncpg.connect(served.dsn)
    await _speak_json(connection)
    await check_task(connection, "hr2013/2.3.1.1")
    for reference in ("hr2013/2.3.1", "hr2013/9.9.9.9", "none/1.1.1.1", "hr2013", ""):
        with pytest.raises(Refused, match="madang plan tasks") as refused:
            await check_task(connection, reference)
        assert (refused.value.kind, refused.value.code) == (Kind.INVALID, "PLAN_TASK_UNKNOWN")
    await connection.close()
