"""Proposals and their life."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.kit.clock import WorkingDays, end_of
from services.kit.errors import invalid
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.kit.write import Change
from services.proposals.events import (
    DeadlineMissed,
    FollowUpReceived,
    ProposalAnswered,
    ProposalClosed,
    ProposalHistoryRecorded,
    ProposalReceived,
    ProposalRouted,
    ProposalStarted,
    ProposalTriaged,
)


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


TRANSITIONS = Transitions[Status](
    "proposal",
    {
        Status.RECEIVED: {Status.TRIAGED},
        Status.TRIAGED: {Status.ANSWERED_AT_ONCE, Status.ASSIGNED},
        Status.ANSWERED_AT_ONCE: {Status.CLOSED, Status.FOLLOW_UP},
        Status.ASSIGNED: {Status.IN_PROGRESS},
        Status.IN_PROGRESS: {Status.ANSWERED},
        Status.ANSWERED: {Status.CLOSED, Status.FOLLOW_UP},
        Status.CLOSED: {Status.FOLLOW_UP},
        Status.FOLLOW_UP: {Status.IN_PROGRESS},
    },
)


AWAITED = {Status.ASSIGNED, Status.IN_PROGRESS}  # while it stands so, an answer is due


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the proposer."""

    text: Text
    department: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A citizen's proposal. `proposer_ref` names a person in the city's own register and is never published."""

    id: UUID
    status: Status
    channel: Channel
    title: str
    description: Text
    requested_at: datetime
    case_kind: CaseKind | None = None
    service_code: str = "proposal"
    represented_groups: tuple[RepresentedGroup, ...] = ()
    themes: tuple[str, ...] = ()
    innovation_field: InnovationField | None = None
    district_code: District | None = None
    supports: int = 0
    department: str | None = None
    due_on: date | None = None
    answer: Answer | None = None
    follow_up: Text | None = None
    resolution: Resolution | None = None
    overdue: bool = False
    origin: str = ""
    proposer_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str | None:
        """The department whose officers it belongs to; none before it is assigned."""
        return self.department

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the answer, when its day is over."""
        return {"answer_due": end_of(self.due_on)} if self.due_on and self.status in AWAITED and not self.overdue else {}

    def received(self) -> Change["Proposal"]:
        """It was taken in."""
        return Change(self, ProposalReceived(self.requested_at))

    def triage(self, case_kind: CaseKind, *, at: datetime) -> Change["Proposal"]:
        """Say what kind of case it is."""
        return Change(self._become(Status.TRIAGED, case_kind=case_kind), ProposalTriaged(at))

    def assign(self, department: str, reason: str, *, answer_days: int, at: datetime, calendar: WorkingDays) -> Change["Proposal"]:
        """Give it to a department; the answer is due in `answer_days` working days of Korea (domain rule, configurable)."""
        due_on = calendar.after(at, answer_days)
        return Change(self._become(Status.ASSIGNED, department=department, due_on=due_on), ProposalRouted(at, reason))

    def start(self, *, at: datetime) -> Change["Proposal"]:
        """The department begins its work."""
        return Change(self._become(Status.IN_PROGRESS), ProposalStarted(at))

    def reply(self, answer: Answer) -> Change["Proposal"]:
        """Answer it: at once where it was only triaged, otherwise out of the department's work."""
        status = Status.ANSWERED_AT_ONCE if self.status is Status.TRIAGED else Status.ANSWERED
        return Change(self._become(status, answer=answer, due_on=None, overdue=False), ProposalAnswered(answer.answered_at))

    def miss_deadline(self, *, at: datetime) -> Change["Proposal"]:
        """The day of its answer is over, and there is none."""
        return Change(replace(self, overdue=True), DeadlineMissed(at, "answer_due"))

    def close(self, resolution: Resolution, *, at: datetime) -> Change["Proposal"]:
        """End it."""
        return Change(self._become(Status.CLOSED, resolution=resolution), ProposalClosed(at))

    def ask_again(self, text: Text, *, at: datetime) -> Change["Proposal"]:
        """The proposer asks again; the same department answers."""
        return Change(self._become(Status.FOLLOW_UP, follow_up=text, resolution=None), FollowUpReceived(at))

    def recalled(self, status: Status, resolution: Resolution | None, at: datetime) -> Iterator[Change["Proposal"]]:
        """The whole life of a proposal of history, as its archive reports it: taken in, and where it stood in the end."""
        if at < self.requested_at:
            raise invalid("TIME_RANGE", "status_at lies before requested_at", "status_at")
        if (status is Status.CLOSED) != (resolution is not None):
            raise invalid("RESOLUTION_REQUIRED", "a closed proposal, and only a closed one, has a resolution_code", "resolution_code")
        yield self.received()
        if status is not Status.RECEIVED:
            yield Change(replace(self, status=status, resolution=resolution), ProposalHistoryRecorded(at))

    def _become(self, status: Status, **changes: object) -> "Proposal":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
