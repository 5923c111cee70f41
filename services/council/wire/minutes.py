"""Minutes on the wire."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import minutes_messages_pb2 as pb
from madang.council.v1 import minutes_pb2
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.domain.passage import Passage
from services.council.queries.minutes import MinutesListing, Promptness
from services.council.wire.meeting import sitting_from_wire
from services.council.wire.passage import passage_from_wire, spans_to_wire
from services.kit.errors import invalid
from services.kit.ids import id_or_none
from services.kit.wire import (
    EnumWire,
    day_from_wire,
    day_to_wire,
    fact_to_wire,
    page_from_wire,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)

STATUSES = EnumWire(minutes_pb2.MinutesStatus, MinutesStatus)
PARTS = EnumWire(minutes_pb2.MinutesPart, MinutesPart)
# The list of attendees names people: it is read where the minutes are, and stays out of facts.
TRAVELLING = tuple(part for part in MinutesPart if part is not MinutesPart.ATTENDEES)
FACTS: dict[type[Any], type[Any]] = {
    events.MinutesApproved: events_pb.MinutesApproved,
    events.MinutesPublished: events_pb.MinutesPublished,
    events.MinutesCorrected: events_pb.MinutesCorrected,
    events.MinutesLate: events_pb.MinutesLate,
}


def event_of(fact: events.MinutesFact, after: Minutes) -> Message:
    """The fact with the public state after it; words only once they are public."""
    state = minutes_to_wire(after, TRAVELLING if after.is_public else ())
    return fact_to_wire(fact, FACTS[type(fact)], state)


def minutes_to_wire(minutes: Minutes, parts: Iterable[MinutesPart], *, whole: bool = False) -> minutes_pb2.Minutes:
    """Minutes with the words of these parts; with `whole` also the private ones."""
    sitting = minutes.sitting
    written = [_part_to_wire(part, minutes.parts[part], whole) for part in parts if part in minutes.parts]
    return minutes_pb2.Minutes(
        minutes_id=str(minutes.id), meeting_id=str(sitting.meeting_id), council_id=str(sitting.council_id),
        meeting_name=sitting.meeting_name, language=minutes.language, status=STATUSES.to_wire(minutes.status), parts=written,
        edition=minutes.edition, correction_reason=minutes.correction_reason, approved_at=time_to_wire(minutes.approved_at),
        published_at=time_to_wire(minutes.published_at), started_at=time_to_wire(minutes.started_at), council_name=sitting.council_name,
        meeting_start=time_to_wire(sitting.start), due_on=day_to_wire(minutes.due_on), late=minutes.late,
    )  # fmt: skip


def minutes_from_wire(message: minutes_pb2.Minutes) -> Minutes:
    """Minutes as the domain has them, with the parts that are in the message."""
    return Minutes(
        UUID(message.minutes_id), sitting_from_wire(message, "meeting_start"), message.language,
        time_from_wire(message.started_at, "started_at"), STATUSES.from_wire(message.status, "status"),
        parts_from_wire(message.parts), message.edition, message.correction_reason, time_or_none(message.approved_at, "approved_at"),
        time_or_none(message.published_at, "published_at"), day_from_wire(message.due_on, "due_on"), message.late,
    )  # fmt: skip


def parts_from_wire(messages: Iterable[minutes_pb2.WrittenPart]) -> Mapping[MinutesPart, Passage]:
    """Parts with their words. Raises Refused: DUPLICATE_ITEM for a part that is named twice."""
    parts: dict[MinutesPart, Passage] = {}
    for index, message in enumerate(messages):
        part = PARTS.from_wire(message.part, f"parts[{index}].part")
        if part in parts:
            raise invalid("DUPLICATE_ITEM", f"the part {part} is named twice", f"parts[{index}]")
        parts[part] = passage_from_wire(message.text, message.spans)
    return parts


def compared_to_wire(earlier: Minutes, later: Minutes, *, whole: bool) -> pb.CompareEditionsResponse:
    """Two editions part by part, as the caller may see them."""
    parts = [_compared(part, _shown(earlier.passage(part), whole), _shown(later.passage(part), whole)) for part in MinutesPart]
    return pb.CompareEditionsResponse(
        parts=parts, from_edition=earlier.edition, to_edition=later.edition, correction_reason=later.correction_reason
    )


def promptness_to_wire(found: Promptness, council_id: str) -> pb.GetPromptnessResponse:
    """Numbers, and what opens the records behind each."""
    scope = {"council_id": council_id} if council_id else {}
    given: list[tuple[str, float | None, str, dict[str, bool]]] = [
        ("published minutes", found.published, "minutes", {}),
        ("published minutes that were late", found.late, "minutes", {"late": True}),
        ("average days from meeting to published minutes", found.average_days, "days", {}),
        ("median days from meeting to published minutes", found.median_days, "days", {}),
    ]
    return pb.GetPromptnessResponse(
        measures=[
            pb.MinutesMeasure(name=name, value=value, unit=unit, records=json.dumps({"published": True, **more, **scope}))
            for name, value, unit, more in given
            if value is not None
        ]
    )


def listing_from_wire(request: pb.ListMinutesRequest) -> MinutesListing:
    """Which minutes are asked for."""
    return MinutesListing(
        id_or_none(request.meeting_id, "meeting_id"), id_or_none(request.council_id, "council_id"),
        STATUSES.optional(request.status, "status"), request.late, request.published, page_from_wire(request),
    )  # fmt: skip


def _shown(passage: Passage, whole: bool) -> Passage:
    return passage if whole else passage.public


def _part_to_wire(part: MinutesPart, passage: Passage, whole: bool) -> minutes_pb2.WrittenPart:
    shown = _shown(passage, whole)
    return minutes_pb2.WrittenPart(part=PARTS.to_wire(part), text=text_to_wire(shown.text), spans=spans_to_wire(shown.spans))


def _compared(part: MinutesPart, earlier: Passage, later: Passage) -> pb.ComparedPart:
    changed = earlier.text != later.text
    return pb.ComparedPart(
        part=PARTS.to_wire(part), changed=changed, earlier=text_to_wire(earlier.text), later=text_to_wire(later.text if changed else None)
    )
