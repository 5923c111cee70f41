"""Whether the store is what the log says."""

from collections.abc import AsyncIterator
from typing import Any

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.rpc.parts import Methods
from services.agenda.wire import upkeep as wire


class UpkeepMethods(Methods):
    """Waiting, comparing, rebuilding, releasing."""

    async def AwaitApplied(self, request: pb.AwaitAppliedRequest, context: Any) -> AsyncIterator[pb.AwaitAppliedResponse]:
        async for records, search in self._parts.applied.everything():
            yield pb.AwaitAppliedResponse(records=records, search=search, done=not records and not search)

    async def Verify(self, request: pb.VerifyRequest, context: Any) -> AsyncIterator[pb.VerifyResponse]:
        async for step in self._parts.verifier.run():
            yield wire.verified_to_wire(step)

    async def RebuildStore(self, request: pb.RebuildStoreRequest, context: Any) -> AsyncIterator[pb.RebuildStoreResponse]:
        async for step in self._parts.rebuilder.run(swap=request.swap, accept_difference=request.accept_difference):
            yield wire.rebuilt_to_wire(step)

    async def ReleaseTopic(self, request: pb.ReleaseTopicRequest, context: Any) -> pb.ReleaseTopicResponse:
        return pb.ReleaseTopicResponse(released=await self._parts.holds.release(request.topic))
