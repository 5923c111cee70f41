"""What comes out of a meeting: resolutions, and action items for departments."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.events import ActionItemDone, ActionItemOpened, ResolutionAdopted
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class ResolutionKind(StrEnum):
    """What kind of resolution it is."""

    INTERNAL = "internal"
    OPINION = "opinion"
    POLICY_PROPOSAL = "policy_proposal"


class ActionStatus(StrEnum):
    """Where an action item stands."""

    OPEN = "open"
    DONE = "done"


ACTIONS = Transitions[ActionStatus]("action item", {ActionStatus.OPEN: {ActionStatus.DONE}})


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution of a meeting; `public` is as its item's."""

    id: UUID
    sitting: Sitting
    item_id: UUID | None
    kind: ResolutionKind
    text: Text
    public: bool

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def adopted(self, *, at: datetime) -> Change["Resolution"]:
        """The meeting adopted it."""
        return Change(self, ResolutionAdopted(at))


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that a meeting asked a department to do; `public` is as its item's."""

    id: UUID
    sitting: Sitting
    item_id: UUID | None
    task: Text
    public: bool
    department: str
    due_on: date
    status: ActionStatus = ActionStatus.OPEN
    done_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def opened(self, *, at: datetime) -> Change["ActionItem"]:
        """It is to be done."""
        return Change(self, ActionItemOpened(at))

    def complete(self, *, at: datetime) -> Change["ActionItem"]:
        """It is done."""
        ACTIONS.check(self.status, ActionStatus.DONE)
        return Change(replace(self, status=ActionStatus.DONE, done_at=at), ActionItemDone(at))
