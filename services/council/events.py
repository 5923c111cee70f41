"""What happened to councils, meetings and what belongs to them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CouncilFormed:
    """A council was formed."""

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
class ItemPlaced:
    """An item was placed on a meeting's agenda."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ItemDecided:
    """A meeting made something of an item."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ResolutionAdopted:
    """A meeting adopted a resolution."""

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


MeetingFact = MeetingScheduled | MeetingInvited | MeetingHeld | MeetingClosed | MeetingCancelled
ItemFact = ItemPlaced | ItemDecided
ActionFact = ActionItemOpened | ActionItemDone
MinutesFact = MinutesApproved | MinutesPublished | MinutesCorrected | MinutesLate
TranslationFact = TranslationPublished | TranslationUpdated
