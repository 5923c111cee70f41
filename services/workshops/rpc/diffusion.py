"""Methods on diffusion cases."""

from functools import partial
from typing import Any

from madang.workshops.v1 import diffusion_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import diffusion as wire


class DiffusionMethods(Methods):
    """Diffusion cases."""

    async def RecordDiffusion(self, request: pb.RecordDiffusionRequest, context: Any) -> pb.RecordDiffusionResponse:
        make = partial(wire.recorded_from_wire, request, new_id(), self._parts.clock.now())
        written = await self._parts.diffusion.record(call_of(context), id_from(request.innovation_id, "innovation_id"), make)
        return pb.RecordDiffusionResponse(written=written_to_wire(written))

    async def RecogniseDiffusion(self, request: pb.RecogniseDiffusionRequest, context: Any) -> pb.RecogniseDiffusionResponse:
        recognition = wire.recognition_from_wire(request, self._parts.clock.now())
        written = await self._parts.diffusion.recognise(call_of(context), target_from_wire(request, "diffusion_id"), recognition)
        return pb.RecogniseDiffusionResponse(written=written_to_wire(written))

    async def GetDiffusionCase(self, request: pb.GetDiffusionCaseRequest, context: Any) -> pb.GetDiffusionCaseResponse:
        case, written = await self._parts.queries.diffusion_case(id_from(request.diffusion_id, "diffusion_id"))
        return pb.GetDiffusionCaseResponse(diffusion_case=wire.case_to_wire(case), written=written_to_wire(written))

    async def ListDiffusionCases(self, request: pb.ListDiffusionCasesRequest, context: Any) -> pb.ListDiffusionCasesResponse:
        cases, token = await self._parts.queries.diffusion_cases(wire.cases_from_wire(request))
        return pb.ListDiffusionCasesResponse(diffusion_cases=map(wire.case_to_wire, cases), next_page_token=token)
