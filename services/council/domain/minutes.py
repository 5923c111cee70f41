"""The minutes of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.events import MinutesApproved, MinutesCorrected, MinutesPublished
from services.kit.errors import Kind, Refused, Violation, invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class MinutesStatus(StrEnum):
    """Where minutes stand."""

    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"


class MinutesPart(StrEnum):
    """The eight parts that minutes must have (Enforcement Decree of the Public Records Management Act, Korea, article 18), in its order."""

    NAME = "name"
    HOST = "host"
    DATE_AND_PLACE = "date_and_place"
    ATTENDEES = "attendees"
    PROCEEDINGS = "proceedings"
    ITEMS = "items"
    SPEECHES = "speeches"
    DECISIONS = "decisions"


TRANSITIONS = Transitions[MinutesStatus](
    "record of minutes",
    {
        MinutesStatus.DRAFTING: {MinutesStatus.IN_REVIEW},
        MinutesStatus.IN_REVIEW: {MinutesStatus.APPROVED},
        MinutesStatus.APPROVED: {MinutesStatus.PUBLISHED},
        MinutesStatus.PUBLISHED: {MinutesStatus.CORRECTED},
        MinutesStatus.CORRECTED: {MinutesStatus.CORRECTED},
    },
)
BEING_WRITTEN = {MinutesStatus.DRAFTING, MinutesStatus.IN_REVIEW}
PUBLIC = {MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED}


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes in one language. `edition` counts what was published: 1, then one more with every correction."""

    id: UUID
    sitting: Sitting
    language: str
    started_at: datetime
    status: MinutesStatus = MinutesStatus.DRAFTING
    parts: Mapping[MinutesPart, str] = field(default_factory=dict, repr=False)
    edition: int = 0
    correction_reason: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The council that they belong to."""
        return str(self.sitting.council_id)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read them."""
        return self.status in PUBLIC

    def started(self) -> Change["Minutes"]:
        """They are begun; nothing is published."""
        return Change(self, None)

    def write(self, part: MinutesPart, text: Text) -> Change["Minutes"]:
        """Write one part; nothing is published. Raises Refused: MINUTES_FINAL once they are approved."""
        if self.status not in BEING_WRITTEN:
            raise wrong_state("MINUTES_FINAL", f"these minutes are {self.status}; their words change by a correction only")
        return Change(replace(self, parts=self._with({part: text})), None)

    def submit(self) -> Change["Minutes"]:
        """Show them to those who attended; nothing is published."""
        return Change(self._become(MinutesStatus.IN_REVIEW), None)

    def approve(self, *, at: datetime) -> Change["Minutes"]:
        """They are right."""
        return Change(self._become(MinutesStatus.APPROVED, approved_at=at), MinutesApproved(at))

    def publish(self, *, at: datetime) -> Change["Minutes"]:
        """Make them public. Raises Refused: MINUTES_INCOMPLETE naming every empty part."""
        published = self._become(MinutesStatus.PUBLISHED, edition=1, published_at=at)
        published.check_complete()
        return Change(published, MinutesPublished(at))

    def correct(self, parts: Mapping[MinutesPart, Text], reason: str, *, at: datetime) -> Change["Minutes"]:
        """Publish a later edition. Raises Refused: MINUTES_INCOMPLETE where it would leave a part empty."""
        corrected = self._become(
            MinutesStatus.CORRECTED, parts=self._with(parts), edition=self.edition + 1, correction_reason=reason, published_at=at
        )
        corrected.check_complete()
        return Change(corrected, MinutesCorrected(at))

    def check_complete(self) -> None:
        """Raise MINUTES_INCOMPLETE, naming every empty part."""
        empty = [part for part in MinutesPart if part not in self.parts]
        if empty:
            violations = [Violation(part, "MINUTES_INCOMPLETE", f"the part {part} is empty") for part in empty]
            raise Refused(
                Kind.STATE, "MINUTES_INCOMPLETE", f"minutes need all eight parts; empty: {', '.join(empty)}", violations=violations
            )

    def _with(self, parts: Mapping[MinutesPart, Text]) -> Mapping[MinutesPart, str]:
        """The parts with new words, in legal order. Raises Refused: LANGUAGE_INVALID for words in another language."""
        for part, text in parts.items():
            if text.language not in {"", self.language}:
                raise invalid("LANGUAGE_INVALID", f"these minutes are in {self.language}; the part {part} is in {text.language}", part)
        words = {**self.parts, **{part: text.plain for part, text in parts.items()}}
        return {part: words[part] for part in MinutesPart if words.get(part, "").strip()}

    def _become(self, status: MinutesStatus, **changes: object) -> "Minutes":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]
