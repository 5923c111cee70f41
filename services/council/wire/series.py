"""Series of meetings on the wire."""

from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import series_messages_pb2 as pb
from madang.council.v1 import series_pb2
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.series import MeetingSeries, SeriesStatus, Slot, SlotState
from services.council.queries.meeting import SlotListing
from services.council.wire.meeting import TYPES
from services.kit.ids import id_or_none, id_text
from services.kit.wire import EnumWire, fact_to_wire, page_from_wire, time_from_wire, time_to_wire

STATUSES = EnumWire(series_pb2.SeriesStatus, SeriesStatus)
STATES = EnumWire(series_pb2.SlotState, SlotState)
FACTS: dict[type[Any], type[Any]] = {
    events.SeriesStarted: events_pb.SeriesStarted,
    events.SeriesEnded: events_pb.SeriesEnded,
    events.QuarterNotHeld: events_pb.QuarterNotHeld,
}


def event_of(fact: events.SeriesFact, after: MeetingSeries) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], series_to_wire(after))


def series_to_wire(series: MeetingSeries) -> series_pb2.MeetingSeries:
    """The public state of a series: all of it."""
    return series_pb2.MeetingSeries(
        series_id=str(series.id), council_id=str(series.council_id), council_name=series.council_name,
        meeting_type=TYPES.to_wire(series.meeting_type), status=STATUSES.to_wire(series.status), first_quarter=series.first_quarter,
        last_quarter=series.last_quarter, watched_quarter=series.watched_quarter, started_at=time_to_wire(series.started_at),
    )  # fmt: skip


def series_from_wire(message: series_pb2.MeetingSeries) -> MeetingSeries:
    """A series as the domain has it."""
    return MeetingSeries(
        UUID(message.series_id), UUID(message.council_id), message.council_name, TYPES.from_wire(message.meeting_type, "meeting_type"),
        message.first_quarter, message.watched_quarter, time_from_wire(message.started_at, "started_at"),
        STATUSES.from_wire(message.status, "status"), message.last_quarter,
    )  # fmt: skip


def slot_to_wire(slot: Slot) -> series_pb2.QuarterSlot:
    """A quarter of a series."""
    return series_pb2.QuarterSlot(
        quarter=slot.quarter, state=STATES.to_wire(slot.state), council_name=slot.council_name,
        meeting_type=TYPES.to_wire(slot.meeting_type),
        meeting_name=slot.meeting_name, meeting_id=id_text(slot.meeting_id), council_id=str(slot.council_id), series_id=str(slot.series_id),
    )  # fmt: skip


def slots_from_wire(request: pb.ListQuartersRequest) -> SlotListing:
    """Which slots are asked for."""
    council_id, state = id_or_none(request.council_id, "council_id"), STATES.optional(request.state, "state")
    return SlotListing(council_id, request.quarter, state, page_from_wire(request))
