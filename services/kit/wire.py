"""Pairs between wire types and ours that every service's `wire.py` uses."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from madang.type.v1 import text_pb2, vocabulary_pb2, written_pb2
from services.kit.errors import invalid
from services.kit.ids import id_from
from services.kit.queries import Page
from services.kit.text import Text
from services.kit.vocabulary import DISTRICTS, District, ImportOutcome, InnovationField, RepresentedGroup
from services.kit.write import Target, Written

E = TypeVar("E", bound=StrEnum)
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class EnumWire(dict[int, E]):
    """A pair for one vocabulary: our code `in_progress` is the wire's `<PREFIX>_IN_PROGRESS`; both lists must be the same."""

    def __init__(self, wire: Any, codes: type[E]) -> None:
        prefix = wire.Name(0).removesuffix("UNSPECIFIED")
        super().__init__({wire.Value(f"{prefix}{code.name}"): code for code in codes})
        if len(self) != len(wire.keys()) - 1:
            raise TypeError(f"{wire.DESCRIPTOR.full_name} and {codes.__name__} do not hold the same codes")
        self._numbers = {code: number for number, code in self.items()}

    def from_wire(self, number: int, field: str) -> E:
        """Our code for a number; refused with ENUM_UNKNOWN, zero too."""
        if number not in self:
            raise invalid("ENUM_UNKNOWN", f"{field} has no value {number}; it may be {', '.join(self.values())}", field)
        return self[number]

    def optional(self, number: int, field: str) -> E | None:
        """Our code for a number, none for zero."""
        return self.from_wire(number, field) if number else None

    def many(self, numbers: Iterable[int], field: str) -> tuple[E, ...]:
        """Our codes for many numbers."""
        return tuple(self.from_wire(number, field) for number in numbers)

    def to_wire(self, code: E | None) -> Any:
        """The number of a code, zero for none."""
        return self._numbers[code] if code is not None else 0


GROUPS = EnumWire(vocabulary_pb2.RepresentedGroup, RepresentedGroup)
FIELDS = EnumWire(vocabulary_pb2.InnovationField, InnovationField)
OUTCOMES = EnumWire(vocabulary_pb2.ImportOutcome, ImportOutcome)


def fact_to_wire(fact: Any, message: type[Any], after: Message) -> Message:
    """A fact as the message of its type: the state after it, when it happened, and whatever else it says under the same names."""
    said = {item.name: getattr(fact, item.name) for item in fields(fact) if item.name != "occurred_at"}
    plain = {name: value if isinstance(value, str | int | float) else str(value) for name, value in said.items() if value is not None}
    made: Message = message(after=after, occurred_at=time_to_wire(fact.occurred_at), **plain)
    return made


def time_to_wire(at: datetime | None) -> Timestamp | None:
    """A moment as the wire has it; none stays absent."""
    if at is None:
        return None
    message = Timestamp()
    message.FromDatetime(at)
    return message


def time_from_wire(message: Timestamp, field: str) -> datetime:
    """A moment in UTC; refused with TIME_RANGE outside 1900 to 2199."""
    try:
        at = message.ToDatetime(UTC)
    except (ValueError, OverflowError):
        at = LATEST
    if not EARLIEST <= at < LATEST:
        raise invalid("TIME_RANGE", f"{field} lies outside 1900 to 2199", field)
    return at


def time_or_none(message: Timestamp, field: str) -> datetime | None:
    """A moment, or none where the field is absent (an absent message has both parts zero)."""
    return time_from_wire(message, field) if message.seconds or message.nanos else None


def day_to_wire(day: date | None) -> str:
    """A day as `YYYY-MM-DD`, empty for none."""
    return day.isoformat() if day else ""


def day_from_wire(text: str, field: str) -> date | None:
    """A day from `YYYY-MM-DD`, none for empty; refused with DATE_INVALID, or TIME_RANGE outside 1900 to 2199 as moments are."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise invalid("DATE_INVALID", f"{field} is no day of the form YYYY-MM-DD", field) from None
    if not EARLIEST.year <= day.year < LATEST.year:
        raise invalid("TIME_RANGE", f"{field} lies outside 1900 to 2199", field)
    return day


def day_or_refused(text: str, field: str) -> date:
    """A day from `YYYY-MM-DD`; refused with FIELD_REQUIRED where it is empty, else with DATE_INVALID."""
    day = day_from_wire(text, field)
    if day is None:
        raise invalid("FIELD_REQUIRED", f"{field} is required, of the form YYYY-MM-DD", field)
    return day


def text_to_wire(text: Text | None) -> text_pb2.Text | None:
    """A text as the wire has it; none stays absent."""
    return None if text is None else text_pb2.Text(plain=text.plain, language=text.language)


def text_from_wire(message: text_pb2.Text) -> Text:
    """A text from the wire; an absent one is empty."""
    return Text(message.plain, message.language)


def texts_to_wire(texts: Iterable[Text]) -> list[text_pb2.Text]:
    """Texts as the wire has them."""
    return [text_pb2.Text(plain=text.plain, language=text.language) for text in texts]


def texts_from_wire(messages: Iterable[text_pb2.Text]) -> tuple[Text, ...]:
    """Texts from the wire."""
    return tuple(text_from_wire(message) for message in messages)


def text_or_none(message: text_pb2.Text) -> Text | None:
    """A text, or none where the field is absent or empty."""
    return text_from_wire(message) or None


def target_from_wire(request: Any, field: str) -> Target:
    """The aggregate that a command means, at which revision; `field` holds its id. Refused with ID_INVALID."""
    return Target(id_from(getattr(request, field), field), request.etag)


def page_from_wire(request: Any) -> Page:
    """The page that is asked for."""
    return Page(request.page_size, request.page_token)


def district_from_wire(code: str, field: str) -> District | None:
    """A district, none for the whole city; refused with DISTRICT_UNKNOWN."""
    if code and code not in DISTRICTS:
        raise invalid("DISTRICT_UNKNOWN", f"{field} is none of the 25 district codes", field)
    return District(code) if code else None


def written_to_wire(written: Written) -> written_pb2.Written:
    """What a command answers."""
    return written_pb2.Written(id=str(written.id), revision=written.revision, version=written.version)


def written_from_wire(message: written_pb2.Written) -> Written:
    """What another service's command answered."""
    return Written(UUID(message.id), message.revision, message.version)
