"""Methods on workshops and their series."""

from typing import Any

from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import workshop as wire


class WorkshopMethods(Methods):
    """Workshops."""

    async def PlanWorkshop(self, request: pb.PlanWorkshopRequest, context: Any) -> pb.PlanWorkshopResponse:
        written = await self._parts.workshops.plan(call_of(context), wire.planned_from_wire(request, new_id()))
        return pb.PlanWorkshopResponse(written=written_to_wire(written))

    async def HoldWorkshop(self, request: pb.HoldWorkshopRequest, context: Any) -> pb.HoldWorkshopResponse:
        session, call = wire.session_from_wire(request, self._parts.clock.now()), call_of(context)
        if request.workshop_id:
            written = await self._parts.workshops.hold(call, target_from_wire(request, "workshop_id"), session)
        else:
            written = await self._parts.workshops.hold_at_once(call, wire.unplanned_from_wire(request, new_id(), session), session)
        return pb.HoldWorkshopResponse(written=written_to_wire(written))

    async def GetWorkshop(self, request: pb.GetWorkshopRequest, context: Any) -> pb.GetWorkshopResponse:
        workshop, written = await self._parts.queries.workshop(id_from(request.workshop_id, "workshop_id"))
        return pb.GetWorkshopResponse(workshop=wire.workshop_to_wire(workshop), written=written_to_wire(written))

    async def ListWorkshops(self, request: pb.ListWorkshopsRequest, context: Any) -> pb.ListWorkshopsResponse:
        workshops, token = await self._parts.queries.workshops(wire.workshops_from_wire(request))
        return pb.ListWorkshopsResponse(workshops=map(wire.workshop_to_wire, workshops), next_page_token=token)

    async def GetSeries(self, request: pb.GetSeriesRequest, context: Any) -> pb.GetSeriesResponse:
        series, written = await self._parts.queries.series()
        return pb.GetSeriesResponse(series=wire.series_to_wire(series), written=written_to_wire(written))
