"""Methods on coordination meetings."""

from typing import Any

from madang.proposals.v1 import coordination_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import page_from_wire, written_to_wire
from services.proposals.rpc.parts import Methods
from services.proposals.wire import coordination as wire


class CoordinationMethods(Methods):
    """Coordination meetings."""

    async def HoldCoordination(self, request: pb.HoldCoordinationRequest, context: Any) -> pb.HoldCoordinationResponse:
        meeting = wire.held_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.together.hold(call_of(context), meeting)
        return pb.HoldCoordinationResponse(written=written_to_wire(written))

    async def GetCoordination(self, request: pb.GetCoordinationRequest, context: Any) -> pb.GetCoordinationResponse:
        meeting, written = await self._parts.queries.meeting(id_from(request.meeting_id, "meeting_id"))
        return pb.GetCoordinationResponse(meeting=wire.meeting_to_wire(meeting), written=written_to_wire(written))

    async def ListCoordinations(self, request: pb.ListCoordinationsRequest, context: Any) -> pb.ListCoordinationsResponse:
        meetings, token = await self._parts.queries.meetings(page_from_wire(request))
        return pb.ListCoordinationsResponse(meetings=map(wire.meeting_to_wire, meetings), next_page_token=token)
