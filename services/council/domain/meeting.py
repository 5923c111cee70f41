"""A meeting of a council."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.council.events import (
    AttendanceUpdated,
    InvitationLate,
    MeetingCancelled,
    MeetingClosed,
    MeetingHeld,
    MeetingInvited,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScheduled,
)
from services.kit.clock import SEOUL, end_of, quarter_of
from services.kit.errors import invalid, wrong_state
from services.kit.transitions import Transitions
from services.kit.write import Change


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    SCHEDULED = "scheduled"
    INVITED = "invited"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class MeetingType(StrEnum):
    """Of a part of the council, or of the whole."""

    SUBCOMMITTEE = "subcommittee"
    PLENARY = "plenary"


TRANSITIONS = Transitions[MeetingStatus](
    "meeting",
    {
        MeetingStatus.SCHEDULED: {MeetingStatus.INVITED, MeetingStatus.CANCELLED, MeetingStatus.POSTPONED},
        MeetingStatus.INVITED: {MeetingStatus.HELD, MeetingStatus.CANCELLED, MeetingStatus.POSTPONED},
        MeetingStatus.POSTPONED: {MeetingStatus.SCHEDULED, MeetingStatus.CANCELLED},
        MeetingStatus.HELD: {MeetingStatus.CLOSED},
    },
)
FINAL = {MeetingStatus.CLOSED, MeetingStatus.CANCELLED}
TOOK_PLACE = {MeetingStatus.HELD, MeetingStatus.CLOSED}


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, in numbers: people, members needed for a quorum, members present."""

    people: int
    quorum_needed: int
    quorum_present: int

    def check(self) -> None:
        """Raise COUNT_RANGE where more members are present than people."""
        if self.quorum_present > self.people:
            raise invalid("COUNT_RANGE", "more members are said to be present than people", "quorum_present")


@dataclass(frozen=True, slots=True)
class CountryCount:
    """How many come from one country."""

    country: str
    count: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Which members were there: their references are never published, how many came from which country is."""

    people: tuple[str, ...] = field(default=(), repr=False)
    by_country: tuple[CountryCount, ...] = ()


NOBODY_NAMED = Presence()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What everything that belongs to a meeting keeps of it; only a postponed meeting's items get another start."""

    meeting_id: UUID
    council_id: UUID
    meeting_name: str
    council_name: str
    start: datetime

    @property
    def quarter(self) -> str:
        """The quarter of the meeting."""
        return quarter_of(self.start)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; `end` is none where unknown."""

    id: UUID
    council_id: UUID
    council_name: str
    name: str
    meeting_type: MeetingType
    start: datetime
    end: datetime | None = None
    location: str = ""
    status: MeetingStatus = MeetingStatus.SCHEDULED
    attendance: Attendance | None = None
    cancellation_reason: str = ""
    origin: str = ""
    postponement_reason: str = ""
    invite_by: datetime | None = None
    invitation_late: bool = False
    presence: Presence = NOBODY_NAMED

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.council_id)

    @property
    def sitting(self) -> Sitting:
        """What belongs to this meeting keeps this of it."""
        return Sitting(self.id, self.council_id, self.name, self.council_name, self.start)

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the invitations."""
        waits = self.status is MeetingStatus.SCHEDULED and not self.invitation_late
        return {"invitation_due": self.invite_by} if self.invite_by and waits else {}

    def scheduled(self, *, at: datetime, invitation_days: int | None = None) -> Change["Meeting"]:
        """Its day is set; without `invitation_days` nobody counts when its members are to be invited.

        Raises:
            Refused: TIME_RANGE where it ends before it begins.
        """
        self._check_span()
        return Change(self._with_invitation(invitation_days, at), MeetingScheduled(at))

    def postpone(self, reason: str, *, at: datetime) -> Change["Meeting"]:
        """It will take place on another day."""
        postponed = self._become(MeetingStatus.POSTPONED, postponement_reason=reason, invite_by=None, invitation_late=False)
        return Change(postponed, MeetingPostponed(at))

    def reschedule(
        self, start: datetime, end: datetime | None, location: str, *, at: datetime, invitation_days: int
    ) -> Change["Meeting"]:  # fmt: skip
        """Its new day is set. Raises Refused: TIME_RANGE where it ends before it begins."""
        moved = self._become(MeetingStatus.SCHEDULED, start=start, end=end, location=location or self.location)
        moved._check_span()  # noqa: SLF001 - it is this meeting
        return Change(moved._with_invitation(invitation_days, at), MeetingRescheduled(at))  # noqa: SLF001

    def miss_invitation(self, *, at: datetime) -> Change["Meeting"]:
        """The day by which its members were to be invited is over."""
        return Change(replace(self, invitation_late=True), InvitationLate(at))

    def invite(self, *, at: datetime) -> Change["Meeting"]:
        """Its members are invited."""
        return Change(self._become(MeetingStatus.INVITED), MeetingInvited(at))

    def hold(self, attendance: Attendance, presence: Presence = NOBODY_NAMED, *, at: datetime) -> Change["Meeting"]:
        """It took place. Raises Refused: COUNT_RANGE, QUORUM_MISSING where too few members were there."""
        attendance.check()
        held = self._become(MeetingStatus.HELD, attendance=attendance, presence=presence)
        held.check_quorum(attendance.quorum_present)
        return Change(held, MeetingHeld(at))

    def update_attendance(self, people: int, members: int, presence: Presence, *, at: datetime) -> Change["Meeting"]:
        """People came or left. Raises Refused: MEETING_NOT_HELD unless it is being held, COUNT_RANGE."""
        if self.status is not MeetingStatus.HELD or self.attendance is None:
            raise wrong_state("MEETING_NOT_HELD", f"nobody comes or leaves: this meeting is {self.status}")
        attendance = replace(self.attendance, people=people, quorum_present=members)
        attendance.check()
        return Change(replace(self, attendance=attendance, presence=presence), AttendanceUpdated(at))

    def close(self, *, at: datetime) -> Change["Meeting"]:
        """Its agenda becomes final."""
        return Change(self._become(MeetingStatus.CLOSED), MeetingClosed(at))

    def cancel(self, reason: str, *, at: datetime) -> Change["Meeting"]:
        """It will not take place."""
        return Change(self._become(MeetingStatus.CANCELLED, cancellation_reason=reason), MeetingCancelled(at))

    def recalled(self, status: MeetingStatus, reason: str, *, now: datetime) -> Iterator[Change["Meeting"]]:
        """The whole life of a meeting of history, as its archive reports it.

        Raises:
            Refused: TIME_RANGE where it is said to have been held and has not begun, or ends before it begins.
        """
        at = min(self.start, now)
        yield self.scheduled(at=at)
        if status is MeetingStatus.INVITED:
            yield self.invite(at=at)
        elif status is MeetingStatus.CANCELLED:
            yield self.cancel(reason, at=at)
        elif status is MeetingStatus.POSTPONED:
            yield self.postpone(reason, at=at)
        elif status in TOOK_PLACE:
            if self.start > now:
                raise invalid("TIME_RANGE", "a meeting that has not begun cannot have been held", "start")
            # An archive does not say when its members were invited.
            held = replace(self, status=MeetingStatus.HELD)
            yield Change(held, MeetingHeld(self.start))
            if status is MeetingStatus.CLOSED:
                yield held.close(at=self.end or self.start)

    def check_quorum(self, present: int) -> None:
        """Raise QUORUM_MISSING where fewer members are present than it needs."""
        needed = self.attendance.quorum_needed if self.attendance else 0
        if present < needed:
            raise wrong_state(
                "QUORUM_MISSING", f"{present} members are present and {needed} are needed", present=str(present), needed=str(needed)
            )

    def check_open(self) -> None:
        """Raise MEETING_NOT_OPEN where its agenda is final."""
        if self.status in FINAL:
            raise wrong_state("MEETING_NOT_OPEN", f"the agenda of this meeting is final: the meeting is {self.status}")

    def check_held(self) -> None:
        """Raise MEETING_NOT_HELD unless it took place."""
        if self.status not in TOOK_PLACE:
            raise wrong_state("MEETING_NOT_HELD", f"this meeting was not held: it is {self.status}")

    def _check_span(self) -> None:
        if self.end and self.end <= self.start:
            raise invalid("TIME_RANGE", "the end does not lie after the start; leave it out where it is unknown", "end")

    def _with_invitation(self, days: int | None, at: datetime) -> "Meeting":
        """With the end of the day that lies `days` before its own; set at shorter notice, its members cannot be invited in time.

        A meeting that began already is written down afterwards: nobody is to be invited to it.
        """
        if days is None or self.start <= at:
            return self
        invite_by = end_of(self.start.astimezone(SEOUL).date() - timedelta(days=days))
        return replace(self, invite_by=invite_by, invitation_late=invite_by <= at)

    def _become(self, status: MeetingStatus, **changes: object) -> "Meeting":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
