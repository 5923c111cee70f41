"""What of a text stands in the search index. The index only narrows: every hit is checked again on the folded text itself.

A gram is one, two or three neighbouring characters of a word, packed into one number (21 bits each, so that none equals another).
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

from services.kit.text import fold

BITS = 21
# A single Latin letter stands in almost every text: looking for one is a scan either way, and the index is a fifth smaller without.
FIRST_SINGLE = 0x250
MAX_GRAMS = 24  # of one query: more of them narrow no further


def folded_text(parts: Iterable[str]) -> str:
    """Texts in the form in which they are searched; no word reaches across a line break."""
    return "\n".join(fold(part) for part in parts if part)


def words_of(query: str) -> list[str]:
    """The words of a query, folded, each once."""
    return list(dict.fromkeys(fold(query).split()))


def grams_of(folded: str) -> list[int]:
    """Every gram of a folded text, in order."""
    return sorted({gram for word in set(folded.split()) for size in (1, 2, 3) for gram in _grams(word, size)})


def narrowing(words: Iterable[str]) -> list[int]:
    """Grams that every text with these words has; none where only single Latin letters are asked for."""
    needed = (_grams(word, min(len(word), 3)) for word in sorted(words, key=len, reverse=True))
    return list(islice(dict.fromkeys(chain.from_iterable(needed)), MAX_GRAMS))


def _grams(word: str, size: int) -> Iterator[int]:
    points = [ord(character) for character in word]
    if size == 1:
        return (point for point in points if point >= FIRST_SINGLE)
    if size == 2:
        return (first << BITS | second for first, second in pairwise(points))
    return (first << 2 * BITS | second << BITS | third for first, second, third in zip(points, points[1:], points[2:], strict=False))
