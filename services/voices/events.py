"""What happened to mandates, activities and voices. Drafts have no facts: a voice is captured and reviewed in silence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MandateAppointed:
    """An honorary vice-mayor was appointed."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActivityPlanned:
    """An activity was announced."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActivityReported:
    """It took place and was reported."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActivityCancelled:
    """It will not take place."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class VoiceRelayed:
    """It was passed on to the city, with the speaker's consent."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceWithdrawn:
    """The speaker took the consent back."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MandateActivated:
    """Its first day came."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MandateRenewed:
    """It goes on until another day."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MandateEnded:
    """Its last day was over."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MandateDismissed:
    """It was ended before its time."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ActivityHeld:
    """It took place; its report follows."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceMarkedDuplicate:
    """Another voice says the same."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceLinked:
    """It became part of an item of the consolidated agenda."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceAnswered:
    """The city answered it."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceClosed:
    """Everything that it is part of is done."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class GroupSilent:
    """A quarter ended without a voice of a group."""

    occurred_at: datetime
    quarter: str


MandateFact = MandateAppointed | MandateActivated | MandateRenewed | MandateEnded | MandateDismissed
ActivityFact = ActivityPlanned | ActivityHeld | ActivityReported | ActivityCancelled
VoiceFact = VoiceRelayed | VoiceWithdrawn | VoiceMarkedDuplicate | VoiceLinked | VoiceAnswered | VoiceClosed
VoicesFact = MandateFact | ActivityFact | VoiceFact | GroupSilent
