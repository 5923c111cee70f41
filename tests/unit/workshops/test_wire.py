"""Pairs between the wire and the domain lose nothing."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import innovation_agenda_pb2
from services.kit.contracts import EventTypes, event_type_of
from services.kit.errors import Refused
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.workshops import events, wire
from services.workshops.domain import (
    Adopted,
    AdoptedService,
    AdviceNote,
    DiscoverySource,
    Indicator,
    Innovation,
    Measurement,
    Output,
    OutputKind,
    ParticipantSector,
    Phase,
    Workshop,
)
from services.workshops.routing import OwnerType, Routing

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
BARE = Innovation(UUID(int=1), Phase.PROPOSED, "제목", Text(""), InnovationField.JOBS, DiscoverySource.CASE_ANALYSIS, AT)
FULL = Innovation(
    UUID(int=2), Phase.DIFFUSE, "공구 도서관", Text("빌려 쓰고 함께 고친다", "ko"), InnovationField.LIVING_CULTURE_AND_SPACE,
    DiscoverySource.CITIZEN_PROPOSAL, AT, Adopted(AdoptedService.PROPOSALS, UUID(int=77)), ("사회혁신과", "주택과"), True, ("sharing",),
    (RepresentedGroup.ENVIRONMENT,), District("11110"), Routing(OwnerType.DEPARTMENT, "주택과", 1, "합의", overridden=True),
    Text("계획", "ko"),
)  # fmt: skip
NOTE = AdviceNote(UUID(int=3), FULL.id, ParticipantSector.ACADEMIA, "연구소", Text("좋다", "ko"), AT)
DEFINED = Indicator(UUID(int=4), FULL.id, "대여 건수", "건", 0, 120.5, "장부", AT)
MEASURED = DEFINED.measure(Measurement(0, "2026-09", "도시 연구원", AT)).state
WORKSHOP = Workshop(
    UUID(int=5), "2026-Q4", AT, ((ParticipantSector.NGO, 8), (ParticipantSector.OFFICIAL, 3)), (FULL.id, BARE.id),
    (Output(OutputKind.DIFFUSION_AGREED, FULL.id, Text("두 구가 함께", "ko")), Output(OutputKind.AGENDA_FOUND, BARE.id, Text(""))),
)  # fmt: skip
PAIRS: dict[type, tuple[Any, Any]] = {
    Innovation: (wire.innovation_to_wire, wire.innovation_from_wire),
    AdviceNote: (wire.advice_note_to_wire, wire.advice_note_from_wire),
    Indicator: (wire.indicator_to_wire, wire.indicator_from_wire),
    Workshop: (wire.workshop_to_wire, wire.workshop_from_wire),
}
STATES: dict[events.WorkshopsFact, Any] = {
    events.InnovationProposed(AT): BARE,
    events.InnovationPhaseChanged(AT, Phase.PLAN, "다시"): FULL,
    events.OwnerAssigned(AT): FULL,
    events.PlanWritten(AT): FULL,
    events.AdviceRecorded(AT): NOTE,
    events.IndicatorDefined(AT): DEFINED,
    events.IndicatorMeasured(AT): MEASURED,
    events.WorkshopHeld(AT): WORKSHOP,
}


@pytest.mark.parametrize("state", [BARE, FULL, NOTE, DEFINED, MEASURED, WORKSHOP], ids=lambda state: type(state).__name__)
def test_a_state_comes_back_as_it_went(state: Any) -> None:
    to_wire, from_wire = PAIRS[type(state)]
    assert from_wire(to_wire(state)) == state


@pytest.mark.parametrize("fact", STATES, ids=lambda fact: type(fact).__name__)
def test_every_fact_carries_the_whole_state_and_has_a_type(fact: events.WorkshopsFact) -> None:
    message: Any = wire.event_of(fact, STATES[fact])
    assert PAIRS[type(STATES[fact])][1](message.after) == STATES[fact]
    assert event_type_of(message).startswith("kr.go.seoul.madang.")


def test_every_fact_of_the_contract_is_published() -> None:
    assert {event_type_of(message) for message in wire.FACTS.values()} == set(EventTypes(events_pb))


def test_a_change_of_phase_says_what_was_left_and_why() -> None:
    message: Any = wire.event_of(events.InnovationPhaseChanged(AT, Phase.PLAN, "다시"), FULL)
    assert (message.left, message.reason) == (innovation_agenda_pb2.PHASE_PLAN, "다시")


def test_a_measurement_of_nothing_is_not_no_measurement() -> None:
    assert wire.indicator_to_wire(MEASURED).HasField("measurement")
    assert not wire.indicator_to_wire(DEFINED).HasField("measurement")


def test_an_unknown_code_is_refused_by_name() -> None:
    message = wire.innovation_to_wire(FULL)
    message.phase = 99  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        wire.innovation_from_wire(message)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "practise" in refused.value.message
