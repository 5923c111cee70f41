"""Words of which some may not be public."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise

from services.kit import personal_numbers
from services.kit.errors import invalid
from services.kit.text import Text


class DisclosureLevel(StrEnum):
    """How far a span is closed."""

    PARTIAL = "partial"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to before `end`; `clause` is the item of article 9 (1) of the Official Information Disclosure Act (Korea)."""

    start: int
    end: int
    level: DisclosureLevel
    clause: int

    @property
    def reason(self) -> tuple[DisclosureLevel, int]:
        """Why it is not public."""
        return self.level, self.clause


# What stands in the place of a private span, by the first subtag of the text's language.
LABELS = {
    "ko": ("[부분공개: 제9조제1항제{}호]", "[비공개: 제9조제1항제{}호]"),
    "en": (
        "[Partly public: Official Information Disclosure Act, article 9 (1) {}]",
        "[Not public: Official Information Disclosure Act, article 9 (1) {}]",
    ),
    "zh": ("[部分公开:《信息公开法》第9条第1款第{}项]", "[不公开:《信息公开法》第9条第1款第{}项]"),
    "vi": (
        "[Công khai một phần: Luật Công khai thông tin, Điều 9 khoản 1 mục {}]",
        "[Không công khai: Luật Công khai thông tin, Điều 9 khoản 1 mục {}]",
    ),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words and their private spans, in order. Positions are characters, from 0."""

    text: Text
    spans: tuple[Span, ...] = ()

    def checked(self, field: str) -> "Passage":
        """With its spans in order. Raises Refused: SPAN_INVALID where one reaches beyond the words or into another."""
        spans = tuple(sorted(self.spans, key=lambda span: span.start))
        if outside := [span for span in spans if not 0 <= span.start < span.end <= len(self.text.plain)]:
            span = outside[0]
            raise invalid("SPAN_INVALID", f"{field} has {len(self.text.plain)} characters; none are {span.start} to {span.end}", field)
        if crossing := [(one, other) for one, other in pairwise(spans) if other.start < one.end]:
            one, other = crossing[0]
            raise invalid("SPAN_INVALID", f"the private spans {one.start}-{one.end} and {other.start}-{other.end} overlap", field)
        return replace(self, spans=spans)

    @property
    def public(self) -> "Passage":
        """The words that everybody may read, with a labelled gap for every private span."""
        return Passage(replace(self.text, plain="".join(self._shown()))) if self.spans else self

    @property
    def digest(self) -> str:
        """The SHA-256 of the public words: it says nothing about the private ones."""
        return sha256(self.public.text.plain.encode()).hexdigest()

    @property
    def exposed(self) -> list[int]:
        """Where identity numbers begin that everybody would read."""
        return [start for start, end in personal_numbers.found(self.text.plain) if not self._is_private(start, end)]

    def shown_at(self, words: str) -> list[int]:
        """Where these words begin that everybody would read."""
        starts = [match.start() for match in re.finditer(re.escape(words), self.text.plain)]
        return [start for start in starts if not self._is_private(start, start + len(words))]

    def masked(self, position: int, field: str) -> "Passage":
        """Without the digits of the identity number there. Raises Refused: PERSONAL_NUMBER_MISSING."""
        plain = personal_numbers.masked(self.text.plain, position)
        if plain is None:
            raise invalid("PERSONAL_NUMBER_MISSING", f"no identity number begins at {position} of {field}", "position")
        return replace(self, text=replace(self.text, plain=plain))

    def _is_private(self, start: int, end: int) -> bool:
        return any(span.start <= start and end <= span.end for span in self.spans)

    def _shown(self) -> Iterator[str]:
        partial, closed = LABELS.get(self.text.language.partition("-")[0], LABELS["ko"])
        place = 0
        for span in self.spans:
            yield self.text.plain[place : span.start]
            yield (closed if span.level is DisclosureLevel.CLOSED else partial).format(span.clause)
            place = span.end
        yield self.text.plain[place:]
