"""Commands of the workshops service, from the wire to the outbox, without a broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.workshops.v1 import innovation_agenda_pb2 as ia
from madang.workshops.v1 import participant_sector_pb2 as sectors
from madang.workshops.v1 import workshop_pb2, workshops_pb2_grpc
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.errors import Kind
from tests.serving import Served, serving

Stub = workshops_pb2_grpc.WorkshopServiceStub


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("workshops")
    async with serving("workshops", dsn, Path(tmp_path_factory.mktemp("workshops"))) as running:
        yield running


@pytest.fixture
def stub(served: Served) -> Stub:
    return Stub(served.channel)


def proposal(**changes: Any) -> pb.ProposeInnovationRequest:
    values: dict[str, Any] = {
        "title": "밤길 밝기 지도",
        "summary": Text(plain="어두운 골목부터 고친다", language="ko"),
        "innovation_field": words.INNOVATION_FIELD_HOUSING_AND_SAFETY,
        "discovery_source": ia.DISCOVERY_SOURCE_DEPARTMENT,
        "departments": ["안전총괄과"],
        "in_business_plan": True,
    }
    return pb.ProposeInnovationRequest(request_id=str(uuid4()), **(values | changes))


async def proposed(served: Served, stub: Stub, **changes: Any) -> str:
    return str((await stub.ProposeInnovation(proposal(**changes), metadata=served.caller())).written.id)


async def advanced(served: Served, stub: Stub, innovation_id: str, times: int = 1) -> Any:
    for _ in range(times):
        answer = await stub.AdvanceInnovation(pb.AdvanceInnovationRequest(innovation_id=innovation_id), metadata=served.caller())
    return answer.written


async def found(stub: Stub, innovation_id: str) -> ia.InnovationAgenda:
    return (await stub.GetInnovation(pb.GetInnovationRequest(innovation_id=innovation_id))).innovation  # type: ignore[no-any-return]


async def advised(served: Served, stub: Stub, innovation_id: str) -> str:
    request = pb.RecordAdviceRequest(
        innovation_id=innovation_id, sector=sectors.PARTICIPANT_SECTOR_NGO, institution="마을안전 모임", opinion=Text(plain="좋다")
    )
    return str((await stub.RecordAdvice(request, metadata=served.caller())).written.id)


async def indicated(served: Served, stub: Stub, innovation_id: str) -> str:
    request = pb.DefineIndicatorRequest(innovation_id=innovation_id, name="안전 체감도", unit="점", baseline=54.5, target=65, method="설문")
    return str((await stub.DefineIndicator(request, metadata=served.caller())).written.id)


def measurement(indicator_id: str, **changes: Any) -> pb.MeasureIndicatorRequest:
    values: dict[str, Any] = {"value": 61.2, "period": "2026-10", "measured_by": "서울연구원"}
    return pb.MeasureIndicatorRequest(indicator_id=indicator_id, **(values | changes))


async def ready_to_practise(served: Served, stub: Stub) -> str:
    innovation_id = await proposed(served, stub)
    await stub.AssignInnovationOwner(pb.AssignInnovationOwnerRequest(innovation_id=innovation_id), metadata=served.caller())
    await advanced(served, stub, innovation_id, 2)
    await stub.WritePlan(pb.WritePlanRequest(innovation_id=innovation_id, plan=Text(plain="두 동에서 시작")), metadata=served.caller())
    await advised(served, stub, innovation_id)
    return innovation_id


async def facts(served: Served, identity: str) -> list[str]:
    connection = await asyncpg.connect(served.dsn)
    try:
        rows = await connection.fetch("SELECT type FROM outbox WHERE aggregateid = $1 ORDER BY version", UUID(identity))
    finally:
        await connection.close()
    return [row["type"].removeprefix("kr.go.seoul.madang.").removesuffix(".v1") for row in rows]


async def test_an_innovation_agenda_can_live_its_whole_life(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_practise(served, stub)
    await advanced(served, stub, innovation_id)
    indicator_id = await indicated(served, stub, innovation_id)
    await stub.MeasureIndicator(measurement(indicator_id), metadata=served.caller())
    last = await advanced(served, stub, innovation_id, 2)
    assert (last.revision, last.version) == (8, 8)
    standing = await found(stub, innovation_id)
    assert (standing.phase, standing.owner, standing.plan.plain) == (ia.PHASE_COMPLETED, "안전총괄과", "두 동에서 시작")
    history = await stub.GetInnovationHistory(pb.GetInnovationHistoryRequest(innovation_id=innovation_id))
    assert [step.type.split(".")[-2] for step in history.steps] == [
        "proposed", "owner-assigned", "phase-changed", "phase-changed", "plan-written", "phase-changed", "phase-changed", "phase-changed",
    ]  # fmt: skip
    assert await facts(served, indicator_id) == ["indicator.defined", "indicator.measured"]


async def test_a_closed_gate_names_all_that_is_missing_and_opens_when_it_is_there(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    await advanced(served, stub, innovation_id, 2)
    request = pb.AdvanceInnovationRequest(innovation_id=innovation_id)
    refused = await served.refusal(stub.AdvanceInnovation(request, metadata=served.caller()))
    assert (refused.kind, refused.code, refused.details["missing"]) == (Kind.STATE, "GATE_CLOSED", "owner, plan, advice")
    await advised(served, stub, await proposed(served, stub))  # another one's advice proves nothing
    await advised(served, stub, innovation_id)
    refused = await served.refusal(stub.AdvanceInnovation(request, metadata=served.caller()))
    assert refused.details["missing"] == "owner, plan"


async def test_an_indicator_opens_the_way_only_once_it_is_measured(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_practise(served, stub)
    await advanced(served, stub, innovation_id)
    indicator_id = await indicated(served, stub, innovation_id)
    request = pb.AdvanceInnovationRequest(innovation_id=innovation_id)
    refused = await served.refusal(stub.AdvanceInnovation(request, metadata=served.caller()))
    assert refused.details["missing"] == "measured_indicator"
    await stub.MeasureIndicator(measurement(indicator_id, value=0), metadata=served.caller())
    await stub.AdvanceInnovation(request, metadata=served.caller())


async def test_a_plan_is_sent_back_with_its_reason(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    await advanced(served, stub, innovation_id, 2)
    request = pb.ReturnInnovationRequest(innovation_id=innovation_id, reason="조사 먼저")
    await stub.ReturnInnovation(request, metadata=served.caller())
    assert (await found(stub, innovation_id)).phase == ia.PHASE_EXPLORE
    assert (await served.refusal(stub.ReturnInnovation(request, metadata=served.caller()))).code == "PHASE_FORBIDDEN"


async def test_the_rule_gives_an_owner_and_a_reason_overrides_it(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub, departments=["안전총괄과", "도시조명과"])
    await stub.AssignInnovationOwner(pb.AssignInnovationOwnerRequest(innovation_id=innovation_id), metadata=served.caller())
    ruled = await found(stub, innovation_id)
    assert (ruled.owner_type, ruled.owner) == (ia.OWNER_TYPE_SOCIAL_INNOVATION_OFFICER, "social_innovation_officer")
    assert (ruled.routing_rule_version, ruled.routing_reason, ruled.routing_overridden) == (1, "several_departments", False)
    override = pb.AssignInnovationOwnerRequest(innovation_id=innovation_id, override_department="도시조명과")
    refused = await served.refusal(stub.AssignInnovationOwner(override, metadata=served.caller()))
    assert (refused.code, refused.violations[0].field) == ("OVERRIDE_REASON_REQUIRED", "override_reason")
    override.override_reason = "예산이 그 부서에 있음"
    await stub.AssignInnovationOwner(override, metadata=served.caller())
    standing = await found(stub, innovation_id)
    assert (standing.owner, standing.routing_reason, standing.routing_overridden) == ("도시조명과", "예산이 그 부서에 있음", True)


async def test_an_officer_reaches_what_is_her_departments_with_its_advice_and_indicators(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_practise(served, stub)
    indicator_id = await indicated(served, stub, innovation_id)
    stranger, own = served.caller("officer", department="주택과"), served.caller("officer", department="안전총괄과")
    advice = pb.RecordAdviceRequest(innovation_id=innovation_id, sector=sectors.PARTICIPANT_SECTOR_PRESS, opinion=Text(plain="글쎄"))
    calls: list[Callable[[Any], Any]] = [
        lambda who: stub.RecordAdvice(advice, metadata=who),
        lambda who: stub.MeasureIndicator(measurement(indicator_id), metadata=who),
        lambda who: stub.WritePlan(pb.WritePlanRequest(innovation_id=innovation_id, plan=Text(plain="새 계획")), metadata=who),
        lambda who: stub.AdvanceInnovation(pb.AdvanceInnovationRequest(innovation_id=innovation_id), metadata=who),
    ]
    assert [(await served.refusal(call(stranger))).code for call in calls] == ["NOT_FOUND"] * 4
    for call in calls:
        await call(own)


async def test_what_nobody_owns_is_open_to_every_officer(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    await stub.AdvanceInnovation(
        pb.AdvanceInnovationRequest(innovation_id=innovation_id), metadata=served.caller("officer", department="주택과")
    )


async def test_an_advance_that_is_repeated_goes_one_phase_only(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    request = pb.AdvanceInnovationRequest(request_id=str(uuid4()), innovation_id=innovation_id)
    answers = await asyncio.gather(*(stub.AdvanceInnovation(request, metadata=served.caller()) for _ in range(6)))
    assert len({answer.SerializeToString() for answer in answers}) == 1
    assert (await found(stub, innovation_id)).phase == ia.PHASE_EXPLORE


async def test_a_workshop_is_kept_with_who_came_and_what_came_of_it(served: Served, stub: Stub) -> None:
    first, second = await proposed(served, stub), await proposed(served, stub)
    request = workshop([first, second], workshop_pb2.Output(kind=workshop_pb2.OUTPUT_KIND_PLAN_IMPROVED, innovation_id=second))
    written = (await stub.HoldWorkshop(request, metadata=served.caller())).written
    standing = (await stub.GetWorkshop(pb.GetWorkshopRequest(workshop_id=written.id))).workshop
    assert (standing.participants, standing.innovation_ids) == (request.participants, [first, second])
    assert [(output.kind, output.innovation_id) for output in standing.outputs] == [(workshop_pb2.OUTPUT_KIND_PLAN_IMPROVED, second)]
    listed = await stub.ListWorkshops(pb.ListWorkshopsRequest(quarter="2026-Q3"))
    assert standing in listed.workshops
    assert await facts(served, written.id) == ["workshop.held"]


async def test_a_workshop_cannot_discuss_what_does_not_exist(served: Served, stub: Stub) -> None:
    missing = str(uuid4())
    refused = await served.refusal(stub.HoldWorkshop(workshop([await proposed(served, stub), missing]), metadata=served.caller()))
    assert (refused.code, refused.details["id"]) == ("NOT_FOUND", missing)


def workshop(innovation_ids: list[str], *outputs: workshop_pb2.Output) -> pb.HoldWorkshopRequest:
    return pb.HoldWorkshopRequest(
        request_id=str(uuid4()), quarter="2026-Q3", innovation_ids=innovation_ids, outputs=outputs,
        participants=[
            workshop_pb2.Attendance(sector=sectors.PARTICIPANT_SECTOR_OFFICIAL, count=11),
            workshop_pb2.Attendance(sector=sectors.PARTICIPANT_SECTOR_NGO, count=8),
        ],
    )  # fmt: skip


async def test_pages_of_innovations_follow_each_other_without_gap_or_repetition(served: Served, stub: Stub) -> None:
    made = {await proposed(served, stub, innovation_field=words.INNOVATION_FIELD_JOBS) for _ in range(5)}
    request = pb.ListInnovationsRequest(page_size=2, innovation_field=words.INNOVATION_FIELD_JOBS, phase=ia.PHASE_PROPOSED)
    seen: list[str] = []
    while True:
        page = await stub.ListInnovations(request)
        seen += [innovation.innovation_id for innovation in page.innovations]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert (len(seen), set(seen)) == (5, made)


async def test_what_belongs_to_an_innovation_is_listed_with_it(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    advice_id, indicator_id = await advised(served, stub, innovation_id), await indicated(served, stub, innovation_id)
    notes = (await stub.ListAdviceNotes(pb.ListAdviceNotesRequest(innovation_id=innovation_id))).advice_notes
    indicators = (await stub.ListIndicators(pb.ListIndicatorsRequest(innovation_id=innovation_id))).indicators
    assert [note.advice_id for note in notes] == [advice_id]
    assert [indicator.indicator_id for indicator in indicators] == [indicator_id]
    assert notes[0] == (await stub.GetAdviceNote(pb.GetAdviceNoteRequest(advice_id=advice_id))).advice_note
    assert indicators[0] == (await stub.GetIndicator(pb.GetIndicatorRequest(indicator_id=indicator_id))).indicator


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "\u3000 "}, "TITLE_REQUIRED"),
        ({"title": "가" * 201}, "TEXT_TOO_LONG"),
        ({"innovation_field": 0}, "ENUM_UNKNOWN"),
        ({"discovery_source": 7}, "ENUM_UNKNOWN"),
        ({"departments": ["주택과", "주택과"]}, "DUPLICATE_ITEM"),
        ({"departments": [""]}, "FIELD_REQUIRED"),
        ({"district_code": "99999"}, "DISTRICT_UNKNOWN"),
        ({"proposed_at": {"seconds": 253402300799}}, "TIME_RANGE"),
        ({"adopted_from": ia.AdoptedFrom(service=ia.ADOPTED_SERVICE_AGENDA, source_id="x")}, "ID_INVALID"),
    ],
)
async def test_a_wrong_proposal_has_a_stable_code(served: Served, stub: Stub, changes: dict[str, Any], code: str) -> None:
    assert (await served.refusal(stub.ProposeInnovation(proposal(**changes), metadata=served.caller()))).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": "2026-13"}, "PERIOD_INVALID"),
        ({"period": ""}, "PERIOD_INVALID"),
        ({"value": float("nan")}, "RANGE_INVALID"),
        ({"measured_by": ""}, "FIELD_REQUIRED"),
    ],
)
async def test_a_wrong_measurement_has_a_stable_code(served: Served, stub: Stub, changes: dict[str, Any], code: str) -> None:
    refused = await served.refusal(stub.MeasureIndicator(measurement(str(uuid4()), **changes), metadata=served.caller()))
    assert refused.code == code


async def test_a_sector_is_counted_once_and_a_quarter_has_four_values(served: Served, stub: Stub) -> None:
    request = workshop([])
    request.participants.append(request.participants[0])
    assert (await served.refusal(stub.HoldWorkshop(request, metadata=served.caller()))).code == "DUPLICATE_ITEM"
    request = workshop([])
    request.quarter = "2026-Q5"
    assert (await served.refusal(stub.HoldWorkshop(request, metadata=served.caller()))).code == "QUARTER_INVALID"
