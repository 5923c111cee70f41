"""What happened to innovation agendas, and to the advice, indicators and workshops that move them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InnovationProposed:
    """It was proposed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class InnovationPhaseChanged:
    """It went to another phase, forward or back; `left` is the code of the phase that it left."""

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


WorkshopsFact = (
    InnovationProposed
    | InnovationPhaseChanged
    | OwnerAssigned
    | PlanWritten
    | AdviceRecorded
    | IndicatorDefined
    | IndicatorMeasured
    | WorkshopHeld
)
