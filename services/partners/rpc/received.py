"""Methods on what partners have sent."""

from typing import Any

from madang.partners.v1 import partners_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import written_to_wire
from services.partners.domain.received import Outcome, Position
from services.partners.rpc.parts import Methods
from services.partners.wire import received as wire


class ReceivedMethods(Methods):
    """Received events and the inboxes that they stood in."""

    async def ListReceivedEvents(self, request: pb.ListReceivedEventsRequest, context: Any) -> pb.ListReceivedEventsResponse:
        events, token = await self._parts.queries.received(wire.listing_from_wire(request))
        return pb.ListReceivedEventsResponse(events=map(wire.received_to_wire, events), next_page_token=token)

    async def DrainInboxes(self, request: pb.DrainInboxesRequest, context: Any) -> pb.DrainInboxesResponse:
        return pb.DrainInboxesResponse(waited_for=await self._parts.inboxes.drain())

    async def ValidateEvent(self, request: pb.ValidateEventRequest, context: Any) -> pb.ValidateEventResponse:
        event_id, verdict = await self._parts.intake.validate(wire.record_from_wire(request))
        receipt = wire.receipt_to_wire(event_id, verdict, Position(0, 0))
        return pb.ValidateEventResponse(valid=verdict.outcome is not Outcome.REFUSED, receipt=receipt)

    async def ResendEvent(self, request: pb.ResendEventRequest, context: Any) -> pb.ResendEventResponse:
        written = await self._parts.resends.resend(call_of(context), id_from(request.received_id, "received_id"), request.body)
        event = wire.received_to_wire(await self._parts.queries.received_event(written.id))
        return pb.ResendEventResponse(written=written_to_wire(written), event=event)
