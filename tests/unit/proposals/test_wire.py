"""Pairs between the wire and the domain lose nothing."""

from dataclasses import fields
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from madang.proposals.v1 import proposal_pb2
from services.kit.contracts import event_type_of
from services.kit.errors import Refused
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.proposals import events
from services.proposals.domain.proposal import Answer, CaseKind, Channel, Proposal, Resolution, Status
from services.proposals.wire import proposal as wire

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
FULL = Proposal(
    UUID(int=7), Status.CLOSED, Channel.PARTNER, "그늘막", Text("여름에 덥다", "ko"), AT, CaseKind.GRIEVANCE, "rule_improvement",
    (RepresentedGroup.ELDERLY, RepresentedGroup.DISABLED), ("heat", "bus"), InnovationField.HOUSING_AND_SAFETY, District("11110"), 51,
    "버스정책과", date(2026, 12, 1), Answer(Text("설치", "ko"), "버스정책과", AT), Text("언제?", "ko"), Resolution.ACCEPTED,
    overdue=True, origin="dasan:1",
)  # fmt: skip
BARE = Proposal(UUID(int=8), Status.RECEIVED, Channel.WEB, "제목", Text(""), AT)


@pytest.mark.parametrize("proposal", [FULL, BARE], ids=["full", "bare"])
def test_a_proposal_comes_back_as_it_went(proposal: Proposal) -> None:
    assert wire.proposal_from_wire(wire.proposal_to_wire(proposal)) == proposal


@pytest.mark.parametrize(
    "fact", [fact(AT, *("담당" for _ in fields(fact)[1:])) for fact in wire.FACTS], ids=lambda fact: type(fact).__name__
)
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
