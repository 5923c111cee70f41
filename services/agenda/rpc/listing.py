"""Questions about items."""

from typing import Any

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.rpc.parts import Methods
from services.agenda.wire import listing as wire
from services.agenda.wire.freshness import as_of_from_wire, freshness_to_wire
from services.agenda.wire.timeline import decision_of_event, step_to_wire
from services.kit.ids import id_from
from services.kit.wire import page_from_wire, written_to_wire


class ListingMethods(Methods):
    """Lists, one item, its timeline."""

    async def ListItems(self, request: pb.ListItemsRequest, context: Any) -> pb.ListItemsResponse:
        listing = wire.listing_from_wire(request, self._parts.clock.now())
        freshness = await self._parts.freshness.of(texts=bool(listing.filters.words))
        return wire.page_to_wire(await self._parts.queries.page(listing), freshness)

    async def ListCandidates(self, request: pb.ListCandidatesRequest, context: Any) -> pb.ListCandidatesResponse:
        freshness = await self._parts.freshness.of(texts=False)
        page = await self._parts.queries.page(wire.candidates_from_wire(request))
        return pb.ListCandidatesResponse(items=map(wire.found_to_wire, page.items), freshness=freshness_to_wire(freshness))

    async def GetItem(self, request: pb.GetItemRequest, context: Any) -> pb.GetItemResponse:
        asked, as_of = id_from(request.agenda_id, "agenda_id"), as_of_from_wire(request.as_of, self._parts.clock.now())
        await self._parts.applied.own_write(asked)
        freshness, (found, decided) = await self._parts.freshness.of(texts=False), await self._parts.queries.item(asked, as_of)
        agenda_id = found.row["agenda_id"]
        written = await self._parts.applied.own_write(agenda_id)
        return pb.GetItemResponse(
            item=wire.found_to_wire(found), written=written_to_wire(written) if written else None,
            freshness=freshness_to_wire(freshness), redirected_from=str(asked) if asked != agenda_id else "",
            decision=decision_of_event(decided) if decided else None,
        )  # fmt: skip

    async def GetTimeline(self, request: pb.GetTimelineRequest, context: Any) -> pb.GetTimelineResponse:
        agenda_id = id_from(request.agenda_id, "agenda_id")
        await self._parts.applied.own_write(agenda_id)
        freshness = await self._parts.freshness.of(texts=False)
        rows, token = await self._parts.timeline.of(agenda_id, page_from_wire(request))
        return pb.GetTimelineResponse(
            steps=map(step_to_wire, rows), next_page_token=token, freshness=freshness_to_wire(freshness)
        )  # fmt: skip
