"""PartnerService: map, call, map."""

from typing import Any

from madang.partners.v1 import partners_pb2 as pb
from madang.partners.v1 import partners_pb2_grpc
from services.kit.actor import call_of
from services.kit.clock import Clock
from services.kit.queries import Page
from services.kit.wire import written_to_wire
from services.partners import wire
from services.partners.domain import Outcome, Position
from services.partners.intake import Intake
from services.partners.queries import Inboxes, PartnerQueries
from services.partners.service import Partners


class PartnerServicer(partners_pb2_grpc.PartnerServiceServicer):
    """The service's methods, documented in the proto."""

    def __init__(self, partners: Partners, queries: PartnerQueries, inboxes: Inboxes, intake: Intake, clock: Clock) -> None:
        self._partners, self._queries, self._inboxes, self._intake, self._clock = partners, queries, inboxes, intake, clock

    async def AddPartner(self, request: pb.AddPartnerRequest, context: Any) -> pb.AddPartnerResponse:
        written = await self._partners.add(call_of(context), wire.added_from_wire(request, self._clock.now()))
        partner, _ = await self._queries.partner(request.code)
        return pb.AddPartnerResponse(written=written_to_wire(written), partner=wire.partner_to_wire(partner))

    async def GetPartner(self, request: pb.GetPartnerRequest, context: Any) -> pb.GetPartnerResponse:
        partner, written = await self._queries.partner(request.code)
        return pb.GetPartnerResponse(partner=wire.partner_to_wire(partner), written=written_to_wire(written))

    async def ListPartners(self, request: pb.ListPartnersRequest, context: Any) -> pb.ListPartnersResponse:
        partners, token = await self._queries.partners(Page(request.page_size, request.page_token))
        return pb.ListPartnersResponse(partners=map(wire.partner_to_wire, partners), next_page_token=token)

    async def ListReceivedEvents(self, request: pb.ListReceivedEventsRequest, context: Any) -> pb.ListReceivedEventsResponse:
        events, token = await self._queries.received(wire.listing_from_wire(request))
        return pb.ListReceivedEventsResponse(events=map(wire.received_to_wire, events), next_page_token=token)

    async def DrainInboxes(self, request: pb.DrainInboxesRequest, context: Any) -> pb.DrainInboxesResponse:
        return pb.DrainInboxesResponse(waited_for=await self._inboxes.drain())

    async def ValidateEvent(self, request: pb.ValidateEventRequest, context: Any) -> pb.ValidateEventResponse:
        event_id, verdict = await self._intake.validate(wire.record_from_wire(request))
        receipt = wire.receipt_to_wire(event_id, verdict, Position(0, 0))
        return pb.ValidateEventResponse(valid=verdict.outcome is not Outcome.REFUSED, receipt=receipt)
