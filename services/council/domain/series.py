"""A council meets once a quarter: the series of its meetings of one type, with one slot a quarter."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import MeetingType
from services.council.events import QuarterNotHeld, SeriesEnded, SeriesStarted
from services.kit.clock import quarter_of, quarter_span
from services.kit.errors import invalid
from services.kit.transitions import Transitions
from services.kit.write import Change


class SeriesStatus(StrEnum):
    """Where a series stands."""

    RUNNING = "running"
    ENDED = "ended"


class SlotState(StrEnum):
    """How a slot stands."""

    HELD = "held"
    NOT_HELD = "not_held"
    OPEN = "open"
    UNCONFIRMED = "unconfirmed"


TRANSITIONS = Transitions[SeriesStatus]("series of meetings", {SeriesStatus.RUNNING: {SeriesStatus.ENDED}})


@dataclass(frozen=True, slots=True)
class MeetingSeries:
    """A series. At the end of `watched_quarter` somebody looks whether a meeting was held in it: what was over before is history."""

    id: UUID
    council_id: UUID
    council_name: str
    meeting_type: MeetingType
    first_quarter: str
    watched_quarter: str
    started_at: datetime
    status: SeriesStatus = SeriesStatus.RUNNING
    last_quarter: str = ""

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.council_id)

    def clocks(self) -> dict[str, datetime]:
        """The end of the quarter that is watched, while it has a slot."""
        is_over = self.last_quarter and self.last_quarter < self.watched_quarter
        return {} if is_over else {"quarter_end": quarter_span(self.watched_quarter)[1]}

    def started(self) -> Change["MeetingSeries"]:
        """It begins."""
        return Change(self, SeriesStarted(self.started_at))

    def end(self, last_quarter: str, *, at: datetime) -> Change["MeetingSeries"]:
        """No more meetings are expected. Raises Refused: TIME_RANGE where it would end before it begins."""
        TRANSITIONS.check(self.status, SeriesStatus.ENDED)
        if last_quarter < self.first_quarter:
            raise invalid("TIME_RANGE", f"the series begins with {self.first_quarter}", "last_quarter")
        return Change(replace(self, status=SeriesStatus.ENDED, last_quarter=last_quarter), SeriesEnded(at))

    def look(self, *, was_held: bool, at: datetime) -> Change["MeetingSeries"]:
        """The watched quarter is over: say so where no meeting was held, and watch the next one."""
        watching = replace(self, watched_quarter=quarter_of(quarter_span(self.watched_quarter)[1]))
        return Change(watching, None if was_held else QuarterNotHeld(at, self.watched_quarter))


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of a series: its meeting, held or planned."""

    series_id: UUID
    council_id: UUID
    council_name: str
    meeting_type: MeetingType
    quarter: str
    state: SlotState
    meeting_id: UUID | None
    meeting_name: str
