"""What is true of innovation agendas and their gates, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.vocabulary import InnovationField
from services.workshops.domain.innovation import (
    MAX_OWNERS,
    TRANSITIONS,
    UNDER_WAY,
    Adopted,
    AdoptedService,
    CoOwner,
    CoOwnerKind,
    DiscoverySource,
    Evidence,
    Innovation,
    Phase,
)
from services.workshops.domain.routing import OFFICER, Override, OwnerType, Routing, RoutingChange, Situation, first_rule
from services.workshops.events import CoOwnersSet, InnovationPhaseChanged, InnovationProposed, OwnerAssigned, PlanWritten

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULE = first_rule(AT)
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
COMMANDS = {
    Phase.PAUSED: lambda innovation: innovation.pause("예산 심의", at=AT),
    Phase.SHELVED: lambda innovation: innovation.shelve("수요가 없음", at=AT),
}


def test_the_phases_are_those_of_the_programme_with_one_way_back_and_two_aside() -> None:
    back_and_forth = {*FORWARD, (Phase.PLAN, Phase.EXPLORE)}
    aside = {(phase, after) for phase in UNDER_WAY for after in COMMANDS}
    on_again = {(Phase.PAUSED, phase) for phase in (*UNDER_WAY, Phase.SHELVED)}
    assert {(phase, after) for phase, nexts in TRANSITIONS for after in nexts} == back_and_forth | aside | on_again


@pytest.mark.parametrize(("phase", "after"), FORWARD)
def test_with_all_gates_open_it_goes_to_the_next_phase(phase: Phase, after: Phase) -> None:
    change = replace(INNOVATION, phase=phase).advance(PROVED, at=AT)
    assert (change.state.phase, change.fact) == (after, InnovationPhaseChanged(AT, phase))


@pytest.mark.parametrize("phase", [Phase.COMPLETED, Phase.SHELVED])
def test_what_is_completed_or_shelved_goes_nowhere(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).advance(PROVED, at=AT)
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


@pytest.mark.parametrize("phase", UNDER_WAY)
def test_what_is_under_way_is_paused_and_goes_on_where_it_was(phase: Phase) -> None:
    paused = replace(INNOVATION, phase=phase).pause("예산 심의", at=AT)
    assert (paused.state.phase_left, paused.state.set_aside_reason) == (phase, "예산 심의")
    assert paused.fact == InnovationPhaseChanged(AT, phase, "예산 심의")
    resumed = paused.state.resume(at=AT)
    assert resumed.state == replace(INNOVATION, phase=phase)
    assert resumed.fact == InnovationPhaseChanged(AT, Phase.PAUSED)


def test_what_is_paused_may_be_shelved_and_still_says_where_it_was() -> None:
    shelved = replace(INNOVATION, phase=Phase.PLAN).pause("예산 심의", at=AT).state.shelve("수요가 없음", at=AT)
    assert (shelved.state.phase, shelved.state.phase_left) == (Phase.SHELVED, Phase.PLAN)


@pytest.mark.parametrize(
    ("phase", "after"), [(phase, after) for phase in Phase for after in COMMANDS if after not in TRANSITIONS.after(phase)]
)
def test_what_may_not_be_set_aside_says_where_it_may_go(phase: Phase, after: Phase) -> None:
    with pytest.raises(Refused) as refused:
        COMMANDS[after](replace(INNOVATION, phase=phase))
    assert (refused.value.code, refused.value.details["state"]) == ("TRANSITION_FORBIDDEN", phase)
    assert refused.value.details["allowed"] == (", ".join(sorted(TRANSITIONS.after(phase))) or "nothing: it is final")


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.PAUSED])
def test_nothing_but_what_is_paused_is_resumed(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).resume(at=AT)
    assert refused.value.code == "PHASE_FORBIDDEN"


def test_what_is_paused_does_not_advance() -> None:
    with pytest.raises(Refused) as refused:
        INNOVATION.pause("예산 심의", at=AT).state.advance(PROVED, at=AT)
    assert (refused.value.code, refused.value.details["state"]) == ("TRANSITION_FORBIDDEN", Phase.PAUSED)


def test_every_owner_is_kept_and_a_move_from_one_to_another_counts() -> None:
    fresh = replace(INNOVATION, routing=None)
    first = fresh.assign_owner(RULE, Override(), at=AT).state
    again = first.assign_owner(RULE, Override(), at=AT).state
    moved = again.assign_owner(RULE, Override(OFFICER, "여러 구의 일"), at=AT).state
    assert [state.bounce_count for state in (first, again, moved)] == [0, 0, 1]
    assert [(owned.routing.owner, owned.routing.reason) for owned in moved.owners] == [
        ("사회혁신과", "in_business_plan"), ("사회혁신과", "in_business_plan"), (OFFICER, "여러 구의 일"),
    ]  # fmt: skip


def test_of_very_many_owners_the_newest_are_kept() -> None:
    state = INNOVATION
    for number in range(MAX_OWNERS + 5):
        state = state.assign_owner(RULE, Override(f"과{number}", "옮김"), at=AT).state
    assert (len(state.owners), state.owners[-1].routing.owner) == (MAX_OWNERS, state.owner)
    assert state.bounce_count == MAX_OWNERS + 5


def test_one_public_and_one_civic_institution_answer_beside_the_owner() -> None:
    pair = (CoOwner(CoOwnerKind.PUBLIC, "자치구"), CoOwner(CoOwnerKind.CIVIC, "마을 모임"))
    change = INNOVATION.set_co_owners(pair, at=AT)
    assert (change.state.co_owners, change.fact) == (pair, CoOwnersSet(AT))
    assert change.state.set_co_owners((), at=AT).state.co_owners == ()
    with pytest.raises(Refused) as refused:
        INNOVATION.set_co_owners((*pair, CoOwner(CoOwnerKind.CIVIC, "다른 모임")), at=AT)
    assert (refused.value.code, refused.value.violations[0].field) == ("CO_OWNER_KIND", "co_owners[2].kind")


@pytest.mark.parametrize("phase", [Phase.COMPLETED, Phase.SHELVED])
def test_what_has_ended_gets_no_co_owner(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).set_co_owners((), at=AT)
    assert refused.value.code == "PHASE_FORBIDDEN"


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in {Phase.DIFFUSE, Phase.COMPLETED}])
def test_nobody_takes_over_what_is_not_diffused(phase: Phase) -> None:
    with pytest.raises(Refused) as refused:
        replace(INNOVATION, phase=phase).check_diffusing()
    assert refused.value.code == "PHASE_FORBIDDEN"
    replace(INNOVATION, phase=Phase.DIFFUSE).check_diffusing()


@pytest.mark.parametrize(
    ("service", "source"),
    [
        (AdoptedService.VOICES, DiscoverySource.VICE_MAYOR_VOICE),
        (AdoptedService.COUNCIL, DiscoverySource.COUNCIL_RESOLUTION),
        (AdoptedService.PROPOSALS, DiscoverySource.CITIZEN_PROPOSAL),
    ],
)
def test_what_is_adopted_is_of_the_kind_that_the_discovery_source_says(service: AdoptedService, source: DiscoverySource) -> None:
    adopted = replace(INNOVATION, adopted_from=Adopted(service, UUID(int=5)), discovery_source=source)
    assert adopted.proposed().fact == InnovationProposed(AT)
    with pytest.raises(Refused) as refused:
        replace(adopted, discovery_source=DiscoverySource.DEPARTMENT).proposed()
    assert (refused.value.code, refused.value.details["expected"]) == ("SOURCE_MISMATCH", source)


@pytest.mark.parametrize("source", DiscoverySource)
def test_an_item_of_the_agenda_may_have_been_discovered_in_any_way(source: DiscoverySource) -> None:
    adopted = Adopted(AdoptedService.AGENDA, UUID(int=5))
    assert replace(INNOVATION, adopted_from=adopted, discovery_source=source).proposed()


def test_another_rule_changes_owners_by_rule_only() -> None:
    rule = replace(RULE, version=2, owners={**RULE.owners, Situation.IN_BUSINESS_PLAN: OwnerType.SOCIAL_INNOVATION_OFFICER})
    assert INNOVATION.change_by(RULE) is None
    assert INNOVATION.change_by(rule) == RoutingChange(INNOVATION.id, INNOVATION.title, "사회혁신과", OFFICER, Situation.IN_BUSINESS_PLAN)
    assert replace(INNOVATION, routing=None).change_by(rule) is None
    assert INNOVATION.assign_owner(RULE, Override("주택과", "합의"), at=AT).state.change_by(rule) is None


def test_a_resolution_is_adopted_from_the_council_only() -> None:
    adopted = Adopted(AdoptedService.COUNCIL, UUID(int=5), UUID(int=6))
    resolved = replace(INNOVATION, adopted_from=adopted, discovery_source=DiscoverySource.COUNCIL_RESOLUTION)
    assert resolved.proposed().state.adopted_from == adopted
    with pytest.raises(Refused) as refused:
        replace(resolved, adopted_from=replace(adopted, service=AdoptedService.AGENDA)).proposed()
    assert (refused.value.code, refused.value.violations[0].field) == ("SOURCE_MISMATCH", "adopted_from.resolution_id")
