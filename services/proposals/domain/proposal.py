"""Proposals and their life."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.kit.clock import SEOUL, WorkingDays, end_of
from services.kit.errors import invalid, wrong_state
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.kit.write import Change
from services.proposals import events
from services.proposals.domain.parts import (
    AWAITED,
    ENDS,
    FLAGS,
    KEPT_ROUTING,
    MOST_MERGED,
    OPEN,
    TRANSITIONS,
    AbuseFlag,
    Answer,
    CaseKind,
    Channel,
    Extension,
    FlagStatus,
    InterimReply,
    Resolution,
    RoutingDecision,
    Status,
    SupportRule,
    newest,
)


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
    routing: tuple[RoutingDecision, ...] = ()
    bounce_count: int = 0
    extensions: tuple[Extension, ...] = ()  # of the clock that runs
    interim_replies: tuple[InterimReply, ...] = ()
    earlier_answers: tuple[Answer, ...] = ()
    earlier_follow_ups: tuple[Text, ...] = ()
    first_answered_at: datetime | None = None
    at_once: bool = False  # its first answer was given at triage
    was_late: bool = False  # the day of an answer passed without one, once at least
    merged_into: UUID | None = None
    merged: tuple[UUID, ...] = ()
    transferred_to: str = ""
    end_reason: str = ""
    obliged_until: date | None = None
    obligation_missed: bool = False
    flag: AbuseFlag | None = None
    proposer_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str | None:
        """The department whose officers it belongs to; none before it is assigned."""
        return self.department

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the answer and the obligation to answer, when their days are over."""
        due = {}
        if self.due_on and self.status in AWAITED and not self.overdue:
            due["answer_due"] = end_of(self.due_on)
        if self.obliged_until and self.status in OPEN and not self.first_answered_at and not self.obligation_missed:
            due["obliged_answer_due"] = end_of(self.obliged_until)
        return due

    def received(self) -> Change["Proposal"]:
        """It was taken in."""
        return Change(self, events.ProposalReceived(self.requested_at))

    def triage(self, case_kind: CaseKind, *, at: datetime) -> Change["Proposal"]:
        """Say what kind of case it is."""
        return Change(self._become(Status.TRIAGED, case_kind=case_kind), events.ProposalTriaged(at))

    def assign(
        self, department: str, reason: str, *, answer_days: int, at: datetime, calendar: WorkingDays, decided_by: str = "",
        meeting_id: UUID | None = None,
    ) -> Change["Proposal"]:  # fmt: skip
        """Give it to a department; the answer is due in `answer_days` working days of Korea (domain rule, configurable).

        A clock that runs already goes on: that departments could not agree costs the city's time, not the proposer's.
        """
        decision = RoutingDecision(self.department or "", department, reason, decided_by, at, meeting_id)
        assigned = self._become(
            Status.ASSIGNED, department=department, due_on=self.due_on or calendar.after(at, answer_days), routing=self._trail(decision)
        )
        return Change(assigned, events.ProposalRouted(at, reason))

    def refer(self, reason: str, *, at: datetime) -> Change["Proposal"]:
        """No department is clear: a coordination meeting settles it."""
        referred = self._become(Status.NEEDS_COORDINATION)
        if self.department:
            raise wrong_state("ALREADY_ASSIGNED", f"{self.department} has it: it keeps it, or refuses it with a reason")
        return Change(referred, events.CoordinationRequested(at, reason))

    def refuse(self, reason: str, *, at: datetime, decided_by: str = "") -> Change["Proposal"]:
        """Its department will not have it; it belongs to nobody again, and its clock goes on."""
        decision = RoutingDecision(self.department or "", "", reason, decided_by, at)
        refused = self._become(
            Status.NEEDS_COORDINATION, department=None, bounce_count=self.bounce_count + 1, routing=self._trail(decision)
        )
        if self.department is None:
            raise wrong_state("NOT_ASSIGNED", "no department has it, so that none can refuse it")
        return Change(refused, events.AssignmentRefused(at, reason))

    def start(self, *, at: datetime) -> Change["Proposal"]:
        """The department begins its work, or goes on with it."""
        return Change(self._become(Status.IN_PROGRESS), events.ProposalStarted(at))

    def extend(self, days: int, reason: str, *, most: int, answer_days: int, at: datetime, calendar: WorkingDays) -> Change["Proposal"]:
        """Move the day of the answer; at most `most` times, each by no more than the time there was at first."""
        TRANSITIONS.check(self.status, Status.EXTENDED)
        if not 0 < days <= answer_days:
            raise invalid("EXTENSION_TOO_LONG", f"an extension is of 1 to {answer_days} working days", "days")
        if len(self.extensions) >= most:
            raise wrong_state("EXTENSIONS_EXHAUSTED", f"it was extended {most} time(s) already, and may not be again")
        if self.due_on is None or self.overdue or at >= end_of(self.due_on):
            raise wrong_state("DEADLINE_PASSED", "its day is over, so that it cannot be extended any more")
        due_on = calendar.after(datetime.combine(self.due_on, time(), SEOUL), days)
        extensions = (*self.extensions, Extension(reason, days, due_on, at))
        return Change(self._become(Status.EXTENDED, due_on=due_on, extensions=extensions), events.DeadlineExtended(at, reason, days))

    def reply_interim(self, reply: InterimReply) -> Change["Proposal"]:
        """Tell the proposer how far the work is; the clock goes on."""
        replies = newest((*self.interim_replies, reply))
        return Change(self._become(Status.INTERIM_REPLIED, interim_replies=replies), events.InterimReplied(reply.replied_at))

    def reply(self, answer: Answer) -> Change["Proposal"]:
        """Answer it: at once where it was only triaged, otherwise out of the department's work."""
        status = Status.ANSWERED_AT_ONCE if self.status is Status.TRIAGED else Status.ANSWERED
        first = self.first_answered_at is None
        at_once = self.at_once or (first and status is Status.ANSWERED_AT_ONCE)
        answered = self._become(status, due_on=None, overdue=False, extensions=(), at_once=at_once, **self._answered(answer))
        return Change(answered, events.ProposalAnswered(answer.answered_at))

    def hear(self, answer: Answer) -> Change["Proposal"]:
        """What it was merged into was answered: its proposer hears the same."""
        return Change(replace(self, **self._answered(answer)), events.ProposalAnswered(answer.answered_at))

    def rate(self, satisfaction: int, *, at: datetime) -> Change["Proposal"]:
        """Say how satisfying the answer is, 1 to 5, once."""
        if self.answer is None:
            raise wrong_state("NOT_ANSWERED", "there is no answer to rate")
        if self.answer.satisfaction is not None:
            raise wrong_state("ALREADY_RATED", "this answer was rated before")
        return Change(replace(self, answer=replace(self.answer, satisfaction=satisfaction)), events.AnswerRated(at, satisfaction))

    def miss_deadline(self, clock: str, *, at: datetime) -> Change["Proposal"]:
        """The day of its answer is over, and there is none."""
        missed = replace(self, obligation_missed=True) if clock == "obliged_answer_due" else replace(self, overdue=True, was_late=True)
        return Change(missed, events.DeadlineMissed(at, clock))

    def close(self, resolution: Resolution, *, at: datetime) -> Change["Proposal"]:
        """End it."""
        return Change(self._become(Status.CLOSED, resolution=resolution), events.ProposalClosed(at))

    def ask_again(self, text: Text, *, answer_days: int, at: datetime, calendar: WorkingDays) -> Change["Proposal"]:
        """The proposer asks again; the same department answers, and the clock begins anew."""
        earlier = newest((*self.earlier_follow_ups, self.follow_up)) if self.follow_up else self.earlier_follow_ups
        asked = self._become(
            Status.FOLLOW_UP, follow_up=text, earlier_follow_ups=earlier, resolution=None, due_on=calendar.after(at, answer_days)
        )
        return Change(asked, events.FollowUpReceived(at))

    def transfer(self, body: str, reason: str, *, at: datetime) -> Change["Proposal"]:
        """Hand it over to another body; it ends here."""
        return Change(self._end(Status.TRANSFERRED, reason, transferred_to=body), events.ProposalTransferred(at, body, reason))

    def withdraw(self, reason: str, *, at: datetime) -> Change["Proposal"]:
        """The proposer takes it back."""
        return Change(self._end(Status.WITHDRAWN, reason), events.ProposalWithdrawn(at))

    def merge_into(self, staying: UUID, reason: str, *, at: datetime) -> Change["Proposal"]:
        """It asks for the same as another one, which stays; what that one is answered this one hears."""
        return Change(self._end(Status.MERGED, reason, merged_into=staying), events.ProposalMerged(at, staying, reason))

    def take_in(self, other: "Proposal", supports: int, *, at: datetime) -> Change["Proposal"]:
        """Another one was merged into this one, with all that was merged into it; `supports` are theirs together, nobody twice."""
        self._check_open()
        merged = (*self.merged, other.id, *other.merged)
        if len(merged) > MOST_MERGED:
            raise wrong_state("MERGED_TOO_MANY", f"at most {MOST_MERGED} proposals are merged into one")
        return Change(replace(self, merged=merged, supports=supports), events.ProposalJoined(at, other.id))

    def support(self, *, at: datetime) -> Change["Proposal"]:
        """One more person supports it."""
        self._check_open()
        return Change(replace(self, supports=self.supports + 1), events.ProposalSupported(at))

    def oblige(self, rule: SupportRule, *, at: datetime) -> Change["Proposal"] | None:
        """The obligation to answer, where enough supports came in time and it is not obliged yet."""
        in_time = at <= self.requested_at + timedelta(days=rule.days)
        if self.obliged_until or self.first_answered_at or self.supports < rule.needed or not in_time:
            return None
        until = at.astimezone(SEOUL).date() + timedelta(days=rule.obliged_days)
        return Change(replace(self, obliged_until=until), events.AnswerObliged(at, self.supports))

    def flag_abuse(self, reason: str, *, at: datetime) -> Change["Proposal"]:
        """Say that the case is abusive. It is answered all the same."""
        if self.flag:
            FLAGS.check(self.flag.status, FlagStatus.FLAGGED)
        return Change(replace(self, flag=AbuseFlag(FlagStatus.FLAGGED, reason, at)), events.AbuseFlagged(at))

    def appeal(self, reason: str, *, at: datetime) -> Change["Proposal"]:
        """The proposer objects to the flag."""
        return Change(replace(self, flag=self._flag(FlagStatus.APPEALED, appeal=reason)), events.AbuseAppealed(at))

    def decide_appeal(self, decision: FlagStatus, reason: str, *, at: datetime) -> Change["Proposal"]:
        """Uphold the flag, or lift it."""
        return Change(replace(self, flag=self._flag(decision, decision_reason=reason)), events.AbuseDecided(at, decision))

    def recalled(
        self, status: Status, resolution: Resolution | None, at: datetime, *, rule: SupportRule, now: datetime
    ) -> Iterator[Change["Proposal"]]:
        """The whole life of a proposal of history, as its archive reports it: taken in, and where it stood in the end.

        Clocks that are past already are marked so and raise nothing. Supports oblige where they came in a period that is known and short
        enough; the day on which the threshold was reached is not known, so that the month counts from the period's end.
        """
        if at < self.requested_at:
            raise invalid("TIME_RANGE", "status_at lies before requested_at", "status_at")
        if (status is Status.CLOSED) != (resolution is not None):
            raise invalid("RESOLUTION_REQUIRED", "a closed proposal, and only a closed one, has a resolution_code", "resolution_code")
        yield self.received()
        answered_at = at if status in {Status.ANSWERED, Status.ANSWERED_AT_ONCE} else None
        standing = replace(
            self, status=status, resolution=resolution, first_answered_at=answered_at, at_once=status is Status.ANSWERED_AT_ONCE,
            obliged_until=self._obliged_by_archive(rule),
        )  # fmt: skip
        past = {clock for clock, due_at in standing.clocks().items() if due_at <= now}
        if "answer_due" in past:
            standing = replace(standing, overdue=True, was_late=True)
        if standing.obliged_until and not answered_at and (status not in OPEN or "obliged_answer_due" in past):
            standing = replace(standing, obligation_missed=True)
        if standing != self:
            yield Change(standing, events.ProposalHistoryRecorded(at))

    def _obliged_by_archive(self, rule: SupportRule) -> date | None:
        """Until when its archive's numbers oblige an answer."""
        if self.due_on is None or self.supports < rule.needed:
            return None
        short = self.due_on - self.requested_at.astimezone(SEOUL).date() <= timedelta(days=rule.days)
        return self.due_on + timedelta(days=rule.obliged_days) if short else None

    def _trail(self, decision: RoutingDecision) -> tuple[RoutingDecision, ...]:
        return newest((*self.routing, decision), KEPT_ROUTING)

    def _flag(self, status: FlagStatus, **changes: Any) -> AbuseFlag:
        if self.flag is None:
            raise wrong_state("NOT_FLAGGED", "it is not flagged as abusive")
        FLAGS.check(self.flag.status, status)
        return replace(self.flag, status=status, **changes)

    def _answered(self, answer: Answer) -> dict[str, Any]:
        """What an answer changes; the one before is kept."""
        earlier = newest((*self.earlier_answers, self.answer)) if self.answer else self.earlier_answers
        return {"answer": answer, "earlier_answers": earlier, "first_answered_at": self.first_answered_at or answer.answered_at}

    def _check_open(self) -> None:
        if self.status not in OPEN:
            where = f"; it was merged into {self.merged_into}" if self.merged_into else ""
            raise wrong_state("PROPOSAL_NOT_OPEN", f"it is {self.status}, and open no more{where}")

    def _end(self, status: Status, reason: str, **changes: Any) -> "Proposal":
        assert status in ENDS, "only these end an open proposal without an answer"
        return self._become(status, end_reason=reason, due_on=None, overdue=False, **changes)

    def _become(self, status: Status, **changes: Any) -> "Proposal":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)
