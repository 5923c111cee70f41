"""CloudEvents as partners send them: binary or structured, from any client, however broken (JSON Event Format 1.0.2, Kafka binding)."""

import base64
import binascii
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.kit.envelope import PROTOBUF, STRUCTURED, Record, Unreadable
from services.kit.foreign_records import Broken, Oversized
from services.kit.text import is_forbidden, storable

MAX_BYTES = 256 * 1024
REQUIRED = ("id", "source", "specversion", "type", "time")
LIMITS = {"id": 200, "source": 200, "specversion": 20, "type": 200, "time": 64, "subject": 500, "correlationid": 64, "datacontenttype": 200}
NAME = re.compile(r"[a-z0-9]+")
# RFC 3339: Python reads more than that, such as a date alone or a time without an offset.
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opened:
    """An event taken apart: its attributes, still unchecked, and its data: decoded JSON, or bytes of protobuf."""

    attributes: Mapping[str, Any]
    data: Any


def open_record(record: Record) -> Opened:
    """Take a record apart.

    Raises:
        Unreadable: EVENT_TOO_LARGE, DECODE_FAILED, ATTRIBUTE_REPEATED, FIELD_UNKNOWN or CONTENT_TYPE_UNSUPPORTED.
    """
    size = len(record.value or b"") + len(record.key or b"") + sum(len(name) + len(value or b"") for name, value in record.headers)
    if isinstance(record.value, Oversized) or size > MAX_BYTES:
        raise Unreadable("EVENT_TOO_LARGE", f"an event may have {MAX_BYTES:,} bytes, inflated and with its headers")
    if isinstance(record.value, Broken):
        raise Unreadable("DECODE_FAILED", "the record can't be read: its batch is damaged")
    headers = _headers(record)
    content_type = _media_type(headers.get("content-type", ""))
    if content_type.startswith(STRUCTURED) or not any(name.startswith("ce_") for name in headers):
        return _structured(record.value or b"", content_type)
    return _binary(headers, record.value or b"", content_type)


def glimpse(record: Record) -> dict[str, str]:
    """What can be had of the attributes of a record that was refused, for its receipt; nothing in it is sure."""
    binary = {name[3:]: (value or b"").decode(errors="replace") for name, value in record.headers if name.startswith("ce_")}
    found = binary or _first_members((record.value or b"")[: 64 * 1024].decode(errors="replace").lstrip("\ufeff \t\r\n"))
    return {name: str(found[name]) for name in ("id", "source", "type", "subject") if _is_sound(name, found.get(name))}


def text_of(attributes: Mapping[str, Any], name: str) -> str:
    """An attribute; empty where it is absent. Raises Unreadable: ATTRIBUTE_INVALID, TEXT_TOO_LONG or TEXT_FORBIDDEN_CHAR."""
    value = attributes.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable("ATTRIBUTE_INVALID", f"{name} must be a string", name)
    if len(value) > LIMITS[name]:
        raise Unreadable("TEXT_TOO_LONG", f"{name} may have {LIMITS[name]} characters", name)
    if (position := next((index for index, character in enumerate(value) if is_forbidden(character)), None)) is not None:
        raise Unreadable("TEXT_FORBIDDEN_CHAR", f"{name} has the forbidden character U+{ord(value[position]):04X} at {position}", name)
    return value


def time_of(text: str, field: str) -> datetime:
    """A moment of RFC 3339. Raises Unreadable: DATE_INVALID."""
    try:
        if not TIME.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("DATE_INVALID", f"{field} is no time of the form 2026-11-22T14:05:00+09:00 (RFC 3339)", field) from None


def nearest(name: str, known: Any) -> str:
    """A hint at the known name that is most like a wrong one."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def strict_json(value: bytes) -> Any:
    """JSON as RFC 8259 has it: UTF-8, no byte order mark, no name twice in an object, no NaN. Raises Unreadable: DECODE_FAILED."""
    try:
        return json.loads(value.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Unreadable("DECODE_FAILED", "the value is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Unreadable("DECODE_FAILED", f"the value is no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Unreadable("DECODE_FAILED", "the value is nested too deep") from None
    except ValueError as error:
        raise Unreadable("DECODE_FAILED", f"the value is no strict JSON: {error}") from None


def _headers(record: Record) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in record.headers:
        if not name.startswith("ce_") and name != "content-type":
            continue
        attribute = storable(name.removeprefix("ce_"), 60)
        if name in found:
            raise Unreadable("ATTRIBUTE_REPEATED", f"{attribute} is given twice", attribute)
        try:
            found[name] = (value or b"").decode()
        except UnicodeDecodeError:
            raise Unreadable("DECODE_FAILED", f"{attribute} is not UTF-8", attribute) from None
    return found


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _binary(headers: Mapping[str, str], value: bytes, content_type: str) -> Opened:
    attributes = {name.removeprefix("ce_"): text for name, text in headers.items() if name != "content-type"}
    return Opened(attributes, _data(value, content_type))


def _structured(value: bytes, content_type: str) -> Opened:
    """Also what comes without a word about its form: many clients send no headers."""
    if content_type.startswith(STRUCTURED) and not content_type.endswith("+json"):
        raise Unreadable("CONTENT_TYPE_UNSUPPORTED", "structured events are read as application/cloudevents+json", "content-type")
    event = strict_json(value)
    if not isinstance(event, dict):
        raise Unreadable("DECODE_FAILED", "the value is no JSON object")
    for name in event:
        if name != "data_base64" and not NAME.fullmatch(name):
            shown = storable(name, 60)
            raise Unreadable("FIELD_UNKNOWN", f"{shown!r} is no attribute{nearest(name, [*LIMITS, 'data'])}", shown)
    attributes = {name: item for name, item in event.items() if name not in {"data", "data_base64"}}
    if (encoded := event.get("data_base64")) is None:
        return Opened(attributes, event.get("data"))
    if not isinstance(encoded, str) or "data" in event:
        raise Unreadable("DECODE_FAILED", "data_base64 must be a string, and stands instead of data", "data_base64")
    try:
        value = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("DECODE_FAILED", "data_base64 is no base64", "data_base64") from None
    return Opened(attributes, _data(value, _media_type(text_of(attributes, "datacontenttype"))))


def _data(value: bytes, content_type: str) -> Any:
    if content_type == PROTOBUF:
        return value
    if content_type in {"", "application/json"} or content_type.endswith("+json"):
        return strict_json(value) if value else None
    raise Unreadable("CONTENT_TYPE_UNSUPPORTED", f"data is read as application/json or {PROTOBUF}", "content-type")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has the same name twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _first_members(text: str) -> dict[str, Any]:
    """The first members of a JSON object, up to where it breaks."""
    found: dict[str, Any] = {}
    decoder, position = json.JSONDecoder(), 0
    try:
        while len(found) < len(LIMITS) * 2 and text[position] in "{,":
            name, position = decoder.raw_decode(text, _after_space(text, position + 1))
            position = _after_space(text, _after_space(text, position) + 1)
            value, position = decoder.raw_decode(text, position)
            found.setdefault(str(name), value)
            position = _after_space(text, position)
    except (ValueError, IndexError, RecursionError):
        pass
    return found


def _after_space(text: str, position: int) -> int:
    while text[position] in " \t\r\n":
        position += 1
    return position


def _is_sound(name: str, value: Any) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= LIMITS[name]
        and not any(is_forbidden(character) or character == "\ufffd" for character in value)
    )
