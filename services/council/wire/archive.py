"""Meetings of history on the wire. Ids derive from origins, so that the same row is the same thing for ever."""

from functools import partial

from madang.council.v1 import import_messages_pb2 as pb
from services.council.domain.council import Council
from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Meeting, Sitting
from services.council.service.archive import ItemHistory, MeetingHistory
from services.council.wire.item import decision_from_wire, documents_from_wire
from services.council.wire.meeting import STATUSES, TYPES
from services.kit.errors import invalid
from services.kit.ids import derived_id
from services.kit.wire import text_or_none, time_from_wire, time_or_none


def history_from_wire(request: pb.ImportMeetingRequest) -> MeetingHistory:
    """A meeting of history. Raises Refused: DUPLICATE_ITEM for an item that is named twice."""
    origins = [item.origin for item in request.items]
    if len(set(origins)) < len(origins):
        twice = next(index for index, origin in enumerate(origins) if origin in origins[:index])
        raise invalid("DUPLICATE_ITEM", f"items[{twice}] stands in the list already", f"items[{twice}].origin")
    return MeetingHistory(
        derived_id("meeting", request.origin), derived_id("council", request.council_origin), partial(_meeting, request),
        STATUSES.from_wire(request.status, "status"), request.cancellation_reason,
        tuple(ItemHistory(partial(_item, item), decision_from_wire(item)) for item in request.items),
    )  # fmt: skip


def _meeting(request: pb.ImportMeetingRequest, council: Council) -> Meeting:
    return Meeting(
        derived_id("meeting", request.origin), council.id, council.name, request.name,
        TYPES.from_wire(request.meeting_type, "meeting_type"), time_from_wire(request.start, "start"), time_or_none(request.end, "end"),
        request.location, origin=request.origin,
    )  # fmt: skip


def _item(item: pb.ImportedItem, sitting: Sitting) -> AgendaItem:
    return AgendaItem(
        id=derived_id("agenda_item", item.origin), sitting=sitting, number=item.number, order=item.order, name=item.name,
        text=text_or_none(item.text), public=item.public, themes=tuple(item.themes), origin=item.origin,
        documents=documents_from_wire(item.documents),
    )  # fmt: skip
