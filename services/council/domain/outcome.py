"""What comes out of a meeting: resolutions, and action items for departments."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.events import (
    ActionItemCarried,
    ActionItemDone,
    ActionItemDue,
    ActionItemOpened,
    ActionItemStarted,
    CityReplyMissed,
    ResolutionAdopted,
    ResolutionReplied,
)
from services.kit.clock import SEOUL, WorkingDays, end_of
from services.kit.errors import invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class ResolutionKind(StrEnum):
    """What kind of resolution it is."""

    INTERNAL = "internal"
    OPINION = "opinion"
    POLICY_PROPOSAL = "policy_proposal"


class ResolutionStatus(StrEnum):
    """Where a resolution stands."""

    ADOPTED = "adopted"
    CITY_REPLY_DUE = "city_reply_due"
    REPLIED = "replied"


class ActionStatus(StrEnum):
    """Where an action item stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"


RESOLUTIONS = Transitions[ResolutionStatus](
    "resolution",
    {ResolutionStatus.ADOPTED: {ResolutionStatus.CITY_REPLY_DUE}, ResolutionStatus.CITY_REPLY_DUE: {ResolutionStatus.REPLIED}},
)
ACTIONS = Transitions[ActionStatus](
    "action item",
    {ActionStatus.OPEN: {ActionStatus.IN_PROGRESS, ActionStatus.DONE}, ActionStatus.IN_PROGRESS: {ActionStatus.DONE}},
)


@dataclass(frozen=True, slots=True)
class CityReply:
    """What the city replied."""

    text: Text
    department: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution of a meeting; `public` and `matters` are as its item's."""

    id: UUID
    sitting: Sitting
    item_id: UUID | None
    kind: ResolutionKind
    text: Text
    public: bool
    matters: tuple[UUID, ...] = ()
    status: ResolutionStatus = ResolutionStatus.ADOPTED
    reply_due_on: date | None = None
    reply_late: bool = False
    reply: CityReply | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the city's reply."""
        waits = self.status is ResolutionStatus.CITY_REPLY_DUE and not self.reply_late
        return {"city_reply_due": end_of(self.reply_due_on)} if self.reply_due_on and waits else {}

    def adopted(self, *, at: datetime, reply_days: int) -> Change["Resolution"]:
        """The meeting adopted it; a policy proposal obliges the city to a reply from the day on which it is recorded."""
        is_proposal = self.kind is ResolutionKind.POLICY_PROPOSAL
        return Change(self.await_reply(reply_days, at=at) if is_proposal else self, ResolutionAdopted(at))

    def await_reply(self, days: int, *, at: datetime) -> "Resolution":
        """The city owes a reply within so many days."""
        return self._become(ResolutionStatus.CITY_REPLY_DUE, reply_due_on=at.astimezone(SEOUL).date() + timedelta(days=days))

    def receive(self, reply: CityReply) -> Change["Resolution"]:
        """The city replied."""
        return Change(self._become(ResolutionStatus.REPLIED, reply=reply), ResolutionReplied(reply.replied_at))

    def miss_reply(self, *, at: datetime) -> Change["Resolution"]:
        """The day of the reply is over, and there is none."""
        return Change(replace(self, reply_late=True), CityReplyMissed(at))

    def _become(self, status: ResolutionStatus, **changes: object) -> "Resolution":
        RESOLUTIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that a meeting asked a department to do; `public` is as its item's. `carried_to` is the last of `carried` meetings."""

    id: UUID
    sitting: Sitting
    item_id: UUID | None
    task: Text
    public: bool
    department: str
    due_on: date
    status: ActionStatus = ActionStatus.OPEN
    done_at: datetime | None = None
    overdue: bool = False
    carried: int = 0
    carried_to: UUID | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the task."""
        waits = self.status is not ActionStatus.DONE and not self.overdue
        return {"action_due": end_of(self.due_on)} if waits else {}

    def opened(self, *, at: datetime, calendar: WorkingDays) -> Change["ActionItem"]:
        """It is to be done. Raises Refused: NOT_A_WORKING_DAY. One that is written down after its day is overdue at once."""
        return Change(self._due(self.due_on, at, calendar), ActionItemOpened(at))

    def start(self, *, at: datetime) -> Change["ActionItem"]:
        """Its department begins."""
        return Change(self._become(ActionStatus.IN_PROGRESS), ActionItemStarted(at))

    def complete(self, *, at: datetime) -> Change["ActionItem"]:
        """It is done."""
        return Change(self._become(ActionStatus.DONE, done_at=at), ActionItemDone(at))

    def miss_day(self, *, at: datetime) -> Change["ActionItem"]:
        """Its day is over, and it is not done."""
        return Change(replace(self, overdue=True), ActionItemDue(at))

    def carry(self, sitting: Sitting, due_on: date | None, *, at: datetime, calendar: WorkingDays) -> Change["ActionItem"]:
        """A later meeting takes it up again.

        Raises:
            Refused: ACTION_DONE, ALREADY_CARRIED, TIME_RANGE where the meeting is no later one, NOT_A_WORKING_DAY.
        """
        if self.status is ActionStatus.DONE:
            raise wrong_state("ACTION_DONE", "what is done is not carried on")
        if sitting.meeting_id == self.carried_to:
            raise wrong_state("ALREADY_CARRIED", "it was carried to this meeting already", "meeting_id")
        if sitting.start <= self.sitting.start:
            raise invalid("TIME_RANGE", "it is carried to a later meeting than the one that asked for it", "meeting_id")
        carried = replace(self, carried=self.carried + 1, carried_to=sitting.meeting_id)
        return Change(carried._due(due_on, at, calendar) if due_on else carried, ActionItemCarried(at))  # noqa: SLF001 - it is this item

    def _due(self, day: date, at: datetime, calendar: WorkingDays) -> "ActionItem":
        """With the day by which it is to be done: refused, not moved, where nobody works on it, as whoever set it should know."""
        if not calendar.is_one(day):
            following = calendar.after(end_of(day) - timedelta(hours=12), 1)
            raise invalid(
                "NOT_A_WORKING_DAY", f"{day} is no working day of Korea; the next one is {following}", "due_on", next=following.isoformat()
            )
        return replace(self, due_on=day, overdue=end_of(day) <= at)

    def _become(self, status: ActionStatus, **changes: object) -> "ActionItem":
        ACTIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
