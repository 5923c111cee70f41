"""What of a text stands in the search index. The index only narrows: every hit is checked again on the folded text itself.

A gram is one, two or three neighbouring characters of a word, packed into one number (21 bits each, so that none equals another).
"""

from collections.abc import Iterable
from itertools import islice, pairwise

from services.kit.text import fold

BITS = 21
# A single Latin letter stands in almost every text: looking for one is a scan either way, and the index is a fifth smaller without.
FIRST_SINGLE = 0x250
SMALLEST = {1: 1, 2: 1 << BITS, 3: 1 << 2 * BITS}  # of a gram of so many characters
MAX_GRAMS = 24  # of one query: more of them narrow no further


def folded_text(parts: Iterable[str]) -> str:
    """Texts in the form in which they are searched; no word reaches across a line break."""
    return "\n".join(fold(part) for part in parts if part)


def words_of(query: str) -> list[str]:
    """The words of a query, folded, each once."""
    return list(dict.fromkeys(fold(query).split()))


def grams_of(folded: str) -> list[int]:
    """Every gram of a folded text, in order."""
    text = " ".join(set(folded.split()))
    point = {character: ord(character) for character in set(text)} | {" ": 0}
    middle = {character: number << BITS for character, number in point.items()}
    high = {character: number << 2 * BITS for character, number in point.items()}
    singles = {number for number in point.values() if number >= FIRST_SINGLE}
    pairs = {middle[a] | point[b] for a, b in pairwise(text) if a != " " != b}
    triples = {high[a] | middle[b] | point[c] for a, b, c in zip(text, text[1:], text[2:], strict=False) if a != " " != b and c != " "}
    return sorted(singles | pairs | triples)


def literal(grams: Iterable[int]) -> str:
    """An array of grams as PostgreSQL's text, which is cheaper to make and to send than its elements one by one."""
    return f"{{{','.join(map(str, grams))}}}"


def narrowing(words: Iterable[str]) -> list[int]:
    """Grams that every text with these words has: a word's longest ones; none where only single Latin letters are asked for."""
    needed = (gram for word in sorted(words, key=len, reverse=True) for gram in grams_of(word) if gram >= SMALLEST[min(len(word), 3)])
    return list(islice(dict.fromkeys(needed), MAX_GRAMS))
