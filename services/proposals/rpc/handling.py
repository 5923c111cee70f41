"""Methods on measures and service codes."""

from typing import Any

from madang.proposals.v1 import proposals_pb2 as pb
from services.proposals.domain.service_codes import SERVICE_CODES
from services.proposals.rpc.parts import Methods
from services.proposals.wire import handling as wire


class HandlingMethods(Methods):
    """Measures and service codes."""

    async def GetHandling(self, request: pb.GetHandlingRequest, context: Any) -> pb.GetHandlingResponse:
        return pb.GetHandlingResponse(periods=map(wire.handling_to_wire, await self._parts.queries.handling(request.year)))

    async def ListServiceCodes(self, request: pb.ListServiceCodesRequest, context: Any) -> pb.ListServiceCodesResponse:
        return pb.ListServiceCodesResponse(services=map(wire.service_to_wire, SERVICE_CODES))
