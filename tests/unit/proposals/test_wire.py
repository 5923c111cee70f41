"""Pairs between the wire and the domain lose nothing."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from madang.proposals.v1 import proposal_pb2
from services.kit.contracts import event_type_of
from services.kit.errors import Refused
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.proposals import events
from services.proposals.domain.coordination import CaseDecision, CoordinationMeeting
from services.proposals.domain.knowledge import KnowledgeEntry, KnowledgeStatus
from services.proposals.domain.parts import (
    AbuseFlag,
    Answer,
    CaseKind,
    Channel,
    Extension,
    FlagStatus,
    InterimReply,
    Resolution,
    RoutingDecision,
    Status,
)
from services.proposals.domain.proposal import Proposal
from services.proposals.wire import coordination, knowledge
from services.proposals.wire import proposal as wire

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
FULL = Proposal(
    UUID(int=7), Status.CLOSED, Channel.PARTNER, "그늘막", Text("여름에 덥다", "ko"), AT, CaseKind.GRIEVANCE, "rule_improvement",
    (RepresentedGroup.ELDERLY, RepresentedGroup.DISABLED), ("heat", "bus"), InnovationField.HOUSING_AND_SAFETY, District("11110"), 51,
    "버스정책과", date(2026, 12, 1), Answer(Text("설치", "ko"), "버스정책과", AT), Text("언제?", "ko"), Resolution.ACCEPTED,
    overdue=True, origin="dasan:1", bounce_count=2,
    routing=(RoutingDecision("민원과", "버스정책과", "정류장", "officer", AT, UUID(int=5)),),
    extensions=(Extension("조사", 5, date(2026, 12, 8), AT),), interim_replies=(InterimReply(Text("조사 중", "ko"), "버스정책과", AT),),
    earlier_answers=(Answer(Text("검토", "ko"), "버스정책과", AT, UUID(int=6), 2),), earlier_follow_ups=(Text("왜요?", "ko"),),
    first_answered_at=AT, at_once=True, was_late=True, merged_into=UUID(int=3), merged=(UUID(int=4),), transferred_to="국토교통부",
    end_reason="국도", obliged_until=date(2026, 12, 20), obligation_missed=True, flag=AbuseFlag(FlagStatus.APPEALED, "", AT),
)  # fmt: skip
BARE = Proposal(UUID(int=8), Status.RECEIVED, Channel.WEB, "제목", Text(""), AT)


@pytest.mark.parametrize("proposal", [FULL, BARE], ids=["full", "bare"])
def test_a_proposal_comes_back_as_it_went(proposal: Proposal) -> None:
    assert wire.proposal_from_wire(wire.proposal_to_wire(proposal)) == proposal


SAID = {"days": 5, "supports": 50, "satisfaction": 4, "into": UUID(int=2), "merged": UUID(int=2)}
EVERY = [fact(AT, *(SAID.get(field.name, "담당") for field in fields(fact)[1:])) for fact in wire.FACTS]


@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: type(fact).__name__)
def test_every_fact_carries_the_whole_state_and_has_a_type(fact: events.ProposalFact) -> None:
    message = wire.event_of(fact, FULL)
    assert wire.proposal_from_wire(message.after) == FULL  # type: ignore[attr-defined]
    assert event_type_of(message).startswith("kr.go.seoul.madang.proposal.")


def test_an_unknown_code_is_refused_by_name() -> None:
    message = wire.proposal_to_wire(FULL)
    message.status = 99  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        wire.proposal_from_wire(message)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "received" in refused.value.message


def test_the_wire_has_no_field_for_the_proposer() -> None:
    assert not any("proposer" in field.name for field in proposal_pb2.Proposal.DESCRIPTOR.fields)


def test_why_a_case_is_flagged_never_leaves_with_a_fact() -> None:
    flagged = replace(BARE, flag=AbuseFlag(FlagStatus.FLAGGED, "욕설을 적음", AT, "아닙니다", "확인함"))
    sent = wire.event_of(events.AbuseFlagged(AT), flagged).SerializeToString().decode(errors="ignore")
    assert not [word for word in ("욕설을 적음", "아닙니다", "확인함") if word in sent]


def test_a_coordination_meeting_comes_back_as_it_went() -> None:
    meeting = CoordinationMeeting(UUID(int=9), ("버스정책과", "보행정책과"), (CaseDecision(UUID(int=1), "보행정책과", "보도"),), AT)
    event = coordination.event_of(events.CoordinationDecided(AT), meeting)
    assert coordination.meeting_from_wire(event.after) == meeting  # type: ignore[attr-defined]
    assert event_type_of(event) == "kr.go.seoul.madang.coordination.decided.v1"


def test_a_knowledge_entry_comes_back_as_it_went() -> None:
    entry = KnowledgeEntry(
        UUID(int=9), KnowledgeStatus.RETIRED, "분리배출 요일은?", Text("월요일", "ko"), "environment", "자원순환과", AT, UUID(int=1), "바뀜"
    )
    assert knowledge.entry_from_wire(knowledge.entry_to_wire(entry)) == entry
