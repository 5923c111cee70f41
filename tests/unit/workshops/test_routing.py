"""The owner rule, case by case."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.errors import Kind, Refused
from services.workshops.domain.routing import (
    OFFICER,
    TRANSITIONS,
    Override,
    OwnerType,
    Routing,
    RoutingRule,
    RuleStatus,
    Situation,
    Trial,
    first_rule,
)
from services.workshops.events import RoutingRuleActivated, RoutingRuleProposed, RoutingRuleRetired, RoutingRuleTried

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULE = first_rule(AT)
DRAFT = RoutingRule(UUID(int=1), 2, RuleStatus.DRAFT, RULE.owners, "부서가 먼저 맡도록", AT)
COMMANDS = {
    RuleStatus.TRIED: lambda rule: rule.tried(Trial(8, 2), at=AT),
    RuleStatus.ACTIVE: lambda rule: rule.activate(at=AT),
    RuleStatus.RETIRED: lambda rule: rule.retire(at=AT),
}


@pytest.mark.parametrize(
    ("departments", "in_business_plan", "owner_type", "owner", "reason"),
    [
        ([], False, OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, "no_department_clear"),
        ([], True, OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, "no_department_clear"),
        (["주택과", "안전과"], False, OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, "several_departments"),
        (["주택과", "안전과"], True, OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, "several_departments"),
        (["주택과"], True, OwnerType.DEPARTMENT, "주택과", "in_business_plan"),
        (["주택과"], False, OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, "not_in_business_plan"),
    ],
)
def test_the_rule_names_an_owner_and_its_reason(
    departments: list[str], in_business_plan: bool, owner_type: OwnerType, owner: str, reason: str
) -> None:
    assert RULE.route(departments, Override(), in_business_plan=in_business_plan) == Routing(owner_type, owner, RULE.version, reason)


def test_the_rule_has_an_answer_for_every_situation() -> None:
    assert set(RULE.owners) == set(Situation)


def test_a_department_may_own_it_against_the_rule_with_a_reason() -> None:
    routing = RULE.route(["주택과", "안전과"], Override("안전과", "협약을 맺은 부서"), in_business_plan=False)
    assert routing == Routing(OwnerType.DEPARTMENT, "안전과", RULE.version, "협약을 맺은 부서", overridden=True)


def test_the_social_innovation_officer_may_own_it_against_the_rule() -> None:
    routing = RULE.route(["주택과"], Override(OFFICER, "여러 자치구로 퍼질 일"), in_business_plan=True)
    assert (routing.owner_type, routing.owner, routing.overridden) == (OwnerType.SOCIAL_INNOVATION_OFFICER, OFFICER, True)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_against_the_rule_without_a_reason_is_refused_naming_the_rules_owner(reason: str) -> None:
    with pytest.raises(Refused) as refused:
        RULE.route(["주택과"], Override("안전과", reason), in_business_plan=True)
    assert (refused.value.kind, refused.value.code) == (Kind.INVALID, "OVERRIDE_REASON_REQUIRED")
    assert refused.value.details["owner"] == "주택과"


def test_naming_the_rules_own_choice_overrides_nothing() -> None:
    assert not RULE.route(["주택과"], Override("주택과"), in_business_plan=True).overridden


def test_the_first_version_is_in_force_and_the_same_wherever_it_is_made() -> None:
    assert (RULE.version, RULE.status, RULE.id) == (1, RuleStatus.ACTIVE, first_rule(datetime(2030, 1, 1, tzinfo=UTC)).id)


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_of_a_version_is_made(state: RuleStatus, after: RuleStatus) -> None:
    assert COMMANDS[after](replace(DRAFT, status=state)).state.status is after


@pytest.mark.parametrize(
    ("state", "after"), [(state, after) for state in RuleStatus for after in COMMANDS if after not in TRANSITIONS.after(state)]
)
def test_a_forbidden_transition_of_a_version_is_refused(state: RuleStatus, after: RuleStatus) -> None:
    with pytest.raises(Refused) as refused:
        COMMANDS[after](replace(DRAFT, status=state))
    untried = (state, after) == (RuleStatus.DRAFT, RuleStatus.ACTIVE)
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "RULE_NOT_TRIED" if untried else "TRANSITION_FORBIDDEN")
    if not untried:
        assert refused.value.details["allowed"] == (", ".join(sorted(TRANSITIONS.after(state))) or "nothing: it is final")


def test_a_version_keeps_how_much_it_would_change() -> None:
    tried = DRAFT.tried(Trial(8, 2), at=AT)
    assert (tried.state.tried_against, tried.state.would_change, tried.fact) == (8, 2, RoutingRuleTried(AT))
    active = tried.state.activate(at=AT)
    assert (active.state.would_change, active.fact) == (2, RoutingRuleActivated(AT))
    assert active.state.retire(at=AT).fact == RoutingRuleRetired(AT)


def test_a_version_has_an_owner_for_every_situation_and_none_that_is_not_there() -> None:
    assert DRAFT.proposed().fact == RoutingRuleProposed(AT)
    short: dict[Situation, OwnerType] = {
        situation: owner for situation, owner in RULE.owners.items() if situation is not Situation.SEVERAL_DEPARTMENTS
    }
    with pytest.raises(Refused, match="several_departments") as refused:
        replace(DRAFT, owners=short).proposed()
    assert refused.value.code == "RULE_INCOMPLETE"
    with pytest.raises(Refused) as refused:
        replace(DRAFT, owners={**RULE.owners, Situation.NO_DEPARTMENT_CLEAR: OwnerType.DEPARTMENT}).proposed()
    assert refused.value.code == "RULE_OWNER_INVALID"


def test_of_several_departments_the_first_may_own_it_by_another_rule() -> None:
    rule = replace(RULE, version=2, owners={**RULE.owners, Situation.SEVERAL_DEPARTMENTS: OwnerType.DEPARTMENT})
    assert rule.route(["주택과", "안전과"], Override(), in_business_plan=False).owner == "주택과"
