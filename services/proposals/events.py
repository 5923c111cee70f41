"""What happened to a proposal, and to a town project."""

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


@dataclass(frozen=True, slots=True)
class TownProjectProposed:
    """A town project was proposed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectCounselled:
    """A counsellor and a department accompany it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectApplied:
    """Residents applied with a budget."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectInspected:
    """Its place was looked at."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectReviewed:
    """The reviewers gave their scores."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectSelected:
    """It was selected."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectNotSelected:
    """It was not selected; the reason is in it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectAgreed:
    """Grant and period were agreed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectStarted:
    """The residents began."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectReported:
    """The residents reported what came of it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectSettled:
    """The money was accounted for."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectContinued:
    """It goes on."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectEnded:
    """It is over."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TownProjectDeadlineMissed:
    """A clock of a town project fell due; `clock` names it."""

    occurred_at: datetime
    clock: str


TownProjectFact = (
    TownProjectProposed
    | TownProjectCounselled
    | TownProjectApplied
    | TownProjectInspected
    | TownProjectReviewed
    | TownProjectSelected
    | TownProjectNotSelected
    | TownProjectAgreed
    | TownProjectStarted
    | TownProjectReported
    | TownProjectSettled
    | TownProjectContinued
    | TownProjectEnded
    | TownProjectDeadlineMissed
)
