"""Methods on innovation agendas."""

from typing import Any

from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, text_from_wire, written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import innovation as wire


class InnovationMethods(Methods):
    """Innovation agendas."""

    async def ProposeInnovation(self, request: pb.ProposeInnovationRequest, context: Any) -> pb.ProposeInnovationResponse:
        innovation = wire.proposed_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.innovations.propose(call_of(context), innovation)
        return pb.ProposeInnovationResponse(written=written_to_wire(written))

    async def AdvanceInnovation(self, request: pb.AdvanceInnovationRequest, context: Any) -> pb.AdvanceInnovationResponse:
        written = await self._parts.innovations.advance(call_of(context), target_from_wire(request, "innovation_id"))
        return pb.AdvanceInnovationResponse(written=written_to_wire(written))

    async def ReturnInnovation(self, request: pb.ReturnInnovationRequest, context: Any) -> pb.ReturnInnovationResponse:
        written = await self._parts.innovations.send_back(call_of(context), target_from_wire(request, "innovation_id"), request.reason)
        return pb.ReturnInnovationResponse(written=written_to_wire(written))

    async def PauseInnovation(self, request: pb.PauseInnovationRequest, context: Any) -> pb.PauseInnovationResponse:
        written = await self._parts.innovations.pause(call_of(context), target_from_wire(request, "innovation_id"), request.reason)
        return pb.PauseInnovationResponse(written=written_to_wire(written))

    async def ResumeInnovation(self, request: pb.ResumeInnovationRequest, context: Any) -> pb.ResumeInnovationResponse:
        written = await self._parts.innovations.resume(call_of(context), target_from_wire(request, "innovation_id"))
        return pb.ResumeInnovationResponse(written=written_to_wire(written))

    async def ShelveInnovation(self, request: pb.ShelveInnovationRequest, context: Any) -> pb.ShelveInnovationResponse:
        written = await self._parts.innovations.shelve(call_of(context), target_from_wire(request, "innovation_id"), request.reason)
        return pb.ShelveInnovationResponse(written=written_to_wire(written))

    async def AssignInnovationOwner(self, request: pb.AssignInnovationOwnerRequest, context: Any) -> pb.AssignInnovationOwnerResponse:
        override = wire.override_from_wire(request)
        written = await self._parts.innovations.assign_owner(call_of(context), target_from_wire(request, "innovation_id"), override)
        return pb.AssignInnovationOwnerResponse(written=written_to_wire(written))

    async def SetCoOwners(self, request: pb.SetCoOwnersRequest, context: Any) -> pb.SetCoOwnersResponse:
        co_owners = wire.co_owners_from_wire(request)
        written = await self._parts.innovations.set_co_owners(call_of(context), target_from_wire(request, "innovation_id"), co_owners)
        return pb.SetCoOwnersResponse(written=written_to_wire(written))

    async def WritePlan(self, request: pb.WritePlanRequest, context: Any) -> pb.WritePlanResponse:
        written = await self._parts.innovations.write_plan(
            call_of(context), target_from_wire(request, "innovation_id"), text_from_wire(request.plan)
        )
        return pb.WritePlanResponse(written=written_to_wire(written))

    async def GetInnovation(self, request: pb.GetInnovationRequest, context: Any) -> pb.GetInnovationResponse:
        innovation, written = await self._parts.queries.innovation(id_from(request.innovation_id, "innovation_id"))
        return pb.GetInnovationResponse(innovation=wire.innovation_to_wire(innovation), written=written_to_wire(written))

    async def ListInnovations(self, request: pb.ListInnovationsRequest, context: Any) -> pb.ListInnovationsResponse:
        innovations, token = await self._parts.queries.innovations(wire.innovations_from_wire(request))
        return pb.ListInnovationsResponse(innovations=map(wire.innovation_to_wire, innovations), next_page_token=token)

    async def GetInnovationHistory(self, request: pb.GetInnovationHistoryRequest, context: Any) -> pb.GetInnovationHistoryResponse:
        innovation_id = id_from(request.innovation_id, "innovation_id")
        await self._parts.queries.innovation(innovation_id)
        return pb.GetInnovationHistoryResponse(steps=await self._parts.facts.history(innovation_id))
