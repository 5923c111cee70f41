"""What happened to councils, meetings and what belongs to them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CouncilFormed:
    """A council was formed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """Memberships of a council began or ended."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TermBegun:
    """A new term of a council began."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StandingItemsSet:
    """What stands on the agenda of every meeting of a council was set."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingScheduled:
    """A meeting's day was set."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingInvited:
    """The members were invited."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingHeld:
    """A meeting took place."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """A meeting's agenda became final."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingCancelled:
    """A meeting will not take place."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPostponed:
    """A meeting was put off."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingRescheduled:
    """A postponed meeting has a new day."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationLate:
    """The members of a meeting were not invited in time."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AttendanceUpdated:
    """People came or left while a meeting was held."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesStarted:
    """A meeting is expected every quarter."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """No more meetings of a series are expected."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class QuarterNotHeld:
    """A quarter ended without a meeting of the council and type."""

    occurred_at: datetime
    quarter: str


@dataclass(frozen=True, slots=True)
class ItemPlaced:
    """An item was placed on a meeting's agenda."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ItemDecided:
    """A meeting made something of an item."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """An item moved to another day with its postponed meeting."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ResolutionAdopted:
    """A meeting adopted a resolution."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ResolutionReplied:
    """The city replied to a policy proposal."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CityReplyMissed:
    """The day of the city's reply to a policy proposal passed without one."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActionItemOpened:
    """A meeting asked a department to do something."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActionItemDone:
    """It was done."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActionItemStarted:
    """Its department began to work on it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActionItemCarried:
    """It was not done and was carried to a later meeting."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActionItemDue:
    """The day by which it was to be done passed, and it is not done."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MinutesApproved:
    """Minutes were approved."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MinutesPublished:
    """Minutes became public."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MinutesCorrected:
    """A later edition of minutes became public."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MinutesLate:
    """The last day for publishing minutes went by without them."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TranslationPublished:
    """A translation of minutes became public."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TranslationUpdated:
    """A public translation changed its words, or became official."""

    occurred_at: datetime


CouncilFact = CouncilFormed | MembersChanged | TermBegun | StandingItemsSet
MeetingFact = (
    MeetingScheduled
    | MeetingInvited
    | MeetingHeld
    | MeetingClosed
    | MeetingCancelled
    | MeetingPostponed
    | MeetingRescheduled
    | InvitationLate
    | AttendanceUpdated
)
SeriesFact = SeriesStarted | SeriesEnded | QuarterNotHeld
ItemFact = ItemPlaced | ItemDecided | ItemMoved
ResolutionFact = ResolutionAdopted | ResolutionReplied | CityReplyMissed
ActionFact = ActionItemOpened | ActionItemDone | ActionItemStarted | ActionItemCarried | ActionItemDue
MinutesFact = MinutesApproved | MinutesPublished | MinutesCorrected | MinutesLate
TranslationFact = TranslationPublished | TranslationUpdated
