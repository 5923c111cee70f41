"""What happened to a proposal."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProposalReceived:
    """It was taken in."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalTriaged:
    """An officer said what kind of case it is."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRouted:
    """A department became its owner and the clock began."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalStarted:
    """The department began its work."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalAnswered:
    """It was answered, at once or by its department."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalClosed:
    """It ended."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpReceived:
    """The proposer asked again."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalHistoryRecorded:
    """An archive reports where it stood in the end."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineMissed:
    """One of its clocks fell due; `clock` names it."""

    occurred_at: datetime
    clock: str


ProposalFact = (
    ProposalReceived
    | ProposalTriaged
    | ProposalRouted
    | ProposalStarted
    | ProposalAnswered
    | ProposalClosed
    | FollowUpReceived
    | ProposalHistoryRecorded
    | DeadlineMissed
)
