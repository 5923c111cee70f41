"""A meeting of a council."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.events import MeetingCancelled, MeetingClosed, MeetingHeld, MeetingInvited, MeetingScheduled
from services.kit.clock import quarter_of
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


class MeetingType(StrEnum):
    """Of a part of the council, or of the whole."""

    SUBCOMMITTEE = "subcommittee"
    PLENARY = "plenary"


TRANSITIONS = Transitions[MeetingStatus](
    "meeting",
    {
        MeetingStatus.SCHEDULED: {MeetingStatus.INVITED, MeetingStatus.CANCELLED},
        MeetingStatus.INVITED: {MeetingStatus.HELD, MeetingStatus.CANCELLED},
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


@dataclass(frozen=True, slots=True)
class Sitting:
    """What everything that belongs to a meeting keeps of it; none of this ever changes."""

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

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.council_id)

    @property
    def sitting(self) -> Sitting:
        """What belongs to this meeting keeps this of it."""
        return Sitting(self.id, self.council_id, self.name, self.council_name, self.start)

    def scheduled(self, *, at: datetime) -> Change["Meeting"]:
        """Its day is set. Raises Refused: TIME_RANGE."""
        if self.end is not None and self.end <= self.start:
            raise invalid("TIME_RANGE", "the end does not lie after the start; leave it out where it is unknown", "end")
        return Change(self, MeetingScheduled(at))

    def invite(self, *, at: datetime) -> Change["Meeting"]:
        """Its members are invited."""
        return Change(self._become(MeetingStatus.INVITED), MeetingInvited(at))

    def hold(self, attendance: Attendance, *, at: datetime) -> Change["Meeting"]:
        """It took place. Raises Refused: COUNT_RANGE where more members were there than people."""
        if attendance.quorum_present > attendance.people:
            raise invalid("COUNT_RANGE", "more members are said to be present than people", "quorum_present")
        return Change(self._become(MeetingStatus.HELD, attendance=attendance), MeetingHeld(at))

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
        elif status in TOOK_PLACE:
            if self.start > now:
                raise invalid("TIME_RANGE", "a meeting that has not begun cannot have been held", "start")
            # An archive does not say when its members were invited.
            held = replace(self, status=MeetingStatus.HELD)
            yield Change(held, MeetingHeld(self.start))
            if status is MeetingStatus.CLOSED:
                yield held.close(at=self.end or self.start)

    def check_open(self) -> None:
        """Raise MEETING_NOT_OPEN where its agenda is final."""
        if self.status in FINAL:
            raise wrong_state("MEETING_NOT_OPEN", f"the agenda of this meeting is final: the meeting is {self.status}")

    def check_held(self) -> None:
        """Raise MEETING_NOT_HELD unless it took place."""
        if self.status not in TOOK_PLACE:
            raise wrong_state("MEETING_NOT_HELD", f"this meeting was not held: it is {self.status}")

    def _become(self, status: MeetingStatus, **changes: object) -> "Meeting":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
