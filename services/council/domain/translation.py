"""Minutes in another language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.domain.minutes import Minutes, MinutesPart, check_numbers
from services.council.domain.passage import Passage
from services.council.events import TranslationPublished, TranslationUpdated
from services.kit.errors import Kind, Refused, Violation, invalid, wrong_state
from services.kit.transitions import Transitions
from services.kit.write import Change


class TranslationStatus(StrEnum):
    """Where a translation stands; the original are the minutes themselves."""

    DRAFT = "draft"
    MACHINE = "machine"
    REVIEWED = "reviewed"
    OFFICIAL = "official"


TRANSITIONS = Transitions[TranslationStatus](
    "translation",
    {
        TranslationStatus.DRAFT: {TranslationStatus.REVIEWED},
        TranslationStatus.MACHINE: {TranslationStatus.REVIEWED},
        TranslationStatus.REVIEWED: {TranslationStatus.OFFICIAL},
    },
)
SHOWN = {TranslationStatus.REVIEWED, TranslationStatus.OFFICIAL}


@dataclass(frozen=True, slots=True)
class TranslatedPart:
    """A part, with the edition that was translated and the digest of what the part said there."""

    passage: Passage
    source_edition: int
    source_hash: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation of public minutes."""

    id: UUID
    minutes_id: UUID
    sitting: Sitting
    language: str
    started_at: datetime
    status: TranslationStatus = TranslationStatus.DRAFT
    parts: Mapping[MinutesPart, TranslatedPart] = field(default_factory=dict, repr=False)
    published_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.status in SHOWN

    def started(self, source: Minutes) -> Change["Translation"]:
        """It is begun; nothing is published. Raises Refused: MINUTES_NOT_PUBLIC, LANGUAGE_INVALID for the original's own."""
        if not source.is_public:
            raise wrong_state("MINUTES_NOT_PUBLIC", f"only public minutes are translated; these are {source.status}")
        if source.language == self.language:
            raise invalid("LANGUAGE_INVALID", f"these minutes are in {self.language} already", "language")
        return Change(self, None)

    def write(self, part: MinutesPart, passage: Passage, source: Minutes, *, at: datetime) -> Change["Translation"]:
        """Write one part; published where the translation is public.

        Raises:
            Refused: LANGUAGE_INVALID, SPAN_INVALID; where it is public also as `check_complete` and `check_gaps` do.
        """
        if passage.text.language not in {"", self.language}:
            raise invalid(
                "LANGUAGE_INVALID", f"this translation is in {self.language}; the part {part} is in {passage.text.language}", part
            )
        words = Passage(replace(passage.text, language=self.language), passage.spans).checked(part)
        written = {**self.parts, part: TranslatedPart(words, source.edition, source.passage(part).digest)}
        kept = {name: written[name] for name in MinutesPart if name in written and written[name].passage.text.plain.strip()}
        after = replace(self, parts=kept)
        if not self.is_public:
            return Change(after, None)
        after.check_complete(source)
        after.check_gaps(source, [part])
        return Change(replace(after, published_at=at), TranslationUpdated(at))

    def review(self, source: Minutes, *, at: datetime) -> Change["Translation"]:
        """It was compared with its original, and becomes public. Raises Refused as the checks do."""
        reviewed = self._become(TranslationStatus.REVIEWED, published_at=at)
        reviewed.check_complete(source)
        reviewed.check_gaps(source, source.parts)
        reviewed.check_current(source)
        return Change(reviewed, TranslationPublished(at))

    def make_official(self, source: Minutes, *, at: datetime) -> Change["Translation"]:
        """The city stands by it. Raises Refused as `check_current` does."""
        official = self._become(TranslationStatus.OFFICIAL, published_at=at)
        official.check_current(source)
        return Change(official, TranslationUpdated(at))

    def changed_parts(self, source: Minutes) -> list[MinutesPart]:
        """The parts whose original says something else since."""
        return [part for part, translated in self.parts.items() if translated.source_hash != source.passage(part).digest]

    def check_complete(self, source: Minutes) -> None:
        """Raise TRANSLATION_INCOMPLETE for every part without words, or PERSONAL_NUMBER_FOUND."""
        _refuse("TRANSLATION_INCOMPLETE", "not translated yet", [part for part in source.parts if part not in self.parts])
        check_numbers({part: translated.passage for part, translated in self.parts.items()})

    def check_gaps(self, source: Minutes, parts: Iterable[MinutesPart]) -> None:
        """Raise GAPS_DIFFER for every part that closes something else than its original does, by levels and clauses."""
        differing = [part for part in parts if _reasons(self.parts[part].passage) != _reasons(source.passage(part))]
        _refuse("GAPS_DIFFER", "closing other things than the original does, by levels and clauses", differing)

    def check_current(self, source: Minutes) -> None:
        """Raise TRANSLATION_BEHIND for every part whose original changed since."""
        _refuse("TRANSLATION_BEHIND", "changed in the original since they were translated", self.changed_parts(source))

    def _become(self, status: TranslationStatus, **changes: object) -> "Translation":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


def _reasons(passage: Passage) -> list[tuple[str, int]]:
    """Why something of it is private, in no order of the words: languages have their own."""
    return sorted(span.reason for span in passage.spans)


def _refuse(code: str, why: str, parts: list[MinutesPart]) -> None:
    if parts:
        violations = [Violation(part, code, f"the part {part}: {why}") for part in parts]
        raise Refused(Kind.STATE, code, f"parts {why}: {', '.join(parts)}", violations=violations)
