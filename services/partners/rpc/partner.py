"""Methods on partners."""

from typing import Any

from madang.partners.v1 import partners_pb2 as pb
from services.kit.actor import call_of
from services.kit.text import one_line
from services.kit.wire import time_or_none, written_to_wire
from services.partners.rpc.parts import Methods
from services.partners.wire import partner as wire


class PartnerMethods(Methods):
    """The registry of partners."""

    async def AddPartner(self, request: pb.AddPartnerRequest, context: Any) -> pb.AddPartnerResponse:
        written = await self._parts.partners.add(call_of(context), wire.added_from_wire(request, self._parts.clock.now()))
        partner, _ = await self._parts.queries.partner(request.code)
        return pb.AddPartnerResponse(written=written_to_wire(written), partner=wire.partner_to_wire(partner))

    async def GetPartner(self, request: pb.GetPartnerRequest, context: Any) -> pb.GetPartnerResponse:
        partner, written = await self._parts.queries.partner(request.code)
        usage = wire.usage_to_wire(await self._parts.queries.usage(partner.code, self._parts.clock.now()))
        return pb.GetPartnerResponse(partner=wire.partner_to_wire(partner), written=written_to_wire(written), usage=usage)

    async def ListPartners(self, request: pb.ListPartnersRequest, context: Any) -> pb.ListPartnersResponse:
        found, token, total = await self._parts.queries.partners(wire.listing_from_wire(request), self._parts.clock.now())
        return pb.ListPartnersResponse(partners=map(wire.partner_to_wire, found), next_page_token=token, total=total)

    async def UpdatePartner(self, request: pb.UpdatePartnerRequest, context: Any) -> pb.UpdatePartnerResponse:
        given = wire.changed_from_wire(request)
        written = await self._parts.partners.update(call_of(context), request.code, request.etag, given, request.clear)
        partner, _ = await self._parts.queries.partner(request.code)
        return pb.UpdatePartnerResponse(written=written_to_wire(written), partner=wire.partner_to_wire(partner))

    async def SuspendPartner(self, request: pb.SuspendPartnerRequest, context: Any) -> pb.SuspendPartnerResponse:
        reason = one_line(request.reason)
        written = await self._parts.partners.suspend(call_of(context), request.code, request.etag, reason)
        partner, _ = await self._parts.queries.partner(request.code)
        return pb.SuspendPartnerResponse(written=written_to_wire(written), partner=wire.partner_to_wire(partner))

    async def ResumePartner(self, request: pb.ResumePartnerRequest, context: Any) -> pb.ResumePartnerResponse:
        written = await self._parts.partners.resume(call_of(context), request.code, request.etag)
        partner, _ = await self._parts.queries.partner(request.code)
        return pb.ResumePartnerResponse(written=written_to_wire(written), partner=wire.partner_to_wire(partner))

    async def ReplayAccepted(self, request: pb.ReplayAcceptedRequest, context: Any) -> pb.ReplayAcceptedResponse:
        (partner, _), since = await self._parts.queries.partner(request.code), time_or_none(request.since, "since")
        return wire.replayed_to_wire(await self._parts.replays.replay(partner, request.group, since, request.from_offset))
