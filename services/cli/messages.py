"""A service's messages as commands show them: codes instead of numbers, times with their offset."""

import re
from datetime import UTC, datetime
from typing import Any

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from madang.type.v1.text_pb2 import Text
from services.kit.clock import SEOUL
from services.kit.wire import EARLIEST, LATEST


def as_plain(message: Message) -> Any:
    """A message as plain values: every field by its name, null where it is absent; a text of one language is its words."""
    if isinstance(message, Timestamp):
        return message.ToDatetime(SEOUL).isoformat()
    if isinstance(message, Text):
        return message.plain
    return {field.name: _value(message, field) for field in message.DESCRIPTOR.fields}


def text_of(words: str) -> Text:
    """A text as it is typed: `vi=…` in a language, Korean where none stands before it."""
    found = re.fullmatch(r"(?:([a-z]{2,3}(?:-[A-Za-z0-9]+)*)=)?(.*)", words, re.DOTALL)
    assert found is not None, "everything matches"
    return Text(plain=found[2], language=found[1] or "ko")


def moment_of(text: str) -> datetime:
    """A moment in UTC as it is typed; one that does not say where it is meant is Seoul's, a day is its beginning. Raises ValueError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day or moment such as 2026-11-02 or 2026-11-02T09:00+09:00") from None
    at = at if at.tzinfo else at.replace(tzinfo=SEOUL)
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"{text!r} lies outside 1900 to 2199")
    return at.astimezone(UTC)


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    """An object's fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], 0)}


def code_of(enum: EnumDescriptor, number: int) -> str:
    """Our code for a number: `in_progress` for `<PREFIX>_IN_PROGRESS`, empty for zero."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return str(enum.values_by_number[number].name.removeprefix(prefix).lower()) if number else ""


def is_map(field: Any) -> bool:
    """Whether a field holds values by their keys."""
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def _value(message: Message, field: Any) -> Any:
    if is_map(field):
        found = field.message_type.fields_by_name["value"]
        return {str(key): _one(value, found) for key, value in getattr(message, field.name).items()}
    if field.is_repeated:
        return [_one(item, field) for item in getattr(message, field.name)]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _one(getattr(message, field.name), field)


def _one(value: Any, field: Any) -> Any:
    if field.message_type:
        return as_plain(value)
    return code_of(field.enum_type, value) if field.enum_type else value
