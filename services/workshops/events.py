"""What happened to innovation agendas, and to what moves them: advice, indicators, workshops, diffusion, the routing rule."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InnovationProposed:
    """It was proposed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class InnovationPhaseChanged:
    """It went to another phase: forward, back, aside or on again; `left` is the code of the phase that it left."""

    occurred_at: datetime
    left: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnerAssigned:
    """It got an owner."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PlanWritten:
    """Its plan was written."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AdviceRecorded:
    """An adviser's opinion was recorded."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorDefined:
    """It was said what is measured."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorMeasured:
    """It was measured."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class WorkshopHeld:
    """A workshop was held."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CoOwnersSet:
    """It was said who answers for it beside its owner."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeasurementMissed:
    """A measurement was due and nobody took it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class WorkshopPlanned:
    """The day of a workshop was set."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class QuarterWithoutWorkshop:
    """A quarter ended without a workshop held."""

    occurred_at: datetime
    quarter: str


@dataclass(frozen=True, slots=True)
class CaseDiffused:
    """Somebody took over what an innovation agenda brought."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecognised:
    """A diffusion case was honoured."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingRuleProposed:
    """A version of the routing rule was proposed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingRuleTried:
    """A version was tried against the innovation agendas there are."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingRuleActivated:
    """A version came into force."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RoutingRuleRetired:
    """Another version took its place."""

    occurred_at: datetime


WorkshopsFact = (
    InnovationProposed
    | InnovationPhaseChanged
    | OwnerAssigned
    | PlanWritten
    | AdviceRecorded
    | IndicatorDefined
    | IndicatorMeasured
    | WorkshopHeld
    | CoOwnersSet
    | MeasurementMissed
    | WorkshopPlanned
    | QuarterWithoutWorkshop
    | CaseDiffused
    | CaseRecognised
    | RoutingRuleProposed
    | RoutingRuleTried
    | RoutingRuleActivated
    | RoutingRuleRetired
)
