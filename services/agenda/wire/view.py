"""Saved views on the wire."""

from datetime import datetime

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2, view_pb2
from services.agenda.domain.view import View
from services.agenda.queries.filters import Filters
from services.agenda.queries.view import ChangeKind, ViewChange
from services.agenda.wire.listing import filters_from_wire, found_to_wire, listing_from_wire
from services.kit.wire import EnumWire, time_to_wire

KINDS = EnumWire(view_pb2.ViewChangeKind, ChangeKind)
WHOSE = ("page_size", "page_token", "as_of")  # whoever looks at it says these


def view_from_wire(request: view_pb2.SaveViewRequest, now: datetime) -> View:
    """A view to save. Raises Refused as its list would."""
    filters = agenda_pb2.ListItemsRequest()
    filters.CopyFrom(request.filter)
    for name in WHOSE:
        filters.ClearField(name)  # type: ignore[arg-type]
    _ = listing_from_wire(filters, now).order
    return View(request.name, request.description, MessageToDict(filters), now)


def request_of(view: View, page_size: int = 0, page_token: str = "", as_of: Timestamp | None = None) -> agenda_pb2.ListItemsRequest:
    """The request that a view stands for."""
    request = ParseDict(dict(view.filter), agenda_pb2.ListItemsRequest())
    request.MergeFrom(agenda_pb2.ListItemsRequest(page_size=page_size, page_token=page_token, as_of=as_of))
    return request


def filters_of(view: View) -> Filters:
    """The filters of a view."""
    return filters_from_wire(request_of(view))


def view_to_wire(view: View) -> view_pb2.View:
    """A view."""
    return view_pb2.View(
        view_id=str(view.id), name=view.name, description=view.description, filter=request_of(view), saved_at=time_to_wire(view.saved_at)
    )  # fmt: skip


def change_to_wire(change: ViewChange) -> view_pb2.ViewChange:
    """What happened to an item."""
    return view_pb2.ViewChange(kind=KINDS.to_wire(change.kind), item=found_to_wire(change.found))
