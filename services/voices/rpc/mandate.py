"""Methods on mandates."""

from typing import Any

from madang.voices.v1 import voices_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import day_or_refused, target_from_wire, written_to_wire
from services.voices.rpc.parts import Methods
from services.voices.wire import mandate as wire


class MandateMethods(Methods):
    """Mandates."""

    async def NominateMandate(self, request: pb.NominateMandateRequest, context: Any) -> pb.NominateMandateResponse:
        mandate = wire.put_forward_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.mandates.nominate(call_of(context), mandate)
        return pb.NominateMandateResponse(written=written_to_wire(written))

    async def ScreenMandate(self, request: pb.ScreenMandateRequest, context: Any) -> pb.ScreenMandateResponse:
        written = await self._parts.mandates.screen(call_of(context), target_from_wire(request, "mandate_id"))
        return pb.ScreenMandateResponse(written=written_to_wire(written))

    async def AppointScreenedMandate(self, request: pb.AppointScreenedMandateRequest, context: Any) -> pb.AppointScreenedMandateResponse:
        written = await self._parts.mandates.appoint_screened(call_of(context), target_from_wire(request, "mandate_id"))
        return pb.AppointScreenedMandateResponse(written=written_to_wire(written))

    async def AppointMandate(self, request: pb.AppointMandateRequest, context: Any) -> pb.AppointMandateResponse:
        mandate = wire.put_forward_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.mandates.appoint(call_of(context), mandate)
        return pb.AppointMandateResponse(written=written_to_wire(written))

    async def RenewMandate(self, request: pb.RenewMandateRequest, context: Any) -> pb.RenewMandateResponse:
        written = await self._parts.mandates.renew(
            call_of(context), target_from_wire(request, "mandate_id"), day_or_refused(request.end_date, "end_date")
        )
        return pb.RenewMandateResponse(written=written_to_wire(written))

    async def DismissMandate(self, request: pb.DismissMandateRequest, context: Any) -> pb.DismissMandateResponse:
        written = await self._parts.mandates.dismiss(call_of(context), target_from_wire(request, "mandate_id"), request.reason)
        return pb.DismissMandateResponse(written=written_to_wire(written))

    async def GetMandate(self, request: pb.GetMandateRequest, context: Any) -> pb.GetMandateResponse:
        mandate_id = id_from(request.mandate_id, "mandate_id")
        mandate, written = await self._parts.queries.mandate(mandate_id, call_of(context).actor)
        return pb.GetMandateResponse(mandate=wire.mandate_to_wire(mandate), written=written_to_wire(written))

    async def ListMandates(self, request: pb.ListMandatesRequest, context: Any) -> pb.ListMandatesResponse:
        mandates, token = await self._parts.queries.mandates(wire.mandates_from_wire(request), call_of(context).actor)
        return pb.ListMandatesResponse(mandates=map(wire.mandate_to_wire, mandates), next_page_token=token)
