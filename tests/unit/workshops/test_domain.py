"""What is true of innovation agendas, their gates, advice, indicators and workshops, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.vocabulary import InnovationField
from services.workshops.domain import (
    TRANSITIONS,
    DiscoverySource,
    Evidence,
    Indicator,
    Innovation,
    Measurement,
    Output,
    OutputKind,
    ParticipantSector,
    Phase,
    Workshop,
)
from services.workshops.events import (
    IndicatorMeasured,
    InnovationPhaseChanged,
    InnovationProposed,
    OwnerAssigned,
    PlanWritten,
    WorkshopHeld,
)
from services.workshops.routing import OFFICER, RULE, Override, OwnerType, Routing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLAN = Text("세 동네에서 시작한다", "ko")
PROVED = Evidence(advice_notes=1, measured_indicators=1)
INNOVATION = Innovation(
    UUID(int=1), Phase.PROPOSED, "공구 도서관", Text(""), InnovationField.LIVING_CULTURE_AND_SPACE, DiscoverySource.DEPARTMENT, AT,
    departments=("사회혁신과",), in_business_plan=True, plan=PLAN,
    routing=Routing(OwnerType.DEPARTMENT, "사회혁신과", 1, "in_business_plan"),
)  # fmt: skip
FORWARD = [
    (Phase.PROPOSED, Phase.EXPLORE), (Phase.EXPLORE, Phase.PLAN), (Phase.PLAN, Phase.PRACTISE), (Phase.PRACTISE, Phase.DIFFUSE),
    (Phase.DIFFUSE, Phase.COMPLETED),
]  # fmt: skip
WORKSHOP = Workshop(UUID(int=9), "2026-Q4", AT, ((ParticipantSector.NGO, 8),), (INNOVATION.id,))


def test_the_phases_are_those_of_the_programme_with_one_way_back() -> None:
    assert {(phase, after) for phase, nexts in TRANSITIONS for after in nexts} == {*FORWARD, (Phase.PLAN, Phase.EXPLORE)}


@pytest.mark.parametrize(("phase", "after"), FORWARD)
def test_with_all_gates_open_it_goes_to_the_next_phase(phase: Phase, after: Phase) -> None:
    change = replace(INNOVATION, phase=phase).advance(PROVED, at=AT)
    assert (change.state.phase, change.fact) == (after, InnovationPhaseChanged(AT, phase))


def test_what_is_completed_goes_nowhere() -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=Phase.COMPLETED).advance(PROVED, at=AT)
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["allowed"] == "nothing: it is final"


@pytest.mark.parametrize(
    ("phase", "changes", "evidence", "missing"),
    [
        (Phase.PLAN, {"routing": None}, PROVED, "owner"),
        (Phase.PLAN, {"plan": None}, PROVED, "plan"),
        (Phase.PLAN, {}, Evidence(measured_indicators=1), "advice"),
        (Phase.PLAN, {"routing": None, "plan": None}, Evidence(), "owner, plan, advice"),
        (Phase.PRACTISE, {}, Evidence(advice_notes=5), "measured_indicator"),
    ],
)
def test_a_closed_gate_names_everything_that_is_missing(phase: Phase, changes: dict[str, object], evidence: Evidence, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase, **changes).advance(evidence, at=AT)  # type: ignore[arg-type]
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "GATE_CLOSED")
    assert refused.value.details["missing"] == missing
    assert missing in refused.value.message


@pytest.mark.parametrize("phase", [Phase.PROPOSED, Phase.EXPLORE, Phase.DIFFUSE])
def test_the_other_phases_have_no_gate(phase: Phase) -> None:
    assert replace(INNOVATION, phase=phase, routing=None, plan=None).advance(Evidence(), at=AT).fact == InnovationPhaseChanged(AT, phase)


def test_a_plan_can_be_sent_back_and_is_kept() -> None:
    change = replace(INNOVATION, phase=Phase.PLAN).send_back("조사 먼저", at=AT)
    assert (change.state.phase, change.state.plan) == (Phase.EXPLORE, PLAN)
    assert change.fact == InnovationPhaseChanged(AT, Phase.PLAN, "조사 먼저")


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.PLAN])
def test_nothing_but_a_plan_is_sent_back(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).send_back("왜", at=AT)
    assert (refused.value.code, refused.value.details["phase"]) == ("PHASE_FORBIDDEN", phase)


def test_a_plan_is_written_in_its_phase_and_replaces_the_one_before() -> None:
    change = replace(INNOVATION, phase=Phase.PLAN).write_plan(Text("다시"), at=AT)
    assert (change.state.plan, change.fact) == (Text("다시"), PlanWritten(AT))


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.PLAN])
def test_a_plan_is_written_in_no_other_phase(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).write_plan(PLAN, at=AT)
    assert refused.value.code == "PHASE_FORBIDDEN"
    assert "in plan; this one is in" in refused.value.message


def test_an_owner_comes_with_the_rules_version_and_reason() -> None:
    change = replace(INNOVATION, routing=None, departments=("가", "나")).assign_owner(RULE, Override(), at=AT)
    assert change.state.routing == Routing(OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, RULE.version, "several_departments")
    assert (change.state.owner, change.fact) == (OFFICER, OwnerAssigned(AT))


def test_what_is_completed_keeps_its_owner() -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=Phase.COMPLETED).assign_owner(RULE, Override(), at=AT)
    assert refused.value.code == "PHASE_FORBIDDEN"


def test_nobody_owns_what_was_not_assigned() -> None:
    assert replace(INNOVATION, routing=None).owner is None
    assert INNOVATION.proposed().fact == InnovationProposed(AT)


def test_the_newest_measurement_stands() -> None:
    indicator = Indicator(UUID(int=2), INNOVATION.id, "대여 건수", "건", 0, 120, "장부", AT)
    first, second = Measurement(80, "2026-08", "도시 연구원", AT), Measurement(143, "2026-09", "도시 연구원", AT.replace(day=24))
    change = indicator.measure(first).state.measure(second)
    assert (change.state.measurement, change.fact) == (second, IndicatorMeasured(second.measured_at))


def test_an_output_is_about_what_was_discussed() -> None:
    heard = replace(WORKSHOP, outputs=(Output(OutputKind.PLAN_IMPROVED, INNOVATION.id, Text("")),))
    assert heard.held().fact == WorkshopHeld(AT)
    with pytest.raises(Refused) as refused:
        replace(WORKSHOP, outputs=(*heard.outputs, Output(OutputKind.AGENDA_FOUND, UUID(int=3), Text("")))).held()
    assert (refused.value.code, refused.value.violations[0].field) == ("OUTPUT_NOT_DISCUSSED", "outputs[1].innovation_id")
