"""The minutes of a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.domain.passage import Passage, Span
from services.council.events import MinutesApproved, MinutesCorrected, MinutesLate, MinutesPublished
from services.kit.clock import end_of
from services.kit.errors import Kind, Refused, Violation, invalid, wrong_state
from services.kit.personal_numbers import positions
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
NOTHING = Passage(Text(""))
# Shorter words of a closed item say nothing by themselves, and stand in many a sentence.
TELLING = 10


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes in one language. `edition` counts what was published: 1, then one more with every correction.

    `due_on` is the last day for the first edition; `late` says that it went by without one.
    """

    id: UUID
    sitting: Sitting
    language: str
    started_at: datetime
    status: MinutesStatus = MinutesStatus.DRAFTING
    parts: Mapping[MinutesPart, Passage] = field(default_factory=dict, repr=False)
    edition: int = 0
    correction_reason: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None
    due_on: date | None = None
    late: bool = False

    @property
    def owner(self) -> str:
        """The council that they belong to."""
        return str(self.sitting.council_id)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read them."""
        return self.status in PUBLIC

    def passage(self, part: MinutesPart) -> Passage:
        """What a part says, whole."""
        return self.parts.get(part, NOTHING)

    def clocks(self) -> dict[str, datetime]:
        """What falls due as they stand: the first edition, when its last day is over."""
        return {"minutes_due": end_of(self.due_on)} if self.due_on and not self.is_public and not self.late else {}

    def started(self) -> Change["Minutes"]:
        """They are begun; nothing is published."""
        return Change(self, None)

    def write(self, part: MinutesPart, passage: Passage) -> Change["Minutes"]:
        """Write one part with its private spans; nothing is published.

        Raises:
            Refused: MINUTES_FINAL once they are approved, LANGUAGE_INVALID, SPAN_INVALID.
        """
        if self.status not in BEING_WRITTEN:
            raise wrong_state("MINUTES_FINAL", f"these minutes are {self.status}; their words change by a correction only")
        return Change(replace(self, parts=self._with({part: passage})), None)

    def mark(self, part: MinutesPart, spans: tuple[Span, ...]) -> Change["Minutes"]:
        """Say which spans of a part are private; nothing is published. Raises Refused: MINUTES_FINAL once they are public, SPAN_INVALID."""
        self._check_not_public()
        return Change(replace(self, parts=self._with({part: replace(self.passage(part), spans=spans)})), None)

    def mask(self, part: MinutesPart, position: int) -> Change["Minutes"]:
        """Replace an identity number's digits for good; nothing is published. Raises Refused: MINUTES_FINAL, PERSONAL_NUMBER_MISSING."""
        self._check_not_public()
        return Change(replace(self, parts=self._with({part: self.passage(part).masked(position, part)})), None)

    def submit(self) -> Change["Minutes"]:
        """Show them to those who attended; nothing is published."""
        return Change(self._become(MinutesStatus.IN_REVIEW), None)

    def approve(self, *, at: datetime) -> Change["Minutes"]:
        """They are right."""
        return Change(self._become(MinutesStatus.APPROVED, approved_at=at), MinutesApproved(at))

    def publish(self, closed: Sequence[str] = (), *, at: datetime) -> Change["Minutes"]:
        """Make them public; `closed` are the words of the meeting's items that are not.

        Raises:
            Refused: MINUTES_INCOMPLETE naming every empty part; PERSONAL_NUMBER_FOUND, CLOSED_ITEM_SHOWN naming every place.
        """
        late = self.late or (self.due_on is not None and at >= end_of(self.due_on))
        published = self._become(MinutesStatus.PUBLISHED, edition=1, published_at=at, late=late)
        published.check_complete()
        check_numbers(published.parts)
        check_closed(published.parts, closed)
        return Change(published, MinutesPublished(at))

    def correct(self, parts: Mapping[MinutesPart, Passage], reason: str, closed: Sequence[str] = (), *, at: datetime) -> Change["Minutes"]:
        """Publish a later edition. Raises Refused: MINUTES_INCOMPLETE where it would leave a part empty, and as `publish` does."""
        if positions(reason):
            raise invalid("PERSONAL_NUMBER_FOUND", "the reason is public, and has an identity number in it", "reason")
        corrected = self._become(
            MinutesStatus.CORRECTED, parts=self._with(parts), edition=self.edition + 1, correction_reason=reason, published_at=at
        )
        corrected.check_complete()
        check_numbers(corrected.parts)
        check_closed(corrected.parts, closed)
        return Change(corrected, MinutesCorrected(at))

    def miss_deadline(self, *, at: datetime) -> Change["Minutes"]:
        """Their last day is over, and they are not public."""
        return Change(replace(self, late=True), MinutesLate(at))

    def check_reviewed(self) -> None:
        """Raise SUGGESTIONS_CLOSED unless those who attended are asked."""
        if self.status is not MinutesStatus.IN_REVIEW:
            raise wrong_state("SUGGESTIONS_CLOSED", f"suggestions are taken while minutes are in review; these are {self.status}")

    def check_complete(self) -> None:
        """Raise MINUTES_INCOMPLETE, naming every empty part."""
        empty = [part for part in MinutesPart if part not in self.parts]
        if empty:
            violations = [Violation(part, "MINUTES_INCOMPLETE", f"the part {part} is empty") for part in empty]
            raise Refused(
                Kind.STATE, "MINUTES_INCOMPLETE", f"minutes need all eight parts; empty: {', '.join(empty)}", violations=violations
            )

    def in_own_language(self, part: MinutesPart, passage: Passage) -> Passage:
        """The words as they would be kept. Raises Refused: LANGUAGE_INVALID for words in another language, SPAN_INVALID."""
        language = passage.text.language
        if language not in {"", self.language}:
            raise invalid("LANGUAGE_INVALID", f"these minutes are in {self.language}; the part {part} is in {language}", part)
        return Passage(Text(passage.text.plain, self.language), passage.spans).checked(part)

    def _check_not_public(self) -> None:
        if self.is_public:
            raise wrong_state("MINUTES_FINAL", f"these minutes are {self.status}; they change by a correction only")

    def _with(self, parts: Mapping[MinutesPart, Passage]) -> Mapping[MinutesPart, Passage]:
        """The parts with new words, in legal order. Raises Refused: LANGUAGE_INVALID for words in another language, SPAN_INVALID."""
        written = {**self.parts, **{part: self.in_own_language(part, passage) for part, passage in parts.items()}}
        return {part: written[part] for part in MinutesPart if part in written and written[part].text.plain.strip()}

    def _become(self, status: MinutesStatus, **changes: object) -> "Minutes":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


def check_numbers(parts: Mapping[MinutesPart, Passage]) -> None:
    """Raise PERSONAL_NUMBER_FOUND, naming part and position of every identity number that everybody would read, never the number."""
    found = [(part, position) for part, passage in parts.items() for position in passage.exposed]
    if found:
        code = "PERSONAL_NUMBER_FOUND"
        violations = [Violation(part, code, f"an identity number begins at {position} of the part {part}") for part, position in found]
        places = ", ".join(f"{part} at {position}" for part, position in found)
        how = "mask each (MaskPersonalNumber), mark it as private (MarkPrivateSpans), or write the part without it"
        raise Refused(Kind.STATE, code, f"identity numbers would become public: {places}; {how}", violations=violations)


def check_closed(parts: Mapping[MinutesPart, Passage], closed: Sequence[str]) -> None:
    """Raise CLOSED_ITEM_SHOWN, naming part and position wherever everybody would read words of an item that is not public."""
    telling = [words for words in map(str.strip, closed) if len(words) >= TELLING]
    found = [(part, position) for part, passage in parts.items() for words in telling for position in passage.shown_at(words)]
    if found:
        code = "CLOSED_ITEM_SHOWN"
        violations = [
            Violation(part, code, f"words of an item that is not public begin at {position} of {part}") for part, position in found
        ]
        places = ", ".join(f"{part} at {position}" for part, position in found)
        raise Refused(
            Kind.STATE,
            code,
            f"words of items that are not public: {places}; mark them as private (MarkPrivateSpans)",
            violations=violations,
        )
