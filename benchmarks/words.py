"""Texts as people write them to a city: Zipf's law over real nouns, particles behind them, three in ten in English. Seeded."""

import random
from itertools import accumulate, product
from pathlib import Path

DATA = Path(__file__).parent / "data"
PARTICLES = ("은", "는", "이", "가", "을", "를", "에", "에서", "으로", "과", "와", "의", "도", "까지", "부터", "", "", "")
VOCABULARY = 20_000
NOUNS, RARE, ENGLISH = ((DATA / f"{name}.txt").read_text(encoding="utf-8").split() for name in ("nouns", "rare", "english"))
THEMES = ("안전", "교통", "주거", "복지", "환경", "교육", "문화", "일자리", "의료", "다문화", "청년", "돌봄")


class Words:
    """Draws texts; the same seed, the same texts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._korean = _korean(random.Random(seed))
        self._korean_weights = list(accumulate(1 / rank for rank in range(1, len(self._korean) + 1)))
        self._english_weights = list(accumulate(1 / rank for rank in range(1, len(ENGLISH) + 1)))

    def text(self, words: int, language: str) -> str:
        """So many words."""
        if language == "en":
            return " ".join(self._random.choices(ENGLISH, cum_weights=self._english_weights, k=words))
        nouns = self._random.choices(self._korean, cum_weights=self._korean_weights, k=words)
        return " ".join(noun + particle for noun, particle in zip(nouns, self._random.choices(PARTICLES, k=words), strict=True))

    def language(self) -> str:
        """Three in ten write English."""
        return "en" if self._random.random() < 0.3 else "ko"


def queries(syllables: int) -> list[str]:
    """Twenty words to look for: frequent ones, rare ones, and two that nobody wrote."""
    frequent, rare = ([noun for noun in nouns if len(noun) == syllables] for nouns in (NOUNS, RARE))
    return [*frequent[:: len(frequent) // 12][:12], *rare[:6], "뷁쀍궯"[:syllables], "쏿" * syllables]


def _korean(chance: random.Random) -> list[str]:
    """Nouns by rank; behind the plain ones compounds of two, and among those the rare ones."""
    compounds = ["".join(pair) for pair in product(NOUNS, repeat=2)]
    chance.shuffle(compounds)
    ranked = [*NOUNS, *compounds[:VOCABULARY]]
    for number, noun in enumerate(RARE, 1):
        ranked.insert(min(len(ranked), 200 + number * VOCABULARY // len(RARE)), noun)
    return ranked
