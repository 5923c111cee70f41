"""The owner rule, case by case."""

import pytest

from services.kit.errors import Kind, Refused
from services.workshops.routing import OFFICER, RULE, Override, OwnerType, Routing, Situation


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
