"""What somebody said."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.actor import Actor, Role, Scope
from services.kit.errors import invalid, wrong_state
from services.kit.standing import AgendaAnswer, Standing
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, RepresentedGroup
from services.kit.write import Change
from services.voices.domain.activity import Activity, ActivityStatus
from services.voices.domain.mandate import Mandate
from services.voices.events import VoiceAnswered, VoiceClosed, VoiceLinked, VoiceMarkedDuplicate, VoiceRelayed, VoiceWithdrawn


class VoiceStatus(StrEnum):
    """Where a voice stands."""

    CAPTURED = "captured"
    REVIEWED = "reviewed"
    RELAYED = "relayed"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    LINKED = "linked"
    ANSWERED = "answered"
    CLOSED = "closed"
    DUPLICATE = "duplicate"


class Consent(StrEnum):
    """What a speaker said to being passed on."""

    GIVEN = "given"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class Sensitivity(StrEnum):
    """Whether the words may be read by everybody."""

    PUBLIC = "public"
    SENSITIVE = "sensitive"


TRANSITIONS = Transitions[VoiceStatus](
    "voice",
    {
        VoiceStatus.CAPTURED: {VoiceStatus.REVIEWED, VoiceStatus.DUPLICATE},
        VoiceStatus.REVIEWED: {VoiceStatus.RELAYED, VoiceStatus.WITHHELD, VoiceStatus.DUPLICATE},
        VoiceStatus.RELAYED: {VoiceStatus.LINKED, VoiceStatus.WITHDRAWN, VoiceStatus.DUPLICATE},
        VoiceStatus.LINKED: {VoiceStatus.ANSWERED, VoiceStatus.WITHDRAWN, VoiceStatus.DUPLICATE},
        VoiceStatus.ANSWERED: {VoiceStatus.ANSWERED, VoiceStatus.CLOSED, VoiceStatus.WITHDRAWN, VoiceStatus.DUPLICATE},
        VoiceStatus.CLOSED: {VoiceStatus.WITHDRAWN},
    },
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the city answered, in the speaker's language where there are words for it."""

    text: Text
    department: str
    answered_at: datetime


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
    relayed_at: datetime | None = None
    answer: Answer | None = None
    duplicate_of: UUID | None = None
    origin: str = ""

    @property
    def owner(self) -> str:
        """The mandate whose aide it belongs to; empty where it belongs to none, so that no aide reaches it."""
        return str(self.mandate_id or "")

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it: once it was relayed, whatever became of it."""
        return self.relayed_at is not None

    def review(self, themes: tuple[str, ...], sensitivity: Sensitivity, consent: Consent | None) -> Change["Voice"]:
        """Settle what it is about, whether its words are public, and consent where it was asked meanwhile. Nothing is published."""
        return Change(
            self._become(VoiceStatus.REVIEWED, themes=themes, sensitivity=sensitivity, consent=consent or self.consent), fact=None
        )

    def relay(self, *, at: datetime) -> Change["Voice"]:
        """Publish it. Raises Refused: CONSENT_MISSING unless the speaker consents."""
        relayed = self._become(VoiceStatus.RELAYED, relayed_at=at)
        if self.consent is not Consent.GIVEN:
            raise wrong_state(
                "CONSENT_MISSING", "the speaker has not consented to being passed on; the voice can only be withheld", "consent"
            )
        return Change(relayed, VoiceRelayed(at))

    def withhold(self) -> Change["Voice"]:
        """Keep it back for ever: the speaker does not consent, or no longer does. Nothing is published."""
        consent = Consent.TAKEN_BACK if self.consent is Consent.GIVEN else self.consent
        return Change(self._become(VoiceStatus.WITHHELD, consent=consent), fact=None)

    def mark_duplicate(self, original: "Voice", *, at: datetime) -> Change["Voice"]:
        """Say that another voice says the same; whoever is interested goes on there. Published only where it was.

        Raises:
            Refused: DUPLICATE_OF_ITSELF; DUPLICATE_CHAIN where the other one is a duplicate too; ORIGINAL_NOT_PUBLIC where everybody would
                learn of a draft.
        """
        if original.id == self.id:
            raise invalid("DUPLICATE_OF_ITSELF", "a voice is no duplicate of itself", "duplicate_of")
        if original.status is VoiceStatus.DUPLICATE:
            raise wrong_state("DUPLICATE_CHAIN", f"that voice is a duplicate itself, of {original.duplicate_of}", "duplicate_of")
        if self.is_public and not original.is_public:
            raise wrong_state("ORIGINAL_NOT_PUBLIC", "a published voice is a duplicate of a published one only", "duplicate_of")
        marked = self._become(VoiceStatus.DUPLICATE, duplicate_of=original.id)
        return Change(marked, VoiceMarkedDuplicate(at) if self.is_public else None)

    def follow(self, standing: Standing, *, at: datetime) -> Change["Voice"] | None:
        """Go one step after the items that it is linked to: linked, answered in its own language, closed; none where it is there."""
        match self.status:
            case VoiceStatus.RELAYED if standing.agenda_ids:
                return Change(self._become(VoiceStatus.LINKED), VoiceLinked(at))
            case VoiceStatus.LINKED | VoiceStatus.ANSWERED if standing.answer and self._is_news(standing.answer):
                words = standing.answer.in_language(self.text.language if self.text else "")
                answer = Answer(words, standing.answer.department, standing.answer.answered_at)
                return Change(self._become(VoiceStatus.ANSWERED, answer=answer), VoiceAnswered(at))
            case VoiceStatus.ANSWERED if standing.is_closed:
                return Change(self._become(VoiceStatus.CLOSED), VoiceClosed(at))
            case _:
                return None

    def _is_news(self, answer: AgendaAnswer) -> bool:
        return self.answer is None or answer.answered_at > self.answer.answered_at

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
        return self.published() if self.is_public else None

    def _become(self, status: VoiceStatus, **changes: object) -> "Voice":
        TRANSITIONS.check(self.status, status)
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
            Refused: MANDATE_OVER, ACTIVITY_CANCELLED, GROUP_REQUIRED, GROUP_MISMATCH.
        """
        if mandate:
            mandate.check_going_on()
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
