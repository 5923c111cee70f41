"""What happens to a case after it was taken in, over real gRPC on a real database."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from madang.proposals.v1 import case_messages_pb2 as cases
from madang.proposals.v1 import coordination_pb2 as meetings
from madang.proposals.v1 import proposal_pb2
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from tests.integration.proposals.conftest import BEGIN, Desk

STATUS = proposal_pb2.ProposalStatus.Name


async def status(desk: Desk, proposal_id: str) -> str:
    return STATUS((await desk.shown(proposal_id)).status).removeprefix("PROPOSAL_STATUS_").lower()


async def test_a_case_that_nobody_wants_is_settled_by_a_meeting_with_others(desk: Desk) -> None:
    refused, unclear = await desk.assigned("버스정책과"), await desk.triaged()
    await desk.call(cases.RefuseAssignmentRequest(proposal_id=refused, reason="보도는 우리 소관이 아님"))
    await desk.call(cases.ReferProposalRequest(proposal_id=unclear, reason="소관이 겹침"))
    due_on = (await desk.shown(refused)).due_on
    held = meetings.HoldCoordinationRequest(
        request_id=str(uuid4()), departments=["버스정책과", "보행정책과"],
        decisions=[
            meetings.CaseDecision(proposal_id=unclear, department="버스정책과", reason="정류장 시설"),
            meetings.CaseDecision(proposal_id=refused, department="보행정책과", reason="보도 위"),
        ],
    )  # fmt: skip
    first, again = await desk.call(held), await desk.call(held)
    assert first == again
    meeting = (await desk.call(meetings.GetCoordinationRequest(meeting_id=first.written.id))).meeting
    assert list(meeting.decisions) == list(held.decisions)
    assert [found.meeting_id for found in (await desk.call(meetings.ListCoordinationsRequest())).meetings] == [first.written.id]
    case = await desk.shown(refused)
    assert (case.department, case.bounce_count, case.due_on) == ("보행정책과", 1, due_on)
    assert [(step.from_department, step.to_department, step.meeting_id) for step in case.routing] == [
        ("", "버스정책과", ""), ("버스정책과", "", ""), ("", "보행정책과", first.written.id),
    ]  # fmt: skip
    assert (await desk.steps(refused))[-3:] == ["routed", "assignment-refused", "routed"]
    assert await status(desk, unclear) == "assigned"


async def test_a_meeting_that_cannot_settle_one_case_settles_none(desk: Desk) -> None:
    good, received = await desk.triaged(), await desk.submitted()
    decisions = [meetings.CaseDecision(proposal_id=case, department="과", reason="담당") for case in (good, received)]
    assert await desk.refusal(meetings.HoldCoordinationRequest(departments=["과"], decisions=decisions)) == "TRANSITION_FORBIDDEN"
    assert await status(desk, good) == "triaged"
    absent = [meetings.CaseDecision(proposal_id=good, department="다른과", reason="담당")]
    assert await desk.refusal(meetings.HoldCoordinationRequest(departments=["과"], decisions=absent)) == "DEPARTMENT_ABSENT"
    assert not await desk.rows("SELECT 1 FROM coordination_meeting")


async def test_a_department_refuses_only_what_is_its_own(desk: Desk) -> None:
    case = await desk.assigned("버스정책과")
    refuse = cases.RefuseAssignmentRequest(proposal_id=case, reason="소관 아님")
    assert await desk.refusal(refuse, role="officer", department="민원과") == "NOT_FOUND"
    await desk.call(refuse, role="officer", department="버스정책과")
    assert await desk.refusal(cases.RefuseAssignmentRequest(proposal_id=case)) == "FIELD_REQUIRED"


async def test_time_is_extended_once_and_the_proposer_hears_in_between(desk: Desk) -> None:
    case = await desk.started()
    before = (await desk.shown(case)).due_on
    extend = cases.ExtendProposalRequest(proposal_id=case, days=5, reason="현장 조사")
    await desk.call(extend)
    await desk.call(pb.StartProposalRequest(proposal_id=case))
    assert await desk.refusal(extend) == "EXTENSIONS_EXHAUSTED"
    words = Text(plain="조사하고 있습니다", language="ko")
    await desk.call(cases.ReplyInterimRequest(proposal_id=case, text=words, department="버스정책과"))
    found = await desk.shown(case)
    assert (before, found.due_on) == ("2026-12-02", "2026-12-09")
    assert [reply.text for reply in found.interim_replies] == [words]
    assert await status(desk, case) == "interim_replied"
    await desk.call(pb.StartProposalRequest(proposal_id=case))
    await desk.answer(case)
    assert (await desk.steps(case))[-5:] == [
        "deadline-extended", "started", "interim-replied", "started", "answered",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_of", "state"),
    [
        (lambda case: cases.TransferProposalRequest(proposal_id=case, body="국토교통부", reason="국도"), "transferred"),
        (lambda case: cases.WithdrawProposalRequest(proposal_id=case, reason="해결됨"), "withdrawn"),
    ],
)
async def test_an_open_case_can_end_without_an_answer(desk: Desk, request_of: Any, state: str) -> None:
    case = await desk.started()
    await desk.call(request_of(case))
    found = await desk.shown(case)
    assert (await status(desk, case), found.due_on, bool(found.end_reason)) == (state, "", True)
    assert not await desk.rows("SELECT 1 FROM clock")
    assert await desk.refusal(request_of(case)) == "TRANSITION_FORBIDDEN"


async def test_a_citizen_withdraws_rates_and_appeals_only_for_herself(desk: Desk) -> None:
    case = await desk.started()
    await desk.call(cases.FlagAbuseRequest(proposal_id=case, reason="욕설"))
    await desk.answer(case)
    for request in (
        cases.WithdrawProposalRequest(proposal_id=case),
        cases.RateAnswerRequest(proposal_id=case, satisfaction=5),
        cases.AppealFlagRequest(proposal_id=case, reason="사실이 아님"),
    ):
        assert await desk.refusal(request, role="citizen", subject="resident-2") == "NOT_FOUND"
    await desk.call(cases.RateAnswerRequest(proposal_id=case, satisfaction=5), role="citizen", subject="resident-1")
    assert (await desk.shown(case)).answer.satisfaction == 5


async def test_whoever_supports_counts_once_and_is_never_published(desk: Desk) -> None:
    case = await desk.submitted()
    await desk.support(case, "person-4711", "person-4711")
    await asyncio.gather(*(desk.support(case, "person-4712") for _ in range(4)))
    found = await desk.shown(case)
    assert (found.supports, found.obliged_until) == (2, "")
    payloads = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(case))
    assert not [row for row in payloads if b"person-47" in row["payload"]]
    assert await desk.steps(case) == ["received", "supported", "supported"]


async def test_enough_supports_in_time_oblige_an_answer_within_a_month(desk: Desk) -> None:
    obliged, late = await desk.submitted("제때"), await desk.submitted("늦음")
    desk.clock.at = BEGIN + timedelta(days=30)
    await desk.support(obliged, "a", "b", "c")
    desk.clock.at += timedelta(minutes=1)
    await desk.support(late, "a", "b", "c")
    assert (await desk.shown(obliged)).obliged_until == "2027-01-22"
    assert (await desk.steps(obliged))[-2:] == ["supported", "answer-obliged"]
    assert await desk.listed(obliged=True) == {obliged}


async def test_a_merged_proposal_hears_what_the_one_that_stays_is_answered(desk: Desk) -> None:
    stays, first, second = await desk.started("버스정책과"), await desk.assigned("보행정책과"), await desk.submitted()
    await desk.support(stays, "a")
    await desk.support(first, "a", "b")
    await desk.support(second, "c")
    await desk.call(cases.MergeProposalRequest(proposal_id=second, into=first, reason="같은 내용"))
    written = (await desk.call(cases.MergeProposalRequest(proposal_id=first, into=stays, reason="같은 내용"))).written
    assert written.id == stays
    found = await desk.shown(stays)
    assert (found.supports, set(found.merged), found.obliged_until != "") == (3, {first, second}, True)  # a, b, c: a counts once
    assert ((await desk.shown(first)).merged_into, (await desk.shown(second)).merged_into) == (stays, first)
    assert await desk.refusal(cases.SupportProposalRequest(proposal_id=first, supporter_ref="d")) == "PROPOSAL_NOT_OPEN"
    await desk.answer(stays, "모두에게", role="officer", department="버스정책과")
    for case in (first, second):
        heard = await desk.shown(case)
        assert (heard.answer.text.plain, heard.status) == ("모두에게", proposal_pb2.PROPOSAL_STATUS_MERGED)
        assert (await desk.steps(case))[-2:] == ["merged", "answered"]
    assert (await desk.shown(stays)).status == proposal_pb2.PROPOSAL_STATUS_ANSWERED


async def test_merging_has_its_refusals(desk: Desk) -> None:
    stays, other, closed = await desk.submitted(), await desk.assigned("보행정책과"), await desk.started()
    await desk.answer(closed)
    for proposal_id, into, code in (
        (stays, stays, "MERGE_WITH_ITSELF"),
        (stays, closed, "PROPOSAL_NOT_OPEN"),
        (closed, stays, "TRANSITION_FORBIDDEN"),
        (stays, str(uuid4()), "NOT_FOUND"),
    ):
        assert await desk.refusal(cases.MergeProposalRequest(proposal_id=proposal_id, into=into, reason="같음")) == code
    strange = cases.MergeProposalRequest(proposal_id=stays, into=other, reason="같음")
    assert await desk.refusal(strange, role="officer", department="버스정책과") == "NOT_FOUND"


async def test_two_that_are_merged_into_each_other_at_once_leave_one(desk: Desk) -> None:
    one, other = await desk.submitted(), await desk.submitted()
    calls = [desk.call(cases.MergeProposalRequest(proposal_id=a, into=b, reason="같음")) for a, b in ((one, other), (other, one))]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert sorted([await status(desk, one), await status(desk, other)]) == ["merged", "received"]


async def test_a_flagged_case_is_answered_all_the_same_and_the_flag_can_be_lifted(desk: Desk) -> None:
    case = await desk.started()
    await desk.call(cases.FlagAbuseRequest(proposal_id=case, reason="욕설을 적음"))
    await desk.call(cases.AppealFlagRequest(proposal_id=case, reason="인용한 말"), role="citizen", subject="resident-1")
    [flag] = (await desk.call(cases.ListAbuseFlagsRequest(status=proposal_pb2.FLAG_STATUS_APPEALED))).flags
    assert (flag.proposal_id, flag.reason, flag.appeal) == (case, "욕설을 적음", "인용한 말")
    await desk.answer(case)
    decide = cases.DecideAppealRequest(proposal_id=case, decision=proposal_pb2.FLAG_STATUS_LIFTED, reason="오해")
    assert await desk.refusal(decide, role="officer", department="버스정책과") == "NOT_ALLOWED"
    await desk.call(decide, role="innovation_officer")
    assert (await desk.shown(case)).flag == proposal_pb2.FLAG_STATUS_LIFTED
    assert (await desk.steps(case))[-4:] == ["abuse-flagged", "abuse-appealed", "answered", "abuse-decided"]
    assert not (await desk.call(cases.ListAbuseFlagsRequest(status=proposal_pb2.FLAG_STATUS_APPEALED))).flags


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (cases.RateAnswerRequest(satisfaction=6), "SATISFACTION_RANGE"),
        (cases.RateAnswerRequest(satisfaction=3), "NOT_ANSWERED"),
        (cases.ExtendProposalRequest(days=0, reason="사유"), "RANGE_INVALID"),
        (cases.ExtendProposalRequest(days=5, reason=""), "FIELD_REQUIRED"),
        (cases.SupportProposalRequest(), "FIELD_REQUIRED"),
        (cases.AppealFlagRequest(reason="아님"), "NOT_FLAGGED"),
        (cases.DecideAppealRequest(decision=proposal_pb2.FLAG_STATUS_FLAGGED, reason="?"), "ENUM_UNKNOWN"),
        (cases.ReplyInterimRequest(text=Text(plain="가" * 8001), department="과"), "TEXT_TOO_LONG"),
        (cases.TransferProposalRequest(reason="국도"), "FIELD_REQUIRED"),
        (pb.AnswerProposalRequest(department="과"), "FIELD_REQUIRED"),
    ],
)
async def test_bad_input_for_a_case_has_a_stable_code(desk: Desk, request_: Any, code: str) -> None:
    request_.proposal_id = await desk.triaged()
    assert await desk.refusal(request_) == code


async def test_a_listing_is_narrowed_by_what_the_case_is(desk: Desk) -> None:
    town, plain = await desk.triaged("공구 도서관", service_code="rule_improvement"), await desk.submitted()
    assert await desk.listed(service_code="rule_improvement") == {town}
    assert await desk.listed(case_kind=proposal_pb2.CASE_KIND_GENERAL) == {town}
    assert await desk.listed(channel=proposal_pb2.CHANNEL_WEB) == {town, plain}
    assert await desk.listed(received_in="2026-11") == {town, plain}
    assert await desk.listed(received_in="2025") == await desk.listed(overdue=True) == set()
    assert await desk.refusal(pb.ListProposalsRequest(received_in="2026-13")) == "PERIOD_INVALID"
    assert await desk.refusal(pb.ListProposalsRequest(service_code="ufo")) == "SERVICE_CODE_UNKNOWN"


async def test_the_service_codes_are_told_to_everybody(desk: Desk) -> None:
    services = (await desk.call(pb.ListServiceCodesRequest(), role="citizen")).services
    assert {"rule_improvement", "town_project"} <= {service.code for service in services}
