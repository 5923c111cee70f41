"""What happened to a proposal, and to a town project."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class CoordinationRequested:
    """No department was clear; a coordination meeting is to settle it."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentRefused:
    """Its department would not have it."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CoordinationDecided:
    """A coordination meeting settled who answers which cases."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    """The day of its answer was moved by so many working days."""

    occurred_at: datetime
    reason: str
    days: int


@dataclass(frozen=True, slots=True)
class InterimReplied:
    """The proposer was told how far the work is."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalTransferred:
    """It was handed over to another body."""

    occurred_at: datetime
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    """The proposer took it back."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalMerged:
    """It was merged into another one."""

    occurred_at: datetime
    into: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalJoined:
    """Another one was merged into it."""

    occurred_at: datetime
    merged: UUID


@dataclass(frozen=True, slots=True)
class ProposalSupported:
    """One more person supports it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerObliged:
    """Enough people supported it in time: the city owes an answer."""

    occurred_at: datetime
    supports: int


@dataclass(frozen=True, slots=True)
class AnswerRated:
    """The proposer said how satisfying the answer is."""

    occurred_at: datetime
    satisfaction: int


@dataclass(frozen=True, slots=True)
class AbuseFlagged:
    """An officer said that the case is abusive."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AbuseAppealed:
    """The proposer objected to the flag."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AbuseDecided:
    """The flag was upheld or lifted."""

    occurred_at: datetime
    decision: str


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
    | CoordinationRequested
    | AssignmentRefused
    | DeadlineExtended
    | InterimReplied
    | ProposalTransferred
    | ProposalWithdrawn
    | ProposalMerged
    | ProposalJoined
    | ProposalSupported
    | AnswerObliged
    | AnswerRated
    | AbuseFlagged
    | AbuseAppealed
    | AbuseDecided
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
