"""Who owns an innovation agenda, by a rule that is data with a version. Pure.

Source: docs/glossary.md, "routing rule": several departments, or none clear, is the Social Innovation Officer's; what stands in one
department's business plan or current work is that department's; against the rule only with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.kit.errors import invalid

OFFICER = "social_innovation_officer"


class OwnerType(StrEnum):
    """What kind of owner it is."""

    DEPARTMENT = "department"
    SOCIAL_INNOVATION_OFFICER = OFFICER


class Situation(StrEnum):
    """What the rule tells apart; also its reason."""

    NO_DEPARTMENT_CLEAR = "no_department_clear"
    SEVERAL_DEPARTMENTS = "several_departments"
    IN_BUSINESS_PLAN = "in_business_plan"
    NOT_IN_BUSINESS_PLAN = "not_in_business_plan"


@dataclass(frozen=True, slots=True)
class Routing:
    """An owner, and why this one."""

    owner_type: OwnerType
    owner: str
    rule_version: int
    reason: str
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """A department that is to own it whatever the rule says; empty for none."""

    department: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One version of the rule: which kind of owner each situation has."""

    version: int
    owners: Mapping[Situation, OwnerType]

    def route(self, departments: Sequence[str], override: Override, *, in_business_plan: bool) -> Routing:
        """The owner by the rule, or against it.

        Raises:
            Refused: OVERRIDE_REASON_REQUIRED, naming the owner by the rule.
        """
        situation = _situation(departments, in_business_plan=in_business_plan)
        by_rule = departments[0] if self.owners[situation] is OwnerType.DEPARTMENT else OFFICER
        if override.department in {"", by_rule}:
            return Routing(_type_of(by_rule), by_rule, self.version, situation)
        if not override.reason.strip():
            message = f"the rule names {by_rule} ({situation}); another owner needs a reason"
            raise invalid("OVERRIDE_REASON_REQUIRED", message, "override_reason", owner=by_rule)
        return Routing(_type_of(override.department), override.department, self.version, override.reason, overridden=True)


def _situation(departments: Sequence[str], *, in_business_plan: bool) -> Situation:
    if len(departments) != 1:
        return Situation.SEVERAL_DEPARTMENTS if departments else Situation.NO_DEPARTMENT_CLEAR
    return Situation.IN_BUSINESS_PLAN if in_business_plan else Situation.NOT_IN_BUSINESS_PLAN


def _type_of(owner: str) -> OwnerType:
    return OwnerType.SOCIAL_INNOVATION_OFFICER if owner == OFFICER else OwnerType.DEPARTMENT


RULE = RoutingRule(
    version=1,
    owners={
        Situation.NO_DEPARTMENT_CLEAR: OwnerType.SOCIAL_INNOVATION_OFFICER,
        Situation.SEVERAL_DEPARTMENTS: OwnerType.SOCIAL_INNOVATION_OFFICER,
        Situation.IN_BUSINESS_PLAN: OwnerType.DEPARTMENT,
        Situation.NOT_IN_BUSINESS_PLAN: OwnerType.SOCIAL_INNOVATION_OFFICER,
    },
)
