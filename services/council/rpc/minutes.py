"""Methods on minutes."""

from typing import Any

from madang.council.v1 import minutes_messages_pb2 as pb
from services.council.domain.minutes import MinutesPart
from services.council.rpc.parts import Methods
from services.council.wire import minutes as wire
from services.council.wire.target import target_from_wire
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import text_from_wire, written_to_wire


class MinutesMethods(Methods):
    """Minutes."""

    async def StartMinutes(self, request: pb.StartMinutesRequest, context: Any) -> pb.StartMinutesResponse:
        written = await self._parts.minutes.start(call_of(context), id_from(request.meeting_id, "meeting_id"), request.language)
        return pb.StartMinutesResponse(written=written_to_wire(written))

    async def WriteMinutesPart(self, request: pb.WriteMinutesPartRequest, context: Any) -> pb.WriteMinutesPartResponse:
        part, text = wire.PARTS.from_wire(request.part.part, "part.part"), text_from_wire(request.part.text)
        written = await self._parts.minutes.write(call_of(context), target_from_wire(request, "minutes_id"), part, text)
        return pb.WriteMinutesPartResponse(written=written_to_wire(written))

    async def SubmitMinutes(self, request: pb.SubmitMinutesRequest, context: Any) -> pb.SubmitMinutesResponse:
        written = await self._parts.minutes.submit(call_of(context), target_from_wire(request, "minutes_id"))
        return pb.SubmitMinutesResponse(written=written_to_wire(written))

    async def ApproveMinutes(self, request: pb.ApproveMinutesRequest, context: Any) -> pb.ApproveMinutesResponse:
        written = await self._parts.minutes.approve(call_of(context), target_from_wire(request, "minutes_id"))
        return pb.ApproveMinutesResponse(written=written_to_wire(written))

    async def PublishMinutes(self, request: pb.PublishMinutesRequest, context: Any) -> pb.PublishMinutesResponse:
        written = await self._parts.minutes.publish(call_of(context), target_from_wire(request, "minutes_id"))
        return pb.PublishMinutesResponse(written=written_to_wire(written))

    async def CorrectMinutes(self, request: pb.CorrectMinutesRequest, context: Any) -> pb.CorrectMinutesResponse:
        target, parts = target_from_wire(request, "minutes_id"), wire.parts_from_wire(request.parts)
        written = await self._parts.minutes.correct(call_of(context), target, parts, request.reason)
        return pb.CorrectMinutesResponse(written=written_to_wire(written))

    async def GetMinutes(self, request: pb.GetMinutesRequest, context: Any) -> pb.GetMinutesResponse:
        minutes_id, actor = id_from(request.minutes_id, "minutes_id"), call_of(context).actor
        minutes, written = await self._parts.queries.minutes(actor, minutes_id, request.edition)
        return pb.GetMinutesResponse(minutes=wire.minutes_to_wire(minutes, MinutesPart), written=written_to_wire(written))

    async def ListMinutes(self, request: pb.ListMinutesRequest, context: Any) -> pb.ListMinutesResponse:
        found, token = await self._parts.queries.minutes_page(call_of(context).actor, wire.listing_from_wire(request))
        return pb.ListMinutesResponse(minutes=[wire.minutes_to_wire(minutes, ()) for minutes in found], next_page_token=token)
