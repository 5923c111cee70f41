"""How alike two texts are, by which words, and by which terms to look for others. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from services.agenda.domain.item import Status
from services.agenda.search.words import content_words, parts_of, terms_of

LONGEST = 2_000  # characters of a text that are compared: a matter is named at the beginning
MOST_WORDS, MOST_ALONE, MOST_COMMON, MOST_TOGETHER = 8, 40, 8, 20
FEW = 300  # texts that a term may stand in to be looked for alone
PRIOR = 1_000  # a few texts say little about what is rare: as if so many had been counted that have none of the terms
# What a group, a district and a field in common are worth. On the labelled pairs the right item came first in 0.60 of cases with these and
# in 0.52 without; twice as much changed nothing. The labelled pairs have no fields: theirs is taken from the others.
BONUS = {"group": 0.05, "district": 0.05, "field": 0.05}
# Less is nothing: chosen on one half of the labelled pairs, where it gave the best F1 (`python -m benchmarks suggestions`).
LEAST_SCORE = 0.12


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many of some texts, taken from `total`, each term stands in; what stands in one only may stand in none."""

    texts: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0

    def hits(self, term: str) -> float:
        """About how many texts of all a term stands in."""
        return self.total * self._count(term) / max(self.texts, 1)

    def weight(self, term: str) -> float:
        """How much it says: the square of its inverse document frequency, as both sides of a cosine have it."""
        return math.log(1 + (self.texts + PRIOR) / (self._count(term) + 1)) ** 2

    def _count(self, term: str) -> int:
        return max(self.counts.get(term, 0), 1)


@dataclass(frozen=True, slots=True)
class Key:
    """Terms that a text must have all of to be looked at, and what they weigh."""

    terms: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that shares some terms with what is asked about."""

    agenda_id: UUID
    title: str
    text: str
    tags: Sequence[str]
    status: Status
    owner: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that may be about the same, how alike it is, and the words that made it."""

    item: Candidate
    score: float
    words: tuple[str, ...]


class Asked:
    """A text to find others like: its words and terms, weighed once."""

    def __init__(self, text: str, tags: Sequence[str], rarity: Rarity) -> None:
        self._rarity, self._tags, self._words = rarity, set(tags), content_words(text[:LONGEST])
        self._terms = terms_of(self._words)
        self._weight = sum(map(rarity.weight, self._terms))

    def keys(self) -> list[Key]:
        """What to look for: the weightiest terms, alone where they are rare, else two together."""
        ranked = sorted(self._terms, key=lambda term: (-self._rarity.weight(term), term))
        alone = [(term,) for term in ranked if self._rarity.hits(term) <= FEW][:MOST_ALONE]
        common = [term for term in ranked if self._rarity.hits(term) > FEW][:MOST_COMMON]
        together = sorted(combinations(common, 2), key=lambda pair: (-sum(map(self._rarity.weight, pair)), pair))
        chosen = [*alone, *together[:MOST_TOGETHER]]
        return [Key(terms, sum(map(self._rarity.weight, terms))) for terms in chosen]

    def compared(self, other: Candidate) -> Suggestion:
        """How alike it is: the cosine of the weighed terms, and what the tags in common add: at most as much."""
        terms = terms_of(content_words(other.text[:LONGEST]))
        shared = self._terms & terms
        if not shared:
            return Suggestion(other, 0.0, ())
        cosine = sum(map(self._rarity.weight, shared)) / math.sqrt(self._weight * sum(map(self._rarity.weight, terms)))
        bonus = sum(BONUS.get(kind, 0.0) for kind in {tag.partition(":")[0] for tag in self._tags.intersection(other.tags)})
        return Suggestion(other, round(min(1.0, cosine + min(bonus, cosine)), 4), self._made(shared))

    def best(self, others: Sequence[Candidate], limit: int) -> list[Suggestion]:
        """The most alike first; of equals the lowest id."""
        found = [suggestion for other in others if (suggestion := self.compared(other)).score >= LEAST_SCORE]
        return sorted(found, key=lambda suggestion: (-suggestion.score, suggestion.item.agenda_id))[:limit]

    def _made(self, shared: set[str]) -> tuple[str, ...]:
        """The words at least half of whose terms are shared, the weightiest first."""
        parts = {word: parts_of(word) for word in self._words}
        weights = {word: sum(self._rarity.weight(term) for term in terms if term in shared) for word, terms in parts.items()
                   if 2 * sum(term in shared for term in terms) >= len(terms)}  # fmt: skip
        return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:MOST_WORDS])
