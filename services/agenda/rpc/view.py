"""ViewService: map, call, map. Its methods are documented in the proto."""

from datetime import UTC, timedelta
from typing import Any

from madang.agenda.v1 import view_pb2 as pb
from madang.agenda.v1 import view_pb2_grpc
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.queries.item import AgendaQueries
from services.agenda.queries.view import MOST, ViewQueries
from services.agenda.service.view import Views
from services.agenda.wire import view as wire
from services.agenda.wire.listing import listing_from_wire, page_to_wire
from services.kit.actor import call_of
from services.kit.clock import Clock
from services.kit.wire import time_from_wire, time_to_wire, written_to_wire

# What was committed a moment ago may still be on its way: whoever follows a view hears of the last seconds twice. What comes later than
# that, from a service that could not send for a while, changes the past that is asked for, and is told to whoever asks since before it.
OVERLAP = timedelta(seconds=10)


class ViewServicer(view_pb2_grpc.ViewServiceServicer):
    """The whole service."""

    def __init__(self, views: Views, queries: ViewQueries, agenda: AgendaQueries, freshness: FreshnessQueries, clock: Clock) -> None:
        self._views, self._queries, self._agenda, self._freshness, self._clock = views, queries, agenda, freshness, clock

    async def SaveView(self, request: pb.SaveViewRequest, context: Any) -> pb.SaveViewResponse:
        written = await self._views.save(call_of(context), wire.view_from_wire(request, self._clock.now()), request.etag)
        return pb.SaveViewResponse(written=written_to_wire(written))

    async def RemoveView(self, request: pb.RemoveViewRequest, context: Any) -> pb.RemoveViewResponse:
        return pb.RemoveViewResponse(written=written_to_wire(await self._views.remove(call_of(context), request.name, request.etag)))

    async def ListViews(self, request: pb.ListViewsRequest, context: Any) -> pb.ListViewsResponse:
        return pb.ListViewsResponse(views=map(wire.view_to_wire, await self._queries.every()))

    async def GetView(self, request: pb.GetViewRequest, context: Any) -> pb.GetViewResponse:
        view = await self._queries.named(request.name)
        as_of = request.as_of if request.HasField("as_of") else None
        listing = listing_from_wire(wire.request_of(view, request.page_size, request.page_token, as_of), self._clock.now())
        freshness = await self._freshness.of(texts=bool(listing.filters.words))
        page = page_to_wire(await self._agenda.page(listing), freshness)
        return pb.GetViewResponse(
            view=wire.view_to_wire(view), items=page.items, total=page.total, next_page_token=page.next_page_token, freshness=page.freshness
        )  # fmt: skip

    async def ListChanges(self, request: pb.ListChangesRequest, context: Any) -> pb.ListChangesResponse:
        filters = wire.filters_of(await self._queries.named(request.name))
        since = time_from_wire(request.since, "since").astimezone(UTC)
        until = max(since, (await self._freshness.of(texts=bool(filters.words))).as_of)
        changes = await self._queries.changes(filters, since, until)
        return pb.ListChangesResponse(
            changes=map(wire.change_to_wire, changes[:MOST]), until=time_to_wire(max(since, until - OVERLAP)), truncated=len(changes) > MOST
        )  # fmt: skip
