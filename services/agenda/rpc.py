"""AgendaService: map, call, map."""

from collections.abc import AsyncIterator
from typing import Any

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc
from services.agenda import report_wire, wire
from services.agenda.applied import Applied
from services.agenda.breaker import Holds
from services.agenda.freshness import FreshnessQueries
from services.agenda.queries import AgendaQueries
from services.agenda.rebuild import Rebuilder
from services.agenda.service import Agenda
from services.agenda.timeline import Timeline
from services.agenda.verify import Verifier
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import page_from_wire, target_from_wire, texts_from_wire, written_to_wire


class AgendaServicer(agenda_pb2_grpc.AgendaServiceServicer):
    """The service's methods, documented in the proto."""

    def __init__(
        self, agenda: Agenda, queries: AgendaQueries, timeline: Timeline, freshness: FreshnessQueries, applied: Applied,
        verifier: Verifier, rebuilder: Rebuilder, holds: Holds,
    ) -> None:  # fmt: skip
        self._agenda, self._queries, self._timeline, self._freshness = agenda, queries, timeline, freshness
        self._applied, self._verifier, self._rebuilder, self._holds = applied, verifier, rebuilder, holds

    async def OpenItem(self, request: pb.OpenItemRequest, context: Any) -> pb.OpenItemResponse:
        written = await self._agenda.open(call_of(context), wire.opening_from_wire(request, new_id()))
        return pb.OpenItemResponse(written=written_to_wire(written))

    async def LinkSource(self, request: pb.LinkSourceRequest, context: Any) -> pb.LinkSourceResponse:
        agenda_id, source = id_from(request.agenda_id, "agenda_id"), wire.source_from_wire(request.source)
        written = await self._agenda.link(call_of(context), agenda_id, source, request.confidence or 1.0)
        return pb.LinkSourceResponse(written=written_to_wire(written))

    async def UnlinkSource(self, request: pb.UnlinkSourceRequest, context: Any) -> pb.UnlinkSourceResponse:
        target, source = target_from_wire(request, "agenda_id"), wire.source_from_wire(request)
        written = await self._agenda.unlink(call_of(context), target, source, request.reason)
        return pb.UnlinkSourceResponse(written=written_to_wire(written))

    async def ChangeStatus(self, request: pb.ChangeStatusRequest, context: Any) -> pb.ChangeStatusResponse:
        status = wire.STATUSES.from_wire(request.status, "status")
        written = await self._agenda.change_status(call_of(context), target_from_wire(request, "agenda_id"), status, request.reason)
        return pb.ChangeStatusResponse(written=written_to_wire(written))

    async def AssignOwner(self, request: pb.AssignOwnerRequest, context: Any) -> pb.AssignOwnerResponse:
        written = await self._agenda.assign(call_of(context), target_from_wire(request, "agenda_id"), request.owner, request.reason)
        return pb.AssignOwnerResponse(written=written_to_wire(written))

    async def AnswerItem(self, request: pb.AnswerItemRequest, context: Any) -> pb.AnswerItemResponse:
        texts = texts_from_wire(request.texts)
        written = await self._agenda.answer(call_of(context), target_from_wire(request, "agenda_id"), texts, request.department)
        return pb.AnswerItemResponse(written=written_to_wire(written))

    async def ListItems(self, request: pb.ListItemsRequest, context: Any) -> pb.ListItemsResponse:
        listing = wire.listing_from_wire(request)
        freshness = await self._freshness.of(texts=bool(listing.filters.words))
        return wire.page_to_wire(await self._queries.page(listing), freshness)

    async def ListCandidates(self, request: pb.ListCandidatesRequest, context: Any) -> pb.ListCandidatesResponse:
        freshness = await self._freshness.of(texts=False)
        page = await self._queries.page(wire.candidates_from_wire(request))
        return pb.ListCandidatesResponse(items=map(wire.found_to_wire, page.items), freshness=wire.freshness_to_wire(freshness))

    async def GetItem(self, request: pb.GetItemRequest, context: Any) -> pb.GetItemResponse:
        agenda_id = id_from(request.agenda_id, "agenda_id")
        written = await self._applied.own_write(agenda_id)
        freshness, found = await self._freshness.of(texts=False), await self._queries.item(agenda_id)
        return pb.GetItemResponse(
            item=wire.found_to_wire(found), written=written_to_wire(written) if written else None,
            freshness=wire.freshness_to_wire(freshness),
        )  # fmt: skip

    async def GetTimeline(self, request: pb.GetTimelineRequest, context: Any) -> pb.GetTimelineResponse:
        agenda_id = id_from(request.agenda_id, "agenda_id")
        await self._applied.own_write(agenda_id)
        freshness = await self._freshness.of(texts=False)
        rows, token = await self._timeline.of(agenda_id, page_from_wire(request))
        return pb.GetTimelineResponse(
            steps=map(wire.step_to_wire, rows), next_page_token=token, freshness=wire.freshness_to_wire(freshness)
        )  # fmt: skip

    async def AwaitApplied(self, request: pb.AwaitAppliedRequest, context: Any) -> AsyncIterator[pb.AwaitAppliedResponse]:
        async for records, search in self._applied.everything():
            yield pb.AwaitAppliedResponse(records=records, search=search, done=not records and not search)

    async def Verify(self, request: pb.VerifyRequest, context: Any) -> AsyncIterator[pb.VerifyResponse]:
        async for step in self._verifier.run():
            yield report_wire.verified_to_wire(step)

    async def RebuildStore(self, request: pb.RebuildStoreRequest, context: Any) -> AsyncIterator[pb.RebuildStoreResponse]:
        async for step in self._rebuilder.run(swap=request.swap, accept_difference=request.accept_difference):
            yield report_wire.rebuilt_to_wire(step)

    async def ReleaseTopic(self, request: pb.ReleaseTopicRequest, context: Any) -> pb.ReleaseTopicResponse:
        return pb.ReleaseTopicResponse(released=await self._holds.release(request.topic))
