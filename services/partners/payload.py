"""The data of an event as the message of its type, by the proto's JSON mapping, with the field named that is wrong."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from services.kit import validation
from services.kit.envelope import Unreadable
from services.kit.errors import Refused
from services.kit.text import is_forbidden, storable
from services.partners.cloudevents import nearest, time_of

TIMESTAMP = "google.protobuf.Timestamp"


def message_of(cls: type[Message], data: Any) -> Message:
    """The message in an event's data, held against the rules of its proto.

    Raises:
        Unreadable: DECODE_FAILED, FIELD_UNKNOWN, ENUM_UNKNOWN, DATE_INVALID, or the code of the rule that it breaks.
    """
    if data is None:
        raise Unreadable("ATTRIBUTE_MISSING", "data is missing", "data")
    message = _from_bytes(cls, data) if isinstance(data, bytes) else _from_json(cls, data)
    try:
        validation.check(message)
    except Refused as refused:
        field = refused.violations[0].field if refused.violations else ""
        raise Unreadable(refused.code, refused.message, field) from None
    return message


def _from_bytes(cls: type[Message], data: bytes) -> Message:
    try:
        return cls.FromString(data)
    except DecodeError:
        raise Unreadable("DECODE_FAILED", f"data is no {cls.DESCRIPTOR.full_name}", "data") from None


def _from_json(cls: type[Message], data: Any) -> Message:
    _check_object(cls.DESCRIPTOR, data, "")
    try:
        return json_format.ParseDict(data, cls())
    except (json_format.ParseError, ValueError, TypeError, OverflowError):
        raise Unreadable("DECODE_FAILED", f"data is no {cls.DESCRIPTOR.full_name} by its JSON mapping", "data") from None


def _check_object(descriptor: Any, data: Any, path: str) -> None:
    if not isinstance(data, Mapping):
        raise _misformed(path.removesuffix(".") or "data", "an object")
    fields = {name: field for field in descriptor.fields for name in (field.name, field.json_name)}
    for name, value in data.items():
        if name not in fields:
            unknown = f"{path}{storable(name, 60)}"
            known = [field.name for field in descriptor.fields]
            raise Unreadable("FIELD_UNKNOWN", f"{unknown} is no field of {descriptor.name}{nearest(name, known)}", unknown)
        if value is not None:
            _check_field(fields[name], value, f"{path}{fields[name].name}")


def _check_field(field: Any, value: Any, where: str) -> None:
    if not field.is_repeated:
        _check_value(field, value, where)
    elif not isinstance(value, list):
        raise _misformed(where, "a list")
    else:
        for index, item in enumerate(value):
            _check_value(field, item, f"{where}[{index}]")


def _check_value(field: Any, value: Any, where: str) -> None:
    if field.message_type and field.message_type.full_name != TIMESTAMP:
        _check_object(field.message_type, value, f"{where}.")
    elif field.enum_type:
        _check_name(field, value, where)
    elif field.message_type or field.type == FieldDescriptor.TYPE_STRING:
        if not isinstance(value, str):
            raise _misformed(where, "a string")
        _check_characters(value, where)
        if field.message_type:
            time_of(value, where)


def _check_name(field: Any, value: Any, where: str) -> None:
    """The name of a value, or its number, which the rules check."""
    names = list(field.enum_type.values_by_name)
    if isinstance(value, str) and value not in names:
        raise Unreadable("ENUM_UNKNOWN", f"{where} may be {', '.join(names[1:])}{nearest(value.upper(), names)}", where)
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _misformed(where, "a name of its vocabulary")


def _check_characters(text: str, where: str) -> None:
    if text.isprintable():
        return
    for position, character in enumerate(text):
        if is_forbidden(character):
            raise Unreadable("TEXT_FORBIDDEN_CHAR", f"{where} has the forbidden character U+{ord(character):04X} at {position}", where)


def _misformed(where: str, wanted: str) -> Unreadable:
    return Unreadable("DECODE_FAILED", f"{where} must be {wanted}", where)
