"""What an honorary vice-mayor does in the mandate."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import invalid
from services.kit.transitions import Transitions
from services.kit.vocabulary import District
from services.kit.write import Change
from services.voices.events import ActivityCancelled, ActivityHeld, ActivityPlanned, ActivityReported


class ActivityStatus(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    HELD = "held"
    REPORTED = "reported"
    CANCELLED = "cancelled"


class ActivityKind(StrEnum):
    """What kind of activity it is."""

    MEETING = "meeting"
    DISCUSSION = "discussion"
    INSPECTION = "inspection"
    EVENT = "event"


TRANSITIONS = Transitions[ActivityStatus](
    "activity",
    {
        ActivityStatus.PLANNED: {ActivityStatus.HELD, ActivityStatus.CANCELLED},
        ActivityStatus.HELD: {ActivityStatus.REPORTED},
    },
)
TOOK_PLACE = frozenset({ActivityStatus.HELD, ActivityStatus.REPORTED})


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done in a mandate."""

    id: UUID
    mandate_id: UUID
    activity_kind: ActivityKind
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    location: str = ""
    district_code: District | None = None
    host_department: str = ""
    attendee_count: int = 0
    status: ActivityStatus = ActivityStatus.PLANNED

    @property
    def owner(self) -> str:
        """The mandate whose aide it belongs to."""
        return str(self.mandate_id)

    def planned(self, *, at: datetime) -> Change["Activity"]:
        """It was announced."""
        if self.ends_at and self.ends_at <= self.starts_at:
            raise invalid("TIME_RANGE", "ends_at does not lie after starts_at", "ends_at")
        return Change(self, ActivityPlanned(at))

    def hold(self, *, at: datetime) -> Change["Activity"]:
        """It took place; its report follows."""
        return Change(self._become(ActivityStatus.HELD), ActivityHeld(at))

    def report(self, attendee_count: int, *, at: datetime) -> Change["Activity"]:
        """Say how many came; of a planned one the report is also how the city learns that it was held."""
        if self.status is not ActivityStatus.HELD:
            TRANSITIONS.check(self.status, ActivityStatus.HELD)
        return Change(replace(self, status=ActivityStatus.REPORTED, attendee_count=attendee_count), ActivityReported(at))

    def cancel(self, reason: str, *, at: datetime) -> Change["Activity"]:
        """Call it off."""
        return Change(self._become(ActivityStatus.CANCELLED), ActivityCancelled(at, reason))

    def _become(self, status: ActivityStatus, **changes: object) -> "Activity":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
