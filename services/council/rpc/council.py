"""Methods on councils."""

from typing import Any

from madang.council.v1 import council_messages_pb2 as pb
from services.council.rpc.parts import Methods
from services.council.wire import council as wire
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import day_from_wire, day_or_refused, page_from_wire, target_from_wire, written_to_wire


class CouncilMethods(Methods):
    """Councils."""

    async def CreateCouncil(self, request: pb.CreateCouncilRequest, context: Any) -> pb.CreateCouncilResponse:
        council = wire.created_from_wire(request, new_id(), self._parts.clock.now())
        return pb.CreateCouncilResponse(written=written_to_wire(await self._parts.councils.form(call_of(context), council)))

    async def GetCouncil(self, request: pb.GetCouncilRequest, context: Any) -> pb.GetCouncilResponse:
        council, written = await self._parts.queries.council(id_from(request.council_id, "council_id"))
        return pb.GetCouncilResponse(council=wire.council_to_wire(council), written=written_to_wire(written))

    async def ListCouncils(self, request: pb.ListCouncilsRequest, context: Any) -> pb.ListCouncilsResponse:
        councils, token = await self._parts.queries.councils(page_from_wire(request))
        return pb.ListCouncilsResponse(councils=map(wire.council_to_wire, councils), next_page_token=token)

    async def ChangeMembers(self, request: pb.ChangeMembersRequest, context: Any) -> pb.ChangeMembersResponse:
        target, ended = target_from_wire(request, "council_id"), wire.ended_from_wire(request.ended)
        joined = wire.members_from_wire(request.joined, "joined")
        written = await self._parts.councils.change_members(call_of(context), target, ended, joined)
        return pb.ChangeMembersResponse(written=written_to_wire(written))

    async def BeginTerm(self, request: pb.BeginTermRequest, context: Any) -> pb.BeginTermResponse:
        start, end = day_or_refused(request.term_start, "term_start"), day_from_wire(request.term_end, "term_end")
        written = await self._parts.councils.begin_term(call_of(context), target_from_wire(request, "council_id"), start, end)
        return pb.BeginTermResponse(written=written_to_wire(written))

    async def SetStandingItems(self, request: pb.SetStandingItemsRequest, context: Any) -> pb.SetStandingItemsResponse:
        target, names = target_from_wire(request, "council_id"), tuple(request.standing_items)
        written = await self._parts.councils.set_standing_items(call_of(context), target, names)
        return pb.SetStandingItemsResponse(written=written_to_wire(written))
