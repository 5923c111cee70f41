"""Commands of the workshops service, from the wire to the outbox, without a broker."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.workshops.v1 import innovation_agenda_pb2 as ia
from madang.workshops.v1 import participant_sector_pb2 as sectors
from madang.workshops.v1 import workshop_pb2
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.errors import Kind
from tests.innovations import (
    Stub,
    advanced,
    advised,
    facts,
    found,
    indicated,
    measurement,
    proposal,
    proposed,
    ready_to_practise,
    workshop,
)
from tests.serving import Served


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


async def test_an_innovation_agenda_rests_and_goes_on_where_it_was(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    await advanced(served, stub, innovation_id)
    pause = pb.PauseInnovationRequest(innovation_id=innovation_id, reason="예산 심의를 기다림")
    await stub.PauseInnovation(pause, metadata=served.caller())
    paused = await found(stub, innovation_id)
    assert (paused.phase, paused.phase_left, paused.set_aside_reason) == (ia.PHASE_PAUSED, ia.PHASE_EXPLORE, "예산 심의를 기다림")
    refused = await served.refusal(stub.PauseInnovation(pause, metadata=served.caller()))
    assert (refused.code, refused.details["state"]) == ("TRANSITION_FORBIDDEN", "paused")
    await stub.ResumeInnovation(pb.ResumeInnovationRequest(innovation_id=innovation_id), metadata=served.caller())
    going = await found(stub, innovation_id)
    assert (going.phase, going.phase_left, going.set_aside_reason) == (ia.PHASE_EXPLORE, 0, "")


async def test_what_is_shelved_stays_so(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    request = pb.ShelveInnovationRequest(innovation_id=innovation_id, reason="수요가 없음")
    await stub.ShelveInnovation(request, metadata=served.caller())
    assert (await found(stub, innovation_id)).phase == ia.PHASE_SHELVED
    resume = stub.ResumeInnovation(pb.ResumeInnovationRequest(innovation_id=innovation_id), metadata=served.caller())
    assert (await served.refusal(resume)).code == "PHASE_FORBIDDEN"
    owner = stub.AssignInnovationOwner(pb.AssignInnovationOwnerRequest(innovation_id=innovation_id), metadata=served.caller())
    assert (await served.refusal(owner)).code == "PHASE_FORBIDDEN"


@pytest.mark.parametrize("reason", ["", " \n"])
async def test_nothing_is_set_aside_without_a_reason(served: Served, stub: Stub, reason: str) -> None:
    innovation_id = await proposed(served, stub)
    pause = stub.PauseInnovation(pb.PauseInnovationRequest(innovation_id=innovation_id, reason=reason), metadata=served.caller())
    shelve = stub.ShelveInnovation(pb.ShelveInnovationRequest(innovation_id=innovation_id, reason=reason), metadata=served.caller())
    assert [(await served.refusal(call)).code for call in (pause, shelve)] == ["REASON_REQUIRED"] * 2


async def test_a_pair_of_co_owners_answers_beside_the_owner(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    pair = [ia.CoOwner(kind=ia.CO_OWNER_KIND_PUBLIC, name="자치구"), ia.CoOwner(kind=ia.CO_OWNER_KIND_CIVIC, name="마을 모임")]
    request = pb.SetCoOwnersRequest(innovation_id=innovation_id, co_owners=pair)
    await stub.SetCoOwners(request, metadata=served.caller())
    assert list((await found(stub, innovation_id)).co_owners) == pair
    request.co_owners.append(pair[1])
    assert (await served.refusal(stub.SetCoOwners(request, metadata=served.caller()))).code == "CO_OWNER_KIND"
    assert await facts(served, innovation_id) == ["innovation-agenda.proposed", "innovation-agenda.co-owners-set"]


@pytest.mark.parametrize("sector", [sectors.PARTICIPANT_SECTOR_OFFICIAL, sectors.PARTICIPANT_SECTOR_EXPERT])
async def test_advice_of_another_sector_than_the_four_is_refused(served: Served, stub: Stub, sector: Any) -> None:
    request = pb.RecordAdviceRequest(innovation_id=await proposed(served, stub), sector=sector, opinion=Text(plain="좋다"))
    refused = await served.refusal(stub.RecordAdvice(request, metadata=served.caller()))
    assert (refused.code, refused.violations[0].field) == ("SECTOR_INVALID", "sector")


async def test_every_measurement_is_kept_with_who_took_it(served: Served, stub: Stub) -> None:
    indicator_id = await indicated(served, stub, await proposed(served, stub))
    for value, by in ((57.0, "서울연구원"), (61.2, "시민안전 연구소")):
        await stub.MeasureIndicator(measurement(indicator_id, value=value, measured_by=by), metadata=served.caller())
    standing = (await stub.GetIndicator(pb.GetIndicatorRequest(indicator_id=indicator_id))).indicator
    assert [(one.value, one.measured_by) for one in standing.earlier] == [(57.0, "서울연구원")]
    assert (standing.measurement.value, standing.measurement.measured_by) == (61.2, "시민안전 연구소")
    assert standing.progress == pytest.approx((61.2 - 54.5) / (65 - 54.5))


async def test_a_workshop_is_planned_and_then_held(served: Served, stub: Stub) -> None:
    innovation_id = await proposed(served, stub)
    plan = pb.PlanWorkshopRequest(location="시민청", innovation_ids=[innovation_id])
    plan.starts_at.FromJsonString("2026-12-17T05:00:00Z")
    workshop_id = (await stub.PlanWorkshop(plan, metadata=served.caller())).written.id
    planned = (await stub.GetWorkshop(pb.GetWorkshopRequest(workshop_id=workshop_id))).workshop
    assert (planned.status, planned.kind, planned.quarter) == (
        workshop_pb2.WORKSHOP_STATUS_PLANNED, workshop_pb2.WORKSHOP_KIND_QUARTERLY, "2026-Q4",
    )  # fmt: skip
    assert not planned.HasField("held_at")
    request = workshop([innovation_id])
    request.workshop_id, request.quarter = workshop_id, "2026-Q3"
    assert (await served.refusal(stub.HoldWorkshop(request, metadata=served.caller()))).code == "QUARTER_MISMATCH"
    request.quarter, request.request_id = "", str(uuid4())
    await stub.HoldWorkshop(request, metadata=served.caller())
    held = (await stub.GetWorkshop(pb.GetWorkshopRequest(workshop_id=workshop_id))).workshop
    assert (held.status, held.location, held.starts_at) == (workshop_pb2.WORKSHOP_STATUS_HELD, "시민청", held.held_at)
    assert await facts(served, workshop_id) == ["workshop.planned", "workshop.held"]
    request.request_id = str(uuid4())
    assert (await served.refusal(stub.HoldWorkshop(request, metadata=served.caller()))).code == "TRANSITION_FORBIDDEN"


async def test_learning_meetings_are_listed_apart_from_the_quarters_workshops(served: Served, stub: Stub) -> None:
    request = workshop([])
    request.kind = workshop_pb2.WORKSHOP_KIND_LEARNING_MEETING
    written = (await stub.HoldWorkshop(request, metadata=served.caller())).written
    learning = await stub.ListWorkshops(pb.ListWorkshopsRequest(kind=workshop_pb2.WORKSHOP_KIND_LEARNING_MEETING))
    quarterly = await stub.ListWorkshops(pb.ListWorkshopsRequest(kind=workshop_pb2.WORKSHOP_KIND_QUARTERLY, page_size=500))
    assert written.id in [one.workshop_id for one in learning.workshops]
    assert written.id not in [one.workshop_id for one in quarterly.workshops]
