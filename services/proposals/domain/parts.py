"""What a proposal is made of: its vocabularies, and what happens to it again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from services.kit.text import Text
from services.kit.transitions import Transitions

T = TypeVar("T")
# With these an event stays under 900 KiB however long its texts are; what falls out of a list stays in the facts.
KEPT_TEXTS, KEPT_ROUTING, MOST_MERGED = 3, 10, 100


class Status(StrEnum):
    """Where a proposal stands."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    ANSWERED_AT_ONCE = "answered_at_once"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    FOLLOW_UP = "follow_up"
    NEEDS_COORDINATION = "needs_coordination"
    EXTENDED = "extended"
    INTERIM_REPLIED = "interim_replied"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """The way by which it came in."""

    WEB = "web"
    CALL_CENTRE = "call_centre"
    VISIT = "visit"
    POST = "post"
    PARTNER = "partner"
    PETITION_ARCHIVE = "petition_archive"
    OPEN311 = "open311"


class CaseKind(StrEnum):
    """What kind of case it is."""

    SIMPLE = "simple"
    GENERAL = "general"
    GRIEVANCE = "grievance"
    PROPOSAL = "proposal"


class Resolution(StrEnum):
    """How a closed case ended."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    DECLINED = "declined"
    INFORMED = "informed"
    EXPIRED = "expired"


class FlagStatus(StrEnum):
    """Where an abuse flag stands."""

    FLAGGED = "flagged"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


ENDS = {Status.TRANSFERRED, Status.MERGED, Status.WITHDRAWN}  # what may become of any open one
TRANSITIONS = Transitions[Status](
    "proposal",
    {
        Status.RECEIVED: {Status.TRIAGED, *ENDS},
        Status.TRIAGED: {Status.ANSWERED_AT_ONCE, Status.ASSIGNED, Status.NEEDS_COORDINATION, *ENDS},
        Status.NEEDS_COORDINATION: {Status.ASSIGNED, *ENDS},
        Status.ANSWERED_AT_ONCE: {Status.CLOSED, Status.FOLLOW_UP},
        Status.ASSIGNED: {Status.IN_PROGRESS, Status.NEEDS_COORDINATION, *ENDS},
        Status.IN_PROGRESS: {Status.EXTENDED, Status.INTERIM_REPLIED, Status.ANSWERED, *ENDS},
        Status.EXTENDED: {Status.IN_PROGRESS, *ENDS},
        Status.INTERIM_REPLIED: {Status.IN_PROGRESS, *ENDS},
        Status.ANSWERED: {Status.CLOSED, Status.FOLLOW_UP},
        Status.CLOSED: {Status.FOLLOW_UP},
        Status.FOLLOW_UP: {Status.IN_PROGRESS, *ENDS},
    },
)
FLAGS = Transitions[FlagStatus](
    "abuse flag",
    {
        FlagStatus.FLAGGED: {FlagStatus.APPEALED},
        FlagStatus.APPEALED: {FlagStatus.UPHELD, FlagStatus.LIFTED},
        FlagStatus.LIFTED: {FlagStatus.FLAGGED},
    },
)
OPEN = frozenset(state for state in Status if Status.WITHDRAWN in TRANSITIONS.after(state))
AWAITED = OPEN - {Status.RECEIVED, Status.TRIAGED}  # while it stands so, an answer is due


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the proposer; `knowledge_id` names the entry it was taken from, `satisfaction` is 1 to 5, said once."""

    text: Text
    department: str
    answered_at: datetime
    knowledge_id: UUID | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Who had it, who gets it and why; `decided_by` is a role, `meeting_id` the coordination meeting that settled it."""

    from_department: str
    to_department: str
    reason: str
    decided_by: str
    decided_at: datetime
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, and why; the days are working days."""

    reason: str
    days: int
    due_on: date
    extended_at: datetime


@dataclass(frozen=True, slots=True)
class InterimReply:
    """Word to the proposer while the work goes on."""

    text: Text
    department: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class AbuseFlag:
    """A case that is said to be abusive. It is answered all the same; its reason and the appeal stay in the service."""

    status: FlagStatus
    reason: str
    flagged_at: datetime
    appeal: str = ""
    decision_reason: str = ""


@dataclass(frozen=True, slots=True)
class SupportRule:
    """How many supports within how many days of the proposal oblige an answer, and within how many days it is then due."""

    needed: int
    days: int
    obliged_days: int


def newest(items: Sequence[T], most: int = KEPT_TEXTS) -> tuple[T, ...]:
    """The last of them, as many as are kept."""
    return tuple(items[-most:])
