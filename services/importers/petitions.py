"""Petitions of the public petition board's archive (JSON Lines), as requests to the proposals service.

One object a line: `petition_idx, title, content, category, begin, end, num_agree, status`. What the statuses become, and why,
is in docs/import-petitions.md.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from madang.proposals.v1 import proposal_pb2
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.importers.files import json_lines, read_text
from services.importers.report import Place, Row
from services.importers.texts import Note, as_given, on_one_line
from services.kit.clock import SEOUL
from services.kit.errors import Refused, invalid
from services.kit.text import one_line

# The board closed a petition after 30 days; it owed an answer only above a threshold, and answered with a briefing.
ENDED = (proposal_pb2.PROPOSAL_STATUS_CLOSED, proposal_pb2.RESOLUTION_CODE_EXPIRED)
ANSWERED = (proposal_pb2.PROPOSAL_STATUS_ANSWERED, proposal_pb2.RESOLUTION_CODE_UNSPECIFIED)
RECEIVED = (proposal_pb2.PROPOSAL_STATUS_RECEIVED, proposal_pb2.RESOLUTION_CODE_UNSPECIFIED)
STATUSES = {"청원종료": ENDED, "브리핑": ANSWERED, "청원진행중": RECEIVED, "청원시작": RECEIVED}
MAX_THEME = 60

Say = Callable[[Place, str, str, str], None]


def read(path: Path, say: Say) -> Iterator[Row[pb.ImportProposalRequest] | tuple[Place, Refused]]:
    """Every row of a file, as its request or as the reason why it can be none; what was changed is said to `say`.

    Raises:
        Refused: the file itself cannot be read (services.importers.files).
    """
    for number, value in json_lines(read_text(path)):
        if isinstance(value, Refused):
            yield Place(path.name, number), value
            continue
        place = Place(path.name, number, str(value.get("petition_idx", "")))
        try:
            yield Row(place, _request(value, lambda field, code, reason, at=place: say(at, field, code, reason)))  # type: ignore[misc]
        except Refused as refused:
            yield place, refused


def _request(value: dict[str, Any], note: Note) -> pb.ImportProposalRequest:
    begin = _day(value, "begin")
    if begin is None:
        raise invalid("DATE_INVALID", "begin is no day of the form YYYY-MM-DD", "begin")
    end = _end(value, begin, note)
    status, resolution = _status(value, note)
    return pb.ImportProposalRequest(
        origin=f"petitions:{_identity(value)}",
        title=_title(value, note),
        description=Text(plain=_text(value, "content", note), language="ko"),
        channel=proposal_pb2.CHANNEL_PETITION_ARCHIVE,
        case_kind=proposal_pb2.CASE_KIND_PROPOSAL,
        themes=_themes(value, note),
        supports=_supports(value, note),
        requested_at=_midnight(begin),
        due_on=end.isoformat() if end else "",
        status=status,
        resolution_code=resolution,
        status_at=_midnight(end or begin) if status != proposal_pb2.PROPOSAL_STATUS_RECEIVED else None,
    )


def _identity(value: dict[str, Any]) -> str:
    identity = str(value.get("petition_idx") or "").strip()
    if not identity:
        raise invalid("FIELD_REQUIRED", "petition_idx is missing: it names the petition", "petition_idx")
    return identity


def _text(value: dict[str, Any], field: str, note: Note) -> str:
    """A text as given, in NFC; forbidden characters are dropped, identity numbers pointed at and left."""
    return as_given(str(value.get(field) or ""), field, note)


def _title(value: dict[str, Any], note: Note) -> str:
    return on_one_line(_text(value, "title", note), "title", note)


def _themes(value: dict[str, Any], note: Note) -> list[str]:
    theme = one_line(_text(value, "category", note))
    if len(theme) > MAX_THEME:
        note("category", "TEXT_TOO_LONG", f"the category was cut to {MAX_THEME} characters")
    return [theme[:MAX_THEME]] if theme else []


def _supports(value: dict[str, Any], note: Note) -> int:
    given = value.get("num_agree", 0)
    try:
        supports = int(str(given).replace(",", ""))  # int() reads full-width digits as well
    except ValueError:
        supports = -1
    if not 0 <= supports < 2**31:
        note("num_agree", "NUMBER_INVALID", "num_agree is no count; taken as 0")
        return 0
    return supports


def _status(value: dict[str, Any], note: Note) -> tuple[Any, Any]:
    given = one_line(str(value.get("status") or ""))
    if given not in STATUSES:
        note("status", "ENUM_UNKNOWN", f"the status is none of {', '.join(STATUSES)}; taken as received")
    return STATUSES.get(given, RECEIVED)


def _end(value: dict[str, Any], begin: date, note: Note) -> date | None:
    end = _day(value, "end")
    if value.get("end") and (end is None or end <= begin):
        note("end", "TIME_RANGE" if end else "DATE_INVALID", "the end is no day after the begin; end unknown")
        return None
    return end


def _day(value: dict[str, Any], field: str) -> date | None:
    try:
        return date.fromisoformat(str(value.get(field) or ""))
    except ValueError:
        return None


def _midnight(day: date) -> Timestamp:
    """The beginning of a day in Seoul."""
    moment = Timestamp()
    moment.FromDatetime(datetime.combine(day, time(), SEOUL))
    return moment
