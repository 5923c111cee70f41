"""What officers decide."""

from typing import Any

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.rpc.parts import Methods
from services.agenda.wire.item import STATUSES, opening_from_wire, splitting_from_wire, tags_from_wire
from services.agenda.wire.link import source_from_wire
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, texts_from_wire, written_to_wire


class ItemMethods(Methods):
    """Items and their links."""

    async def OpenItem(self, request: pb.OpenItemRequest, context: Any) -> pb.OpenItemResponse:
        written = await self._parts.agenda.open(call_of(context), opening_from_wire(request, new_id()))
        return pb.OpenItemResponse(written=written_to_wire(written))

    async def LinkSource(self, request: pb.LinkSourceRequest, context: Any) -> pb.LinkSourceResponse:
        agenda_id, source = id_from(request.agenda_id, "agenda_id"), source_from_wire(request.source)
        written = await self._parts.agenda.link(call_of(context), agenda_id, source, request.confidence or 1.0)
        return pb.LinkSourceResponse(written=written_to_wire(written))

    async def UnlinkSource(self, request: pb.UnlinkSourceRequest, context: Any) -> pb.UnlinkSourceResponse:
        target, source = target_from_wire(request, "agenda_id"), source_from_wire(request)
        written = await self._parts.agenda.unlink(call_of(context), target, source, request.reason)
        return pb.UnlinkSourceResponse(written=written_to_wire(written))

    async def ChangeStatus(self, request: pb.ChangeStatusRequest, context: Any) -> pb.ChangeStatusResponse:
        status = STATUSES.from_wire(request.status, "status")
        written = await self._parts.agenda.change_status(call_of(context), target_from_wire(request, "agenda_id"), status, request.reason)
        return pb.ChangeStatusResponse(written=written_to_wire(written))

    async def AssignOwner(self, request: pb.AssignOwnerRequest, context: Any) -> pb.AssignOwnerResponse:
        written = await self._parts.agenda.assign(call_of(context), target_from_wire(request, "agenda_id"), request.owner, request.reason)
        return pb.AssignOwnerResponse(written=written_to_wire(written))

    async def AnswerItem(self, request: pb.AnswerItemRequest, context: Any) -> pb.AnswerItemResponse:
        texts = texts_from_wire(request.texts)
        written = await self._parts.agenda.answer(call_of(context), target_from_wire(request, "agenda_id"), texts, request.department)
        return pb.AnswerItemResponse(written=written_to_wire(written))

    async def ReplyMeanwhile(self, request: pb.ReplyMeanwhileRequest, context: Any) -> pb.ReplyMeanwhileResponse:
        target, texts = target_from_wire(request, "agenda_id"), texts_from_wire(request.texts)
        written = await self._parts.agenda.reply_meanwhile(call_of(context), target, texts, request.department)
        return pb.ReplyMeanwhileResponse(written=written_to_wire(written))

    async def TagItem(self, request: pb.TagItemRequest, context: Any) -> pb.TagItemResponse:
        written = await self._parts.agenda.tag(call_of(context), target_from_wire(request, "agenda_id"), *tags_from_wire(request))
        return pb.TagItemResponse(written=written_to_wire(written))

    async def MergeItem(self, request: pb.MergeItemRequest, context: Any) -> pb.MergeItemResponse:
        target, into = target_from_wire(request, "agenda_id"), id_from(request.into, "into")
        written = await self._parts.together.merge(call_of(context), target, into, request.reason)
        return pb.MergeItemResponse(written=written_to_wire(written))

    async def SplitItem(self, request: pb.SplitItemRequest, context: Any) -> pb.SplitItemResponse:
        splitting = splitting_from_wire(request, new_id())
        written = await self._parts.together.split(call_of(context), target_from_wire(request, "agenda_id"), splitting)
        return pb.SplitItemResponse(written=written_to_wire(written))

    async def UndoItem(self, request: pb.UndoItemRequest, context: Any) -> pb.UndoItemResponse:
        written = await self._parts.together.undo(call_of(context), target_from_wire(request, "agenda_id"), request.reason)
        return pb.UndoItemResponse(written=written_to_wire(written))
