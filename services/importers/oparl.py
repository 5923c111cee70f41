"""Meetings and organizations of OParl 1.0 and 1.1 (https://dev.oparl.org/spezifikation), as requests to the council service.

A file holds one object, a list of them, a page of an external list (`data`), or one object a line. What becomes of each field is in
docs/import-oparl.md.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import agenda_item_pb2, meeting_pb2
from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import import_messages_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.importers.files import json_lines, read_text
from services.importers.oparl_fields import at_end, day_of, identity_of, line_of, list_of, text_of
from services.importers.oparl_papers import documents_of, memberships_of
from services.importers.oparl_results import result_of
from services.importers.report import Place, Row, Tally
from services.importers.texts import Note, as_given, at_most, on_one_line
from services.kit.errors import Refused, invalid
from services.kit.wire import EARLIEST, LATEST

SCHEMA = "schema.oparl.org"
MEETING, ORGANIZATION = "Meeting", "Organization"
# meetingState is free text; the first three are the specification's own recommendation.
STATES = {
    "terminiert": meeting_pb2.MEETING_STATUS_SCHEDULED, "eingeladen": meeting_pb2.MEETING_STATUS_INVITED,
    "durchgeführt": meeting_pb2.MEETING_STATUS_CLOSED, "abgesagt": meeting_pb2.MEETING_STATUS_CANCELLED,
    "ausgefallen": meeting_pb2.MEETING_STATUS_CANCELLED,
}  # fmt: skip
# What only a meeting that took place has.
EVIDENCE = ("resultsProtocol", "verbatimProtocol")
MAX_INT32 = 2**31 - 1

Say = Callable[[Place, str, str, str], None]
Read = Row[Any] | tuple[Place, Refused]


@dataclass(slots=True)
class Source:
    """What one import knows: the language of its texts (BCP 47; empty where unknown), the present moment, and what was read so far.

    `former` are the bodies that only meetings name; `items` counts the agenda items that were read, and those that were left.
    """

    say: Say
    language: str
    now: datetime
    bodies: set[str] = field(default_factory=set)
    former: list[Row[councils.ImportCouncilRequest]] = field(default_factory=list)
    items: Tally = field(default_factory=Tally)
    seen: set[str] = field(default_factory=set)

    def noted(self, place: Place, prefix: str = "") -> Note:
        """Says of a field of a row what happened to it."""
        return lambda name, code, reason: self.say(place, f"{prefix}{name}".removesuffix("."), code, reason)

    def is_new(self, origin: str) -> bool:
        """Whether this was not read before; notes it."""
        before = len(self.seen)
        self.seen.add(origin)
        return len(self.seen) > before


def read_organizations(path: Path, source: Source) -> Iterator[Read]:
    """Every organization of a file, as its request or as the reason why it can be none.

    Raises:
        Refused: FILE_TYPE where it is no JSON or nothing in it is OParl, DECODE_FAILED with line and column, or what reading a file may.
    """
    for place, value in _objects(path, ORGANIZATION):
        try:
            request = _organization(_living(value, source), source.noted(place))
        except Refused as refused:
            yield place, refused
        else:
            source.bodies.add(request.origin)
            yield Row(place, request)


def read_meetings(path: Path, source: Source) -> Iterator[Read]:
    """Every meeting of a file with its items, likewise; bodies that nobody has described are made from their ids."""
    for place, value in _objects(path, MEETING):
        items = list_of(value.get("agendaItem")) if isinstance(value, dict) else []
        source.items.read += len(items)
        try:
            request = _meeting(_living(value, source), items, place, source)
        except Refused as refused:
            source.items.count(None, len(items))
            yield place, refused
        else:
            source.items.count(None, len(items) - len(request.items))
            yield Row(place, request)


def _objects(path: Path, kind: str) -> Iterator[tuple[Place, dict[str, Any] | Refused]]:
    """The objects of one kind with their places; what is something else is named."""
    rows = list(_rows(path))
    if not any(isinstance(value, dict) and SCHEMA in str(value.get("type")) for _, value in rows):
        raise invalid("FILE_TYPE", f"{path.name} holds no OParl object: none has a type of {SCHEMA}")
    for number, value in rows:
        place = Place(path.name, number, str(value.get("id", "")) if isinstance(value, dict) else "")
        if isinstance(value, Refused):
            yield place, value
        elif not isinstance(value, dict):
            yield place, invalid("ROW_SHAPE", "a row is a JSON object")
        elif str(value.get("type", "")).rpartition("/")[2] != kind:
            yield place, invalid("TYPE_UNSUPPORTED", f"this is no {kind}", "type")
        else:
            yield place, value


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    text = read_text(path, also="utf-8")
    if not text.lstrip().startswith(("{", "[")):
        raise invalid("FILE_TYPE", f"{path.name} is no JSON")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise invalid("DECODE_FAILED", f"{path.name} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
        yield from json_lines(text)
        return
    except (ValueError, RecursionError) as error:
        raise invalid("DECODE_FAILED", f"{path.name} cannot be read as JSON: {error}") from None
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value = value["data"]
    yield from enumerate(value if isinstance(value, list) else [value], 1)


def _living(value: dict[str, Any] | Refused, source: Source) -> dict[str, Any]:
    """An object with an id of its own that its source has not deleted."""
    if isinstance(value, Refused):
        raise value
    if identity_of(value) is None:
        raise invalid("FIELD_REQUIRED", "id is missing or is no id: it names the object", "id")
    if value.get("deleted") is True:
        raise invalid("DELETED", "its source has deleted it", "deleted")
    if not source.is_new(value["id"]):
        raise invalid("ROW_REPEATED", "an object of this id was read before", "id")
    return value


def _organization(value: dict[str, Any], note: Note) -> councils.ImportCouncilRequest:
    start, end = day_of(value, "startDate", note), day_of(value, "endDate", note)
    if start and end and end < start:
        note("endDate", "TIME_RANGE", "the last day lies before the first; last day unknown")
        end = None
    name = line_of(value, "name", 300, note) or line_of(value, "shortName", 300, note) or at_end(value["id"])
    return councils.ImportCouncilRequest(
        origin=value["id"], name=name, term_start=str(start or ""), term_end=str(end or ""),
        classification=line_of(value, "classification", 300, note), memberships=memberships_of(value, note),
    )  # fmt: skip


def _meeting(value: dict[str, Any], given: list[Any], place: Place, source: Source) -> pb.ImportMeetingRequest:
    note = source.noted(place)
    start = _time(value, "start", note)
    if start is None:
        raise invalid("DATE_INVALID", "start is missing or is no time", "start")
    items = [item for index, one in enumerate(given) if (item := _item_or_none(one, index, value["id"], place, source))]
    status = _status(value, start, items, source.now, note)
    return pb.ImportMeetingRequest(
        origin=value["id"],
        council_origin=_body(value, place, source),
        name=line_of(value, "name", 2000, note) or at_end(value["id"]),
        meeting_type=meeting_pb2.MEETING_TYPE_PLENARY,
        start=_stamp(start),
        end=_end(value, start, note),
        location=_location(value, note),
        status=status,
        cancellation_reason=line_of(value, "meetingState", 1000, note) if status == meeting_pb2.MEETING_STATUS_CANCELLED else "",
        items=items,
    )


def _body(value: dict[str, Any], place: Place, source: Source) -> str:
    """The origin of the body that meets; one that nobody has described is made from its id."""
    note = source.noted(place)
    origins = [origin for one in list_of(value.get("organization")) if (origin := identity_of(one))]
    if not origins:
        note("organization", "FIELD_REQUIRED", "no body is named; the meeting goes to one of its source's own")
        origins = [f"{urlsplit(value['id']).netloc}#unnamed"]
    if len(origins) > 1:
        note("organization", "LIST_TOO_LONG", f"{len(origins)} bodies are named; the first one has it")
    origin = origins[0]
    if origin not in source.bodies:
        request = councils.ImportCouncilRequest(origin=origin, name=f"Former body {at_end(origin)}"[:300], former=True)
        source.bodies.add(origin)
        source.former.append(Row(Place(place.file, place.row, origin), request))
        note("organization", "BODY_UNKNOWN", f"no organization {origin} was given; a former body is made from its id")
    return origin


def _status(value: dict[str, Any], start: datetime, items: list[pb.ImportedItem], now: datetime, note: Note) -> Any:
    """Held and closed only where something of it says so: archives are full of meetings that were planned and never held."""
    stated = STATES.get(str(value.get("meetingState", "")).strip().casefold())
    if value.get("cancelled") is True:
        return meeting_pb2.MEETING_STATUS_CANCELLED
    if start > now:
        return stated if stated not in {None, meeting_pb2.MEETING_STATUS_CLOSED} else meeting_pb2.MEETING_STATUS_SCHEDULED
    if stated in {meeting_pb2.MEETING_STATUS_CLOSED, meeting_pb2.MEETING_STATUS_CANCELLED}:
        return stated
    if any(value.get(name) for name in EVIDENCE) or any(item.result != agenda_item_pb2.ITEM_RESULT_UNDECIDED for item in items):
        return meeting_pb2.MEETING_STATUS_CLOSED
    note("meetingState", "STATE_UNKNOWN", "neither result nor protocol says that it was held; taken as it was planned")
    return stated or meeting_pb2.MEETING_STATUS_SCHEDULED


def _item_or_none(given: Any, index: int, meeting_id: str, place: Place, source: Source) -> pb.ImportedItem | None:
    """An agenda item, none where there is nothing to take. Its id names it, whatever its number."""
    note = source.noted(place, f"agendaItem[{index}].")
    if not isinstance(given, dict):
        note("", "ROW_SHAPE", "the item itself is not in the file; not taken")
        return None
    if given.get("deleted") is True:
        note("", "DELETED", "its source has deleted it; not taken")
        return None
    origin = identity_of(given) or f"{meeting_id}#{index}"
    if not source.is_new(origin):
        note("id", "ROW_REPEATED", "an item of this id was read before; not taken")
        return None
    return _item(given, origin, index, source.language, note)


def _item(item: dict[str, Any], origin: str, index: int, language: str, note: Note) -> pb.ImportedItem:
    full = on_one_line(text_of(item, "name", note), "name", note).strip()
    name = at_most(full, 2000, "name", note)
    order, decided = item.get("order"), text_of(item, "resolutionText", note)
    return pb.ImportedItem(
        origin=origin,
        number=line_of(item, "number", 50, note),
        order=order if isinstance(order, int) and 0 <= order <= MAX_INT32 else index,
        name=name or _nameless(item, origin, note),
        text=Text(plain=full, language=language) if name != full else None,
        public=item.get("public") is not False,
        result=_result(item, note),
        result_original=line_of(item, "result", 1000, note),
        resolution_text=Text(plain=decided, language=language) if decided else None,
        themes=_themes(item, note),
        documents=documents_of(item, note),
    )


def _nameless(item: dict[str, Any], origin: str, note: Note) -> str:
    note("name", "NAME_REQUIRED", "the item has no name; its number or its id stands for one")
    return str(item.get("number") or "").strip()[:50] or at_end(origin)


def _result(item: dict[str, Any], note: Note) -> Any:
    given = str(item.get("result") or "")
    if not given.strip():
        return agenda_item_pb2.ITEM_RESULT_UNDECIDED
    result = result_of(given)
    if result is None:
        note("result", "RESULT_UNKNOWN", "no rule knows this result; taken as noted, the words kept")
    return result or agenda_item_pb2.ITEM_RESULT_NOTED


def _themes(item: dict[str, Any], note: Note) -> list[str]:
    themes = [as_given(word, "keyword", note).strip()[:60] for word in list_of(item.get("keyword")) if isinstance(word, str)]
    return [theme for theme in dict.fromkeys(themes) if theme][:20]


def _location(value: dict[str, Any], note: Note) -> str:
    given = value.get("location")
    if not isinstance(given, dict):
        return ""
    parts = [text_of(given, name, note) for name in ("description", "room", "streetAddress", "postalCode", "locality")]
    shown = on_one_line(", ".join(dict.fromkeys(part.strip() for part in parts if part.strip())), "location", note)
    return at_most(shown, 500, "location", note)


def _end(value: dict[str, Any], start: datetime, note: Note) -> Timestamp | None:
    end = _time(value, "end", note)
    if end is not None and end <= start:
        note("end", "TIME_RANGE", "the end does not lie after the start; end unknown")
        return None
    return _stamp(end) if end else None


def _time(value: dict[str, Any], name: str, note: Note) -> datetime | None:
    given = value.get(name)
    try:
        moment = datetime.fromisoformat(str(given or ""))
    except ValueError:
        if given:
            note(name, "DATE_INVALID", f"{name} is no RFC 3339 time")
        return None
    if not EARLIEST.year <= moment.year < LATEST.year:
        note(name, "TIME_RANGE", f"{name} lies outside 1900 to 2199; taken as unknown")
        return None
    if moment.tzinfo is None:
        note(name, "TIME_ZONE_MISSING", f"{name} names no offset; taken as UTC")
        return moment.replace(tzinfo=UTC)
    return moment


def _stamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
