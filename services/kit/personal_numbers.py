"""Identity numbers that people typed into free text: found, never echoed."""

import re
from datetime import date

# Resident and foreigner registration numbers: six digits of birth, a digit for century and sex (5 to 8: foreigners), six more.
NUMBER = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\s?[-\u2010-\u2015]\s?([1-8])\d{6}(?!\d)")
DIGIT = re.compile(r"\d")


def found(text: str) -> list[tuple[int, int]]:
    """Where such numbers begin and end (in characters, from 0); what has no day of birth in it is none."""
    return [match.span() for match in NUMBER.finditer(text) if _is_birthday(match)]


def positions(text: str) -> list[int]:
    """Where such numbers begin."""
    return [start for start, _ in found(text)]


def masked(text: str, position: int) -> str | None:
    """The text, as long as before, with stars for the digits of the number that begins there; none where there is no number."""
    end = dict(found(text)).get(position)
    return text[:position] + DIGIT.sub("*", text[position:end]) + text[end:] if end else None


def _is_birthday(match: re.Match[str]) -> bool:
    century = 1900 if match[4] in "1256" else 2000
    try:
        date(century + int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True
