"""How much two titles have in common, and by which words to look for others. Works without knowing the language.

Titles of a dozen words need no weights: how rare a term is only the agenda's store knows, whose suggestions compare whole texts.
"""

import re
from collections import Counter

from services.kit.text import fold

WORD = re.compile(r"\w{2,}")
# Particles that Korean puts behind a noun: without them a word is found in other sentences too.
PARTICLES = re.compile(r"(?<=[가-힣]{2})(에서|으로|에게|까지|부터|을|를|이|가|은|는|의|에|로|도|와|과)$")
MOST_WORDS = 3


def rarest_words(title: str) -> list[str]:
    """Up to three words to look for, longest first: the longer a word, the rarer it is (Zipf's law of abbreviation)."""
    words = dict.fromkeys(PARTICLES.sub("", word) for word in WORD.findall(fold(title)))
    return sorted(words, key=len, reverse=True)[:MOST_WORDS]


def likeness(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of neighbouring characters, spaces left out: 0 nothing in common, 1 the same."""
    first, second = _pairs(one), _pairs(other)
    both = sum((first & second).values())
    return 2 * both / ((first.total() + second.total()) or 1)


def _pairs(text: str) -> Counter[str]:
    letters = "".join(WORD.findall(fold(text)))
    return Counter(letters[place : place + 2] for place in range(len(letters) - 1))
