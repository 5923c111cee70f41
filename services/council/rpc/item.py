"""Methods on agenda items."""

from functools import partial
from typing import Any

from madang.council.v1 import item_messages_pb2 as pb
from services.council.queries.reader import is_insider
from services.council.rpc.parts import Methods
from services.council.wire import item as wire
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none, new_id
from services.kit.wire import page_from_wire, target_from_wire, written_to_wire


class ItemMethods(Methods):
    """Agenda items."""

    async def AddAgendaItem(self, request: pb.AddAgendaItemRequest, context: Any) -> pb.AddAgendaItemResponse:
        meeting_id, make = id_from(request.meeting_id, "meeting_id"), partial(wire.added_from_wire, request, new_id())
        return pb.AddAgendaItemResponse(written=written_to_wire(await self._parts.items.add(call_of(context), meeting_id, make)))

    async def RecordItemResult(self, request: pb.RecordItemResultRequest, context: Any) -> pb.RecordItemResultResponse:
        target = target_from_wire(request, "item_id")
        written = await self._parts.items.decide(call_of(context), target, wire.decision_from_wire(request), request.present)
        return pb.RecordItemResultResponse(written=written_to_wire(written))

    async def GetAgendaItem(self, request: pb.GetAgendaItemRequest, context: Any) -> pb.GetAgendaItemResponse:
        item, written = await self._parts.queries.item(id_from(request.item_id, "item_id"))
        shown = wire.item_to_wire(item, whole=is_insider(call_of(context).actor, item.owner))
        return pb.GetAgendaItemResponse(item=shown, written=written_to_wire(written))

    async def ListAgendaItems(self, request: pb.ListAgendaItemsRequest, context: Any) -> pb.ListAgendaItemsResponse:
        items, token = await self._parts.queries.items(id_from(request.meeting_id, "meeting_id"), page_from_wire(request))
        actor = call_of(context).actor
        shown = [wire.item_to_wire(item, whole=is_insider(actor, item.owner)) for item in items]
        return pb.ListAgendaItemsResponse(items=shown, next_page_token=token)

    async def GetItemHistory(self, request: pb.GetItemHistoryRequest, context: Any) -> pb.GetItemHistoryResponse:
        item_id = id_from(request.item_id, "item_id")
        await self._parts.queries.item(item_id)
        return pb.GetItemHistoryResponse(steps=await self._parts.facts.history(item_id))

    async def ListCandidates(self, request: pb.ListCandidatesRequest, context: Any) -> pb.ListCandidatesResponse:
        council, _ = await self._parts.queries.council(id_from(request.council_id, "council_id"))
        call_of(context).check_reach("council", council.id, council.owner)
        found = await self._parts.agenda.candidates(request.page_size, group=request.group, theme=request.theme)
        return pb.ListCandidatesResponse(candidates=found)

    async def GetAgendaProposal(self, request: pb.GetAgendaProposalRequest, context: Any) -> pb.GetAgendaProposalResponse:
        council_id = id_or_none(request.council_id, "council_id")
        items = await self._parts.builder.propose(call_of(context), council_id, request.candidates)
        return pb.GetAgendaProposalResponse(items=map(wire.proposed_to_wire, items))
