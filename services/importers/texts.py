"""Texts of other people: taken as they are, and what had to be changed in them said."""

from collections.abc import Callable

from services.kit.personal_numbers import positions
from services.kit.text import cleaned, one_line

# Told of a field what happened to it: field, code, reason.
Note = Callable[[str, str, str], None]


def as_given(text: str, field: str, note: Note) -> str:
    """The text in NFC; forbidden characters are dropped, identity numbers pointed at and left."""
    text, dropped = cleaned(text)
    if dropped:
        note(field, "TEXT_FORBIDDEN_CHAR", f"{dropped} forbidden characters were dropped")
    if found := positions(text):
        note(field, "PERSONAL_NUMBER_FOUND", f"what looks like an identity number stands at {', '.join(map(str, found))}; left as given")
    return text


def on_one_line(text: str, field: str, note: Note) -> str:
    """The text without line breaks."""
    if "\n" not in text and "\r" not in text:
        return text
    note(field, "LINE_BREAK", "line breaks became spaces")
    return one_line(text)


def at_most(text: str, size: int, field: str, note: Note) -> str:
    """The text cut to a size in characters."""
    if len(text) <= size:
        return text
    note(field, "TEXT_TOO_LONG", f"cut to {size:,} characters")
    return text[: size - 1] + "…"
