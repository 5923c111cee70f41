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


VoicesFact = MandateAppointed | ActivityPlanned | ActivityReported | ActivityCancelled | VoiceRelayed | VoiceWithdrawn
