"""Methods on the watch over the groups."""

from typing import Any

from madang.voices.v1 import voices_pb2 as pb
from services.voices.rpc.parts import Methods
from services.voices.wire import watch as wire


class WatchMethods(Methods):
    """Coverage."""

    async def GetCoverage(self, request: pb.GetCoverageRequest, context: Any) -> pb.GetCoverageResponse:
        cells = await self._parts.queries.coverage(request.quarter, self._parts.clock.now())
        return pb.GetCoverageResponse(cells=map(wire.cell_to_wire, cells))
