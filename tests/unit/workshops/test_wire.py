"""Pairs between the wire and the domain lose nothing."""

from dataclasses import replace
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
from services.workshops import events
from services.workshops.domain.advice import AdviceNote
from services.workshops.domain.diffusion import AdopterKind, DiffusionCase, DiffusionScope, Recognition
from services.workshops.domain.indicator import Indicator, Measurement, MeasuringPeriod
from services.workshops.domain.innovation import (
    Adopted,
    AdoptedService,
    CoOwner,
    CoOwnerKind,
    DiscoverySource,
    Innovation,
    Ownership,
    Phase,
)
from services.workshops.domain.routing import OwnerType, Routing, RoutingRule, RuleStatus, Trial, first_rule
from services.workshops.domain.sector import ParticipantSector
from services.workshops.domain.workshop import Output, OutputKind, Session, Workshop, WorkshopKind, WorkshopStatus, first_series
from services.workshops.wire import advice, diffusion, indicator, innovation, routing, workshop

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ROUTING = Routing(OwnerType.DEPARTMENT, "주택과", 1, "합의", overridden=True)
BARE = Innovation(UUID(int=1), Phase.PROPOSED, "제목", Text(""), InnovationField.JOBS, DiscoverySource.CASE_ANALYSIS, AT)
FULL = Innovation(
    UUID(int=2), Phase.DIFFUSE, "공구 도서관", Text("빌려 쓰고 함께 고친다", "ko"), InnovationField.LIVING_CULTURE_AND_SPACE,
    DiscoverySource.COUNCIL_RESOLUTION, AT, Adopted(AdoptedService.COUNCIL, UUID(int=77), UUID(int=78)), ("사회혁신과", "주택과"), True,
    ("sharing",), (RepresentedGroup.ENVIRONMENT,), District("11110"), ROUTING, Text("계획", "ko"), 1,
    (Ownership(Routing(OwnerType.SOCIAL_INNOVATION_OFFICER, "social_innovation_officer", 1, "several_departments"), AT),
     Ownership(ROUTING, AT)),
    (CoOwner(CoOwnerKind.PUBLIC, "자치구"), CoOwner(CoOwnerKind.CIVIC, "마을 모임")), Phase.PLAN, "예산 심의",
)  # fmt: skip
NOTE = AdviceNote(UUID(int=3), FULL.id, ParticipantSector.ACADEMIA, "연구소", Text("좋다", "ko"), AT)
DEFINED = Indicator(UUID(int=4), FULL.id, "대여 건수", "건", 0, 120.5, "장부", AT)
MEASURED = DEFINED.measure(Measurement(0, "2026-09", "도시 연구원", AT)).state
FOLLOWED = replace(MEASURED, measured_every=MeasuringPeriod.QUARTER).measure(Measurement(3, "2026-10", "도시 연구원", AT)).state
PLANNED = Workshop(UUID(int=5), WorkshopKind.LEARNING_MEETING, WorkshopStatus.PLANNED, "2026-Q4", AT, "시민청")
WORKSHOP = PLANNED.hold(
    Session(
        AT, ((ParticipantSector.NGO, 8), (ParticipantSector.OFFICIAL, 3)), (FULL.id, BARE.id),
        (Output(OutputKind.DIFFUSION_AGREED, FULL.id, Text("두 구가 함께", "ko")), Output(OutputKind.AGENDA_FOUND, BARE.id, Text(""))),
    )
).state  # fmt: skip
SERIES = first_series(AT).end_quarter(held=False).state
CASE = DiffusionCase(
    UUID(int=6), FULL.id, InnovationField.JOBS, "이웃 시", AdopterKind.OTHER_CITY, DiffusionScope.EXTERNAL, Text("조례", "ko"), AT
)
HONOURED = CASE.recognise(Recognition("올해의 사례", "혁신 모임", AT)).state
DRAFT = RoutingRule(UUID(int=7), 2, RuleStatus.DRAFT, first_rule(AT).owners, "시험", AT)
TRIED = DRAFT.tried(Trial(8, 2), at=AT).state
RETIRED = TRIED.activate(at=AT).state.retire(at=AT).state
PAIRS: dict[type, tuple[Any, Any, Any]] = {
    Innovation: (innovation.innovation_to_wire, innovation.innovation_from_wire, innovation.event_of),
    AdviceNote: (advice.advice_note_to_wire, advice.advice_note_from_wire, advice.event_of),
    Indicator: (indicator.indicator_to_wire, indicator.indicator_from_wire, indicator.event_of),
    Workshop: (workshop.workshop_to_wire, workshop.workshop_from_wire, workshop.event_of),
    type(SERIES): (workshop.series_to_wire, workshop.series_from_wire, workshop.series_event_of),
    DiffusionCase: (diffusion.case_to_wire, diffusion.case_from_wire, diffusion.event_of),
    RoutingRule: (routing.rule_to_wire, routing.rule_from_wire, routing.event_of),
}
STATES: dict[events.WorkshopsFact, Any] = {
    events.InnovationProposed(AT): BARE,
    events.InnovationPhaseChanged(AT, Phase.PLAN, "다시"): FULL,
    events.OwnerAssigned(AT): FULL,
    events.CoOwnersSet(AT): FULL,
    events.PlanWritten(AT): FULL,
    events.AdviceRecorded(AT): NOTE,
    events.IndicatorDefined(AT): DEFINED,
    events.IndicatorMeasured(AT): MEASURED,
    events.MeasurementMissed(AT): FOLLOWED,
    events.WorkshopPlanned(AT): PLANNED,
    events.WorkshopHeld(AT): WORKSHOP,
    events.QuarterWithoutWorkshop(AT, "2026-Q4"): SERIES,
    events.CaseDiffused(AT): CASE,
    events.CaseRecognised(AT): HONOURED,
    events.RoutingRuleProposed(AT): DRAFT,
    events.RoutingRuleTried(AT): TRIED,
    events.RoutingRuleActivated(AT): first_rule(AT),
    events.RoutingRuleRetired(AT): RETIRED,
}
FACTS: dict[type[Any], type[Any]] = {
    **innovation.FACTS, **advice.FACTS, **indicator.FACTS, **workshop.FACTS, **workshop.SERIES_FACTS, **diffusion.FACTS, **routing.FACTS,
}  # fmt: skip


@pytest.mark.parametrize("state", [*STATES.values(), MEASURED, FOLLOWED], ids=lambda state: type(state).__name__)
def test_a_state_comes_back_as_it_went(state: Any) -> None:
    to_wire, from_wire, _ = PAIRS[type(state)]
    assert from_wire(to_wire(state)) == state


@pytest.mark.parametrize("fact", STATES, ids=lambda fact: type(fact).__name__)
def test_every_fact_carries_the_whole_state_and_has_a_type(fact: events.WorkshopsFact) -> None:
    _, from_wire, event_of = PAIRS[type(STATES[fact])]
    message: Any = event_of(fact, STATES[fact])
    assert from_wire(message.after) == STATES[fact]
    assert event_type_of(message).startswith("kr.go.seoul.madang.")


def test_every_fact_of_the_contract_is_published() -> None:
    assert {event_type_of(message) for message in FACTS.values()} == set(EventTypes(events_pb))
    assert set(FACTS) == {type(fact) for fact in STATES}


def test_a_quarter_without_a_workshop_is_named() -> None:
    message: Any = workshop.series_event_of(events.QuarterWithoutWorkshop(AT, "2026-Q4"), SERIES)
    assert message.quarter == "2026-Q4"


def test_an_owner_of_a_situation_is_named_once() -> None:
    message = routing.rule_to_wire(DRAFT)
    message.owners.append(message.owners[0])
    with pytest.raises(Refused) as refused:
        routing.owners_from_wire(message)
    assert (refused.value.code, refused.value.violations[0].field) == ("DUPLICATE_ITEM", "owners[4].situation")


def test_how_far_an_indicator_has_come_is_told_only_where_it_has_a_way() -> None:
    assert indicator.indicator_to_wire(MEASURED).progress == 0
    assert indicator.indicator_to_wire(MEASURED).HasField("progress")
    assert not indicator.indicator_to_wire(DEFINED).HasField("progress")


def test_a_change_of_phase_says_what_was_left_and_why() -> None:
    message: Any = innovation.event_of(events.InnovationPhaseChanged(AT, Phase.PLAN, "다시"), FULL)
    assert (message.left, message.reason) == (innovation_agenda_pb2.PHASE_PLAN, "다시")


def test_a_measurement_of_nothing_is_not_no_measurement() -> None:
    assert indicator.indicator_to_wire(MEASURED).HasField("measurement")
    assert not indicator.indicator_to_wire(DEFINED).HasField("measurement")


def test_an_unknown_code_is_refused_by_name() -> None:
    message = innovation.innovation_to_wire(FULL)
    message.phase = 99  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        innovation.innovation_from_wire(message)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "practise" in refused.value.message
