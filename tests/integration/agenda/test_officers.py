"""What officers say and decide beside links: a word before the answer, tags, due days, parking."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, plan_pb2_grpc
from madang.type.v1 import text_pb2
from services.kit.errors import Kind
from tests.integration.agenda.carried import Carried, carried
from tests.integration.agenda.test_plans import sample
from tests.serving import MovedClock

TASK = "hr2013/1.1.1.1"


@pytest.fixture(scope="module")
def clock() -> MovedClock:
    return MovedClock(datetime.now(UTC))


@pytest.fixture(scope="module")
async def agenda(
    fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> AsyncIterator[Carried]:
    async with carried(fresh_database, Path(tmp_path_factory.mktemp("agenda")), clock=clock) as made:
        yield made


@pytest.fixture(scope="module")
async def plan(agenda: Carried) -> None:
    await plan_pb2_grpc.PlanServiceStub(agenda.served.channel).ImportPlan(sample(), metadata=agenda.served.caller())


async def listed(agenda: Carried, **filters: object) -> list[str]:
    page = await agenda.ask("ListItems", pb.ListItemsRequest(**filters))  # type: ignore[arg-type]
    return [item.agenda_id for item in page.items]


async def test_an_item_is_found_by_its_task_and_by_everything_above_it(agenda: Carried, plan: None) -> None:
    item = await agenda.open(await agenda.proposal())
    await agenda.ask("TagItem", pb.TagItemRequest(agenda_id=item, plan_tasks=[TASK], themes=["주거"]))
    await agenda.carry()
    for tag in ("plan:hr2013/1", "plan:hr2013/1.1.1.1", "theme:주거"):
        assert await listed(agenda, tags=[tag]) == [item]
    await agenda.ask("TagItem", pb.TagItemRequest(agenda_id=item, without_plan_tasks=[TASK]))
    await agenda.carry()
    assert await listed(agenda, tags=["plan:hr2013/1"]) == []


async def test_a_task_that_no_plan_has_is_refused(agenda: Carried, plan: None) -> None:
    item = await agenda.open(await agenda.proposal())
    for task in ("hr2013/9.9.9.9", "hr2099/1.1.1.1", "hr2013/1.1"):
        refused = await agenda.refusal("TagItem", pb.TagItemRequest(agenda_id=item, plan_tasks=[task]))
        assert (refused.kind, refused.code) == (Kind.INVALID, "PLAN_TASK_UNKNOWN")
    refused = await agenda.refusal("TagItem", pb.TagItemRequest(agenda_id=item, without_themes=["없음"]))
    assert refused.code == "NOTHING_CHANGES"


async def test_a_word_before_the_answer_stands_with_the_item_until_the_next(agenda: Carried) -> None:
    item = await agenda.open(await agenda.proposal())
    for words in ("살펴보고 있습니다", "다음 주에 답합니다"):
        texts = [text_pb2.Text(plain=words, language="ko")]
        await agenda.ask("ReplyMeanwhile", pb.ReplyMeanwhileRequest(agenda_id=item, texts=texts, department="공원과"))
    await agenda.carry()
    found = await agenda.ask("GetItem", pb.GetItemRequest(agenda_id=item))
    assert found.decision.interim_reply.texts[0].plain == "다음 주에 답합니다"
    assert not found.item.HasField("answered_at")
    kinds = [step.type for step in (await agenda.ask("GetTimeline", pb.GetTimelineRequest(agenda_id=item))).steps]
    assert kinds.count("kr.go.seoul.madang.agenda-item.interim-replied.v1") == 2


async def test_a_due_day_that_goes_by_is_a_fact_once(agenda: Carried, clock: MovedClock) -> None:
    due = (clock.now() + timedelta(days=2)).date()
    item = await agenda.open(await agenda.proposal(), due_on=due.isoformat())
    clock.at += timedelta(days=4)
    missed = "SELECT count(*) FROM agenda.outbox WHERE aggregateid = $1 AND type LIKE '%deadline-missed%'"
    await agenda.until(missed, item)
    await agenda.ask("AssignOwner", pb.AssignOwnerRequest(agenda_id=item, owner="공원과"))
    await agenda.carry()
    found = await agenda.ask("GetItem", pb.GetItemRequest(agenda_id=item))
    assert found.decision.missed_on == due.isoformat()
    assert await listed(agenda, missed=True) == [item]
    assert await agenda.connection.fetchval(missed, item) == 1
    assert not await agenda.connection.fetchval("SELECT count(*) FROM agenda.clock WHERE aggregate_id = $1", item)


async def test_what_was_parked_is_taken_up_again(agenda: Carried) -> None:
    item = await agenda.open(await agenda.proposal())
    for status in (item_pb2.AGENDA_STATUS_PARKED, item_pb2.AGENDA_STATUS_OPEN):
        await agenda.ask("ChangeStatus", pb.ChangeStatusRequest(agenda_id=item, status=status, reason="때가 아니다"))
        await agenda.carry()
        assert (await agenda.item(item)).status == status
