"""Mandates, activities, voices and their lives. Pure: time and ids are handed in, new states and facts come back."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.kit.actor import Actor, Role, Scope
from services.kit.errors import invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, RepresentedGroup
from services.kit.write import Change
from services.voices.events import (
    ActivityCancelled,
    ActivityPlanned,
    ActivityReported,
    MandateAppointed,
    VoiceRelayed,
    VoiceWithdrawn,
)


class MandateStatus(StrEnum):
    """Where a mandate stands."""

    APPOINTED = "appointed"


class ActivityStatus(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    HELD = "held"
    REPORTED = "reported"
    CANCELLED = "cancelled"


class VoiceStatus(StrEnum):
    """Where a voice stands."""

    CAPTURED = "captured"
    REVIEWED = "reviewed"
    RELAYED = "relayed"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class ActivityKind(StrEnum):
    """What kind of activity it is."""

    MEETING = "meeting"
    DISCUSSION = "discussion"
    INSPECTION = "inspection"
    EVENT = "event"


class Consent(StrEnum):
    """What a speaker said to being passed on."""

    GIVEN = "given"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class Sensitivity(StrEnum):
    """Whether the words may be read by everybody."""

    PUBLIC = "public"
    SENSITIVE = "sensitive"


ACTIVITY_TRANSITIONS = Transitions[ActivityStatus](
    "activity",
    {
        ActivityStatus.PLANNED: {ActivityStatus.HELD, ActivityStatus.CANCELLED},
        ActivityStatus.HELD: {ActivityStatus.REPORTED},
    },
)
VOICE_TRANSITIONS = Transitions[VoiceStatus](
    "voice",
    {
        VoiceStatus.CAPTURED: {VoiceStatus.REVIEWED},
        VoiceStatus.REVIEWED: {VoiceStatus.RELAYED, VoiceStatus.WITHHELD},
        VoiceStatus.RELAYED: {VoiceStatus.WITHDRAWN},
    },
)
PUBLISHED = frozenset({VoiceStatus.RELAYED, VoiceStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Mandate:
    """An honorary vice-mayor's mandate. `person_ref` names a person in the city's own register and is never published."""

    id: UUID
    represented_group: RepresentedGroup
    start_date: date
    appointed_at: datetime
    end_date: date | None = None
    nominated_by: str = ""
    status: MandateStatus = MandateStatus.APPOINTED
    person_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str:
        """A mandate is its own aide's."""
        return str(self.id)

    def appointed(self) -> Change["Mandate"]:
        """The person was appointed."""
        if self.end_date and self.end_date < self.start_date:
            raise invalid("TIME_RANGE", "end_date lies before start_date", "end_date")
        return Change(self, MandateAppointed(self.appointed_at))


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

    def report(self, attendee_count: int, *, at: datetime) -> Change["Activity"]:
        """Say that it was held and how many came; the report is how the city learns of both."""
        held = self._become(ActivityStatus.HELD, attendee_count=attendee_count)
        return Change(replace(held, status=ActivityStatus.REPORTED), ActivityReported(at))

    def cancel(self, reason: str, *, at: datetime) -> Change["Activity"]:
        """Call it off."""
        return Change(self._become(ActivityStatus.CANCELLED), ActivityCancelled(at, reason))

    def _become(self, status: ActivityStatus, **changes: object) -> "Activity":
        ACTIVITY_TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody said. Who said it is never recorded. `text` is none once the speaker took the consent back."""

    id: UUID
    status: VoiceStatus
    represented_group: RepresentedGroup
    text: Text | None
    raised_at: datetime
    activity_id: UUID | None = None
    mandate_id: UUID | None = None
    themes: tuple[str, ...] = ()
    consent: Consent | None = None
    sensitivity: Sensitivity | None = None
    district_code: District | None = None
    origin: str = ""

    @property
    def owner(self) -> str:
        """The mandate whose aide it belongs to; empty where it belongs to none, so that no aide reaches it."""
        return str(self.mandate_id or "")

    def review(self, themes: tuple[str, ...], sensitivity: Sensitivity, consent: Consent | None) -> Change["Voice"]:
        """Settle what it is about, whether its words are public, and consent where it was asked meanwhile. Nothing is published."""
        return Change(
            self._become(VoiceStatus.REVIEWED, themes=themes, sensitivity=sensitivity, consent=consent or self.consent), fact=None
        )

    def relay(self, *, at: datetime) -> Change["Voice"]:
        """Publish it. Raises Refused: CONSENT_MISSING unless the speaker consents."""
        relayed = self._become(VoiceStatus.RELAYED)
        if self.consent is not Consent.GIVEN:
            raise wrong_state(
                "CONSENT_MISSING", "the speaker has not consented to being passed on; the voice can only be withheld", "consent"
            )
        return Change(relayed, VoiceRelayed(at))

    def withhold(self) -> Change["Voice"]:
        """Keep it back for ever: the speaker does not consent, or no longer does. Nothing is published."""
        consent = Consent.TAKEN_BACK if self.consent is Consent.GIVEN else self.consent
        return Change(self._become(VoiceStatus.WITHHELD, consent=consent), fact=None)

    def withdraw(self, *, at: datetime) -> Change["Voice"]:
        """Take it back after it was published: its words go, here too."""
        return Change(self._become(VoiceStatus.WITHDRAWN, consent=Consent.TAKEN_BACK, text=None), VoiceWithdrawn(at))

    def published(self) -> "Voice":
        """As everybody may see it: with its words only where they were judged public."""
        return self if self.sensitivity is Sensitivity.PUBLIC else replace(self, text=None)

    def seen_by(self, actor: Actor) -> "Voice | None":
        """The whole voice for operators and the aide of its mandate, the published one for everybody else; none where it has none."""
        if actor.role is Role.OPERATOR or (actor.role is Role.AIDE and actor.scope.get(Scope.MANDATE) == self.owner):
            return self
        return self.published() if self.status in PUBLISHED else None

    def _become(self, status: VoiceStatus, **changes: object) -> "Voice":
        VOICE_TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was written down of a voice, before it is known to which mandate it belongs."""

    text: Text
    activity_id: UUID | None = None
    represented_group: RepresentedGroup | None = None
    themes: tuple[str, ...] = ()
    consent: Consent | None = None
    sensitivity: Sensitivity | None = None
    district_code: District | None = None
    raised_at: datetime | None = None
    origin: str = ""

    def captured(self, identity: UUID, activity: Activity | None, mandate: Mandate | None, *, at: datetime) -> Change[Voice]:
        """Make it a voice of the mandate that heard it, if one did. Nothing is published.

        Raises:
            Refused: ACTIVITY_CANCELLED, GROUP_REQUIRED, GROUP_MISMATCH.
        """
        if activity and activity.status is ActivityStatus.CANCELLED:
            raise wrong_state("ACTIVITY_CANCELLED", "nothing was said in an activity that was cancelled", "activity_id")
        voice = Voice(
            id=identity, status=VoiceStatus.CAPTURED, represented_group=self._group(mandate), text=self.text,
            raised_at=self.raised_at or (activity.starts_at if activity else at), activity_id=self.activity_id,
            mandate_id=mandate.id if mandate else None, themes=self.themes, consent=self.consent, sensitivity=self.sensitivity,
            district_code=self.district_code or (activity.district_code if activity else None), origin=self.origin,
        )  # fmt: skip
        return Change(voice, fact=None)

    def _group(self, mandate: Mandate | None) -> RepresentedGroup:
        group = mandate.represented_group if mandate else self.represented_group
        if group is None:
            raise invalid("GROUP_REQUIRED", "a voice of no mandate names the group it speaks for", "represented_group")
        if self.represented_group not in {None, group}:
            raise invalid("GROUP_MISMATCH", f"the mandate speaks for {group}", "represented_group")
        return group
