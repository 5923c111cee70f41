"""What may stand in a text, and in which form it is kept."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.kit.errors import Kind, Refused, Violation

ALLOWED_CONTROLS = frozenset("\t\n\r")
# Controls that turn the direction of everything after them: they let a text show as something else than it is.
BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Text:
    """Free text that people wrote, in one language (BCP 47; empty where unknown)."""

    plain: str
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class Label:
    """What something is called, in up to four languages; Korean is always there."""

    ko: str
    en: str = ""
    zh: str = ""
    vi: str = ""

    def in_language(self, language: str) -> str:
        """The words in a language (BCP 47, by its first part), in Korean where there are none."""
        return getattr(self, language.partition("-")[0], "") or self.ko


def is_forbidden(character: str) -> bool:
    """Whether a character may never be stored: NUL and other controls, lone surrogates, bidi overrides."""
    if character in ALLOWED_CONTROLS:
        return False
    return character in BIDI_OVERRIDES or unicodedata.category(character) in {"Cc", "Cs"}


def cleaned(text: str) -> tuple[str, int]:
    """The text in NFC without its forbidden characters, and how many there were. For imports, which take what is right."""
    normal = unicodedata.normalize("NFC", text)
    if normal.isprintable():
        return normal, 0
    kept = "".join(character for character in normal if not is_forbidden(character))
    return kept, len(normal) - len(kept)


def storable(text: str, limit: int = 1_000) -> str:
    """What strangers wrote, fit for a column, a log or a terminal: forbidden characters replaced, cut at a limit."""
    return "".join("\ufffd" if is_forbidden(character) else character for character in text[:limit])


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """The form in which texts are compared: NFC and case folding, as Python does them."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def normalise(message: Message) -> None:
    """Bring every string of a request to NFC in place.

    Raises:
        Refused: TEXT_FORBIDDEN_CHAR with the field and the position (in characters, from 0) of the first forbidden one.
    """
    violations = list(_normalised(message, ""))
    if violations:
        raise Refused(Kind.INVALID, "TEXT_FORBIDDEN_CHAR", violations[0].message, violations=violations)


def _normalised(message: Message, path: str) -> Iterator[Violation]:
    for field, value in message.ListFields():
        where = f"{path}{field.name}"
        if field.type == FieldDescriptor.TYPE_STRING:
            if field.is_repeated:
                value[:] = [unicodedata.normalize("NFC", item) for item in value]
                for index, item in enumerate(value):
                    yield from _forbidden(item, f"{where}[{index}]")
            else:
                setattr(message, field.name, unicodedata.normalize("NFC", value))
                yield from _forbidden(value, where)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for index, item in enumerate(value if field.is_repeated else [value]):
                yield from _normalised(item, f"{where}[{index}]." if field.is_repeated else f"{where}.")


def _forbidden(text: str, where: str) -> Iterator[Violation]:
    if text.isprintable():
        return
    for position, character in enumerate(text):
        if is_forbidden(character):
            yield Violation(where, "TEXT_FORBIDDEN_CHAR", f"{where} has the forbidden character U+{ord(character):04X} at {position}")
            return
