"""How alike two texts are, by which words, and by which terms to look for others. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from uuid import UUID

from services.agenda.domain.item import Status
from services.agenda.search.words import content_words, parts_of, terms_of

LONGEST = 2_000  # characters of a text that are compared: a matter is named at the beginning
MOST_WORDS, MOST_ALONE, MOST_COMMON, MOST_TOGETHER = 8, 40, 10, 20
FEW = 300  # texts that what is looked for may stand in
BUDGET = 100_000  # entries of the index that all looking for common terms may pass: some ten milliseconds, however large the store
PRIOR = 1_000  # a few texts say little about what is rare: as if so many had been counted that have none of the terms
# What a group, a district and a field in common are worth. Among the labelled texts alone the right one came first in 0.60 of cases with
# these and in 0.52 without; twice as much changed nothing. The labelled pairs have no fields: theirs is taken from the others.
BONUS = {"group": 0.05, "district": 0.05, "field": 0.05}
# Less is nothing: chosen on one half of the labelled pairs, where it gave the best F1 among 100,000 items and among a million
# (`python -m benchmarks suggestions`).
LEAST_SCORE = 0.14


class Rarity:
    """How many of some texts, taken from `total`, each term stands in; what stands in one only may stand in none."""

    def __init__(self, texts: int = 0, counts: Mapping[str, int] | None = None, total: int = 0) -> None:
        self.texts, self.total, self._counts = texts, total, counts or {}
        self._weights = [math.log(1 + (texts + PRIOR) / (max(count, 1) + 1)) ** 2 for count in range(texts + 1)]

    def hits(self, term: str) -> float:
        """About how many texts of all a term stands in; of what was never met, too few to count."""
        return self.total * self._counts.get(term, 0) / max(self.texts, 1)

    def weight(self, term: str) -> float:
        """How much it says: the square of its inverse document frequency, as both sides of a cosine have it."""
        return self._weights[self._counts.get(term, 0)]


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
        """What to look for: the weightiest terms, alone where they are rare, else as many together as make them rare."""
        ranked = sorted(self._terms, key=lambda term: (-self._rarity.weight(term), term))
        alone = [(term,) for term in ranked if self._rarity.hits(term) <= FEW][:MOST_ALONE]
        common = [term for term in ranked if self._rarity.hits(term) > FEW][:MOST_COMMON]
        return [Key(terms, sum(map(self._rarity.weight, terms))) for terms in [*alone, *self._together(common)]]

    def _together(self, common: Sequence[str]) -> list[tuple[str, ...]]:
        """Two or three common terms that few texts have, within the budget: the index passes about as many entries as the rarest has."""
        chosen: list[tuple[str, ...]] = []
        passed = 0.0
        for terms in chain(combinations(common, 2), combinations(common, 3)):
            cost = min(map(self._rarity.hits, terms))
            if passed + cost <= BUDGET and self._expected(terms) <= FEW and not any(set(part) < set(terms) for part in chosen):
                chosen.append(terms)
                passed += cost
        # Where everything stands everywhere, what has most of it is looked for, once.
        return chosen[:MOST_TOGETHER] or ([tuple(common)] if len(common) > 1 else [])

    def _expected(self, terms: Iterable[str]) -> float:
        """How many texts have all of them, if none attracts another."""
        total = max(self._rarity.total, 1)
        return total * math.prod(self._rarity.hits(term) / total for term in terms)

    def best(self, others: Iterable[Candidate], limit: int) -> list[Suggestion]:
        """The most alike first; of equals the lowest id."""
        scored = [(self.score(other.text, other.tags), other) for other in others]
        alike = sorted((pair for pair in scored if pair[0] >= LEAST_SCORE), key=lambda pair: (-pair[0], pair[1].agenda_id))
        return [Suggestion(other, score, self.words(other.text)) for score, other in alike[:limit]]

    def score(self, text: str, tags: Iterable[str]) -> float:
        """How alike a text is, 0 to 1: the cosine of the weighed terms, and what the tags in common add: at most as much."""
        terms = _terms(text)
        shared = self._terms & terms
        if not shared:
            return 0.0
        weight = self._rarity.weight
        cosine = sum(map(weight, shared)) / math.sqrt(self._weight * sum(map(weight, terms)))
        bonus = sum(BONUS.get(kind, 0.0) for kind in {tag.partition(":")[0] for tag in self._tags.intersection(tags)})
        return round(min(1.0, cosine + min(bonus, cosine)), 4)

    def words(self, text: str) -> tuple[str, ...]:
        """The words at least half of whose terms a text has too, the weightiest first."""
        shared = self._terms & _terms(text)
        common = {word: [term for term in parts_of(word) if term in shared] for word in self._words}
        weights = {word: sum(map(self._rarity.weight, terms)) for word, terms in common.items() if 2 * len(terms) >= len(parts_of(word))}
        return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:MOST_WORDS])


def _terms(text: str) -> set[str]:
    return terms_of(content_words(text[:LONGEST]))
