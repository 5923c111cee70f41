"""Methods on resolutions and action items."""

from functools import partial
from typing import Any

from madang.council.v1 import outcome_messages_pb2 as pb
from services.council.queries.reader import is_insider
from services.council.rpc.parts import Methods
from services.council.wire import outcome as wire
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none, new_id
from services.kit.wire import day_from_wire, target_from_wire, text_from_wire, written_to_wire


class OutcomeMethods(Methods):
    """Resolutions and action items."""

    async def AdoptResolution(self, request: pb.AdoptResolutionRequest, context: Any) -> pb.AdoptResolutionResponse:
        meeting_id, item_id = id_from(request.meeting_id, "meeting_id"), id_or_none(request.item_id, "item_id")
        make = partial(wire.adopted_from_wire, request, new_id())
        written = await self._parts.resolutions.adopt(call_of(context), meeting_id, item_id, make)
        return pb.AdoptResolutionResponse(written=written_to_wire(written))

    async def ListResolutions(self, request: pb.ListResolutionsRequest, context: Any) -> pb.ListResolutionsResponse:
        found, token = await self._parts.queries.resolutions(wire.resolutions_from_wire(request))
        actor = call_of(context).actor
        shown = [wire.resolution_to_wire(item, whole=is_insider(actor, item.owner)) for item in found]
        return pb.ListResolutionsResponse(resolutions=shown, next_page_token=token)

    async def OpenActionItem(self, request: pb.OpenActionItemRequest, context: Any) -> pb.OpenActionItemResponse:
        meeting_id, item_id = id_from(request.meeting_id, "meeting_id"), id_or_none(request.item_id, "item_id")
        make = partial(wire.opened_from_wire, request, new_id())
        written = await self._parts.actions.open(call_of(context), meeting_id, item_id, make)
        return pb.OpenActionItemResponse(written=written_to_wire(written))

    async def CompleteActionItem(self, request: pb.CompleteActionItemRequest, context: Any) -> pb.CompleteActionItemResponse:
        written = await self._parts.actions.complete(call_of(context), target_from_wire(request, "action_id"))
        return pb.CompleteActionItemResponse(written=written_to_wire(written))

    async def ListActionItems(self, request: pb.ListActionItemsRequest, context: Any) -> pb.ListActionItemsResponse:
        found, token = await self._parts.queries.actions(wire.actions_from_wire(request))
        actor = call_of(context).actor
        shown = [wire.action_to_wire(item, whole=is_insider(actor, item.owner)) for item in found]
        return pb.ListActionItemsResponse(action_items=shown, next_page_token=token)

    async def ReplyResolution(self, request: pb.ReplyResolutionRequest, context: Any) -> pb.ReplyResolutionResponse:
        target, text = target_from_wire(request, "resolution_id"), text_from_wire(request.text)
        written = await self._parts.resolutions.reply(call_of(context), target, text, request.department)
        return pb.ReplyResolutionResponse(written=written_to_wire(written))

    async def StartActionItem(self, request: pb.StartActionItemRequest, context: Any) -> pb.StartActionItemResponse:
        written = await self._parts.actions.start(call_of(context), target_from_wire(request, "action_id"))
        return pb.StartActionItemResponse(written=written_to_wire(written))

    async def CarryActionItem(self, request: pb.CarryActionItemRequest, context: Any) -> pb.CarryActionItemResponse:
        target, meeting_id = target_from_wire(request, "action_id"), id_from(request.meeting_id, "meeting_id")
        written = await self._parts.actions.carry(call_of(context), target, meeting_id, day_from_wire(request.due_on, "due_on"))
        return pb.CarryActionItemResponse(written=written_to_wire(written))

    async def GetCityReplies(self, request: pb.GetCityRepliesRequest, context: Any) -> pb.GetCityRepliesResponse:
        return wire.city_replies_to_wire(await self._parts.queries.city_replies(id_or_none(request.council_id, "council_id")))
