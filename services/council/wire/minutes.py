"""Minutes on the wire."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import minutes_messages_pb2 as pb
from madang.council.v1 import minutes_pb2
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.queries import MinutesListing
from services.council.wire.meeting import sitting_from_wire
from services.council.wire.target import id_or_none, page_from_wire
from services.kit.errors import invalid
from services.kit.text import Text
from services.kit.wire import EnumWire, text_from_wire, text_to_wire, time_from_wire, time_or_none, time_to_wire

STATUSES = EnumWire(minutes_pb2.MinutesStatus, MinutesStatus)
PARTS = EnumWire(minutes_pb2.MinutesPart, MinutesPart)
# The list of attendees names people: it is read where the minutes are, and stays out of facts.
TRAVELLING = tuple(part for part in MinutesPart if part is not MinutesPart.ATTENDEES)
FACTS: dict[type[Any], type[Any]] = {
    events.MinutesApproved: events_pb.MinutesApproved,
    events.MinutesPublished: events_pb.MinutesPublished,
    events.MinutesCorrected: events_pb.MinutesCorrected,
}


def event_of(fact: events.MinutesFact, after: Minutes) -> Message:
    """The fact with the public state after it; words only once they are public."""
    state = minutes_to_wire(after, TRAVELLING if after.is_public else ())
    message: Message = FACTS[type(fact)](after=state, occurred_at=time_to_wire(fact.occurred_at))
    return message


def minutes_to_wire(minutes: Minutes, parts: Iterable[MinutesPart]) -> minutes_pb2.Minutes:
    """Minutes with the words of these parts."""
    sitting = minutes.sitting
    written = [
        minutes_pb2.WrittenPart(part=PARTS.to_wire(part), text=text_to_wire(Text(minutes.parts[part], minutes.language)))
        for part in parts
        if part in minutes.parts
    ]
    return minutes_pb2.Minutes(
        minutes_id=str(minutes.id), meeting_id=str(sitting.meeting_id), council_id=str(sitting.council_id),
        meeting_name=sitting.meeting_name, language=minutes.language, status=STATUSES.to_wire(minutes.status), parts=written,
        edition=minutes.edition, correction_reason=minutes.correction_reason, approved_at=time_to_wire(minutes.approved_at),
        published_at=time_to_wire(minutes.published_at), started_at=time_to_wire(minutes.started_at), council_name=sitting.council_name,
        meeting_start=time_to_wire(sitting.start),
    )  # fmt: skip


def minutes_from_wire(message: minutes_pb2.Minutes) -> Minutes:
    """Minutes as the domain has them, with the parts that are in the message."""
    return Minutes(
        UUID(message.minutes_id), sitting_from_wire(message, "meeting_start"), message.language,
        time_from_wire(message.started_at, "started_at"), STATUSES.from_wire(message.status, "status"),
        {part: text.plain for part, text in parts_from_wire(message.parts).items()}, message.edition, message.correction_reason,
        time_or_none(message.approved_at, "approved_at"), time_or_none(message.published_at, "published_at"),
    )  # fmt: skip


def parts_from_wire(messages: Iterable[minutes_pb2.WrittenPart]) -> Mapping[MinutesPart, Text]:
    """Parts with their words. Raises Refused: DUPLICATE_ITEM for a part that is named twice."""
    parts: dict[MinutesPart, Text] = {}
    for index, message in enumerate(messages):
        part = PARTS.from_wire(message.part, f"parts[{index}].part")
        if part in parts:
            raise invalid("DUPLICATE_ITEM", f"the part {part} is named twice", f"parts[{index}]")
        parts[part] = text_from_wire(message.text)
    return parts


def listing_from_wire(request: pb.ListMinutesRequest) -> MinutesListing:
    """Which minutes are asked for."""
    return MinutesListing(
        id_or_none(request.meeting_id, "meeting_id"), id_or_none(request.council_id, "council_id"), page_from_wire(request)
    )
