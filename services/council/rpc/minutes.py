"""Methods on minutes."""

from typing import Any

from madang.council.v1 import minutes_messages_pb2 as pb
from services.council.domain.minutes import MinutesPart
from services.council.queries.reader import is_insider
from services.council.rpc.parts import Methods
from services.council.wire import minutes as wire
from services.council.wire.passage import passage_from_wire, spans_from_wire
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none
from services.kit.wire import target_from_wire, written_to_wire


class MinutesMethods(Methods):
    """Minutes."""

    async def StartMinutes(self, request: pb.StartMinutesRequest, context: Any) -> pb.StartMinutesResponse:
        written = await self._parts.minutes.start(call_of(context), id_from(request.meeting_id, "meeting_id"), request.language)
        return pb.StartMinutesResponse(written=written_to_wire(written))

    async def WriteMinutesPart(self, request: pb.WriteMinutesPartRequest, context: Any) -> pb.WriteMinutesPartResponse:
        part, passage = wire.PARTS.from_wire(request.part.part, "part.part"), passage_from_wire(request.part.text, request.part.spans)
        written = await self._parts.minutes.write(call_of(context), target_from_wire(request, "minutes_id"), part, passage)
        return pb.WriteMinutesPartResponse(written=written_to_wire(written))

    async def MarkPrivateSpans(self, request: pb.MarkPrivateSpansRequest, context: Any) -> pb.MarkPrivateSpansResponse:
        part, spans = wire.PARTS.from_wire(request.part, "part"), spans_from_wire(request.spans)
        written = await self._parts.minutes.mark(call_of(context), target_from_wire(request, "minutes_id"), part, spans)
        return pb.MarkPrivateSpansResponse(written=written_to_wire(written))

    async def MaskPersonalNumber(self, request: pb.MaskPersonalNumberRequest, context: Any) -> pb.MaskPersonalNumberResponse:
        target, part = target_from_wire(request, "minutes_id"), wire.PARTS.from_wire(request.part, "part")
        written = await self._parts.minutes.mask(call_of(context), target, part, request.position)
        return pb.MaskPersonalNumberResponse(written=written_to_wire(written))

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
        shown = wire.minutes_to_wire(minutes, MinutesPart, whole=is_insider(actor, minutes.owner))
        return pb.GetMinutesResponse(minutes=shown, written=written_to_wire(written))

    async def CompareEditions(self, request: pb.CompareEditionsRequest, context: Any) -> pb.CompareEditionsResponse:
        minutes_id, actor = id_from(request.minutes_id, "minutes_id"), call_of(context).actor
        later, _ = await self._parts.queries.minutes(actor, minutes_id, request.to_edition)
        earlier = await self._parts.queries.edition(later, request.from_edition or later.edition - 1)
        return wire.compared_to_wire(earlier, later, whole=is_insider(actor, later.owner))

    async def ListMinutes(self, request: pb.ListMinutesRequest, context: Any) -> pb.ListMinutesResponse:
        found, token = await self._parts.queries.minutes_page(call_of(context).actor, wire.listing_from_wire(request))
        return pb.ListMinutesResponse(minutes=[wire.minutes_to_wire(minutes, ()) for minutes in found], next_page_token=token)

    async def GetPromptness(self, request: pb.GetPromptnessRequest, context: Any) -> pb.GetPromptnessResponse:
        found = await self._parts.queries.promptness(id_or_none(request.council_id, "council_id"))
        return wire.promptness_to_wire(found, request.council_id)
