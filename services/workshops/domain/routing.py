"""Who owns an innovation agenda, by a rule that is data with a version. Pure.

Source: docs/glossary.md, "routing rule": several departments, or none clear, is the Social Innovation Officer's; what stands in one
department's business plan or current work is that department's; against the rule only with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import invalid, wrong_state
from services.kit.ids import derived_id
from services.kit.transitions import Transitions
from services.kit.write import Change
from services.workshops.events import RoutingRuleActivated, RoutingRuleProposed, RoutingRuleRetired, RoutingRuleTried

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


class RuleStatus(StrEnum):
    """Where a version of the rule stands."""

    DRAFT = "draft"
    TRIED = "tried"
    ACTIVE = "active"
    RETIRED = "retired"


TRANSITIONS = Transitions[RuleStatus](
    "routing rule",
    {
        RuleStatus.DRAFT: {RuleStatus.TRIED},
        RuleStatus.TRIED: {RuleStatus.TRIED, RuleStatus.ACTIVE},
        RuleStatus.ACTIVE: {RuleStatus.RETIRED},
    },
)


@dataclass(frozen=True, slots=True)
class RoutingChange:
    """An innovation agenda that would have another owner."""

    innovation_id: UUID
    title: str
    owner_now: str
    owner_then: str
    reason: Situation


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying a version came to: against how many innovation agendas, how many would change, and the newest of those."""

    against: int
    would_change: int
    changes: tuple[RoutingChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One version of the rule: which kind of owner each situation has."""

    id: UUID
    version: int
    status: RuleStatus
    owners: Mapping[Situation, OwnerType]
    reason: str
    proposed_at: datetime
    tried_at: datetime | None = None
    tried_against: int = 0
    would_change: int = 0
    activated_at: datetime | None = None
    retired_at: datetime | None = None

    @property
    def owner(self) -> None:
        """A rule is the whole city's."""

    def proposed(self) -> Change["RoutingRule"]:
        """It was proposed.

        Raises:
            Refused: RULE_INCOMPLETE where a situation has no owner, RULE_OWNER_INVALID where a department is to own what concerns none.
        """
        if missing := [situation for situation in Situation if situation not in self.owners]:
            raise invalid("RULE_INCOMPLETE", f"a rule names an owner for each situation; it lacks {', '.join(missing)}", "owners")
        if self.owners[Situation.NO_DEPARTMENT_CLEAR] is OwnerType.DEPARTMENT:
            raise invalid("RULE_OWNER_INVALID", "where no department is clear, none can own it", "owners")
        return Change(self, RoutingRuleProposed(self.proposed_at))

    def tried(self, trial: Trial, *, at: datetime) -> Change["RoutingRule"]:
        """It was tried; a later trial takes the place of an earlier one."""
        TRANSITIONS.check(self.status, RuleStatus.TRIED)
        counted = replace(self, status=RuleStatus.TRIED, tried_at=at, tried_against=trial.against, would_change=trial.would_change)
        return Change(counted, RoutingRuleTried(at))

    def activate(self, *, at: datetime) -> Change["RoutingRule"]:
        """Come into force. Raises Refused: RULE_NOT_TRIED before anybody looked at what it would change."""
        if self.status is RuleStatus.DRAFT:
            raise wrong_state("RULE_NOT_TRIED", f"version {self.version} of the rule was not tried yet", version=str(self.version))
        TRANSITIONS.check(self.status, RuleStatus.ACTIVE)
        return Change(replace(self, status=RuleStatus.ACTIVE, activated_at=at), RoutingRuleActivated(at))

    def retire(self, *, at: datetime) -> Change["RoutingRule"]:
        """Another version takes its place."""
        TRANSITIONS.check(self.status, RuleStatus.RETIRED)
        return Change(replace(self, status=RuleStatus.RETIRED, retired_at=at), RoutingRuleRetired(at))

    def route(self, departments: Sequence[str], override: Override, *, in_business_plan: bool) -> Routing:
        """The owner by the rule, or against it.

        Raises:
            Refused: OVERRIDE_REASON_REQUIRED, naming the owner by the rule.
        """
        situation = situation_of(departments, in_business_plan=in_business_plan)
        by_rule = departments[0] if self.owners[situation] is OwnerType.DEPARTMENT else OFFICER
        if override.department in {"", by_rule}:
            return Routing(_type_of(by_rule), by_rule, self.version, situation)
        if not override.reason.strip():
            message = f"the rule names {by_rule} ({situation}); another owner needs a reason"
            raise invalid("OVERRIDE_REASON_REQUIRED", message, "override_reason", owner=by_rule)
        return Routing(_type_of(override.department), override.department, self.version, override.reason, overridden=True)


def situation_of(departments: Sequence[str], *, in_business_plan: bool) -> Situation:
    """What the rule sees in an innovation agenda."""
    if len(departments) != 1:
        return Situation.SEVERAL_DEPARTMENTS if departments else Situation.NO_DEPARTMENT_CLEAR
    return Situation.IN_BUSINESS_PLAN if in_business_plan else Situation.NOT_IN_BUSINESS_PLAN


def _type_of(owner: str) -> OwnerType:
    return OwnerType.SOCIAL_INNOVATION_OFFICER if owner == OFFICER else OwnerType.DEPARTMENT


def first_rule(at: datetime) -> RoutingRule:
    """Version 1, the rule of the published programme; its id is the same everywhere, so that it is made once."""
    owners = {
        Situation.NO_DEPARTMENT_CLEAR: OwnerType.SOCIAL_INNOVATION_OFFICER,
        Situation.SEVERAL_DEPARTMENTS: OwnerType.SOCIAL_INNOVATION_OFFICER,
        Situation.IN_BUSINESS_PLAN: OwnerType.DEPARTMENT,
        Situation.NOT_IN_BUSINESS_PLAN: OwnerType.SOCIAL_INNOVATION_OFFICER,
    }
    return RoutingRule(
        derived_id("workshops", "routing_rule", "1"), 1, RuleStatus.ACTIVE, owners, "published programme", at, activated_at=at
    )
