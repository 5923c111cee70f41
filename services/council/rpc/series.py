"""Methods on series of meetings."""

from typing import Any

from madang.council.v1 import series_messages_pb2 as pb
from services.council.rpc.parts import Methods
from services.council.wire import series as wire
from services.council.wire.meeting import TYPES
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none
from services.kit.wire import page_from_wire, target_from_wire, written_to_wire


class SeriesMethods(Methods):
    """Series of meetings and their quarters."""

    async def StartSeries(self, request: pb.StartSeriesRequest, context: Any) -> pb.StartSeriesResponse:
        council_id, kind = id_from(request.council_id, "council_id"), TYPES.from_wire(request.meeting_type, "meeting_type")
        written = await self._parts.series.start(call_of(context), council_id, kind, request.first_quarter)
        return pb.StartSeriesResponse(written=written_to_wire(written))

    async def EndSeries(self, request: pb.EndSeriesRequest, context: Any) -> pb.EndSeriesResponse:
        written = await self._parts.series.end(call_of(context), target_from_wire(request, "series_id"), request.last_quarter)
        return pb.EndSeriesResponse(written=written_to_wire(written))

    async def ListSeries(self, request: pb.ListSeriesRequest, context: Any) -> pb.ListSeriesResponse:
        found, token = await self._parts.queries.series(id_or_none(request.council_id, "council_id"), page_from_wire(request))
        return pb.ListSeriesResponse(series=map(wire.series_to_wire, found), next_page_token=token)

    async def ListQuarters(self, request: pb.ListQuartersRequest, context: Any) -> pb.ListQuartersResponse:
        slots, token = await self._parts.queries.slots(wire.slots_from_wire(request), self._parts.clock.now())
        return pb.ListQuartersResponse(quarters=map(wire.slot_to_wire, slots), next_page_token=token)
