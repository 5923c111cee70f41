"""Identity numbers that people typed into free text: found, never echoed."""

import re
from datetime import date

# Resident and foreigner registration numbers: six digits of birth, a digit for century and sex (5 to 8: foreigners), six more.
NUMBER = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\s?[-\u2010-\u2015]\s?([1-8])\d{6}(?!\d)")


def positions(text: str) -> list[int]:
    """Where such numbers begin (in characters, from 0); what has no day of birth in it is none."""
    return [match.start() for match in NUMBER.finditer(text) if _is_birthday(match)]


def _is_birthday(match: re.Match[str]) -> bool:
    century = 1900 if match[4] in "1256" else 2000
    try:
        date(century + int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True
