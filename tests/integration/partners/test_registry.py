"""The registry of partners."""

import asyncio
from uuid import uuid4

from madang.partners.v1 import partner_pb2, partners_pb2_grpc
from madang.partners.v1 import partners_pb2 as pb
from services.kit import topics
from services.kit.errors import Kind
from tests.integration.partners.conftest import Town

KIND = partner_pb2.PARTNER_KIND_DISTRICT


async def test_a_partner_can_send_and_be_answered_once_it_is_registered(town: Town) -> None:
    code = f"gu-{uuid4().hex[:8]}"
    async with town.partners() as served:
        stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
        added = await stub.AddPartner(pb.AddPartnerRequest(code=code, name=" 구로구  구청 ", kind=KIND), metadata=served.caller())
        there = await topics.partitions(town.real.bootstrap)
        assert {f"madang.partners.{code}.inbox.v1", f"madang.partners.{code}.receipts.v1"} <= set(there)
        assert (added.written.revision, added.written.version) == (1, 0)
        assert added.partner.name == "구로구 구청"
        found = await stub.GetPartner(pb.GetPartnerRequest(code=code), metadata=served.caller())
        assert (found.partner, found.written) == (added.partner, added.written)


async def test_registering_again_has_no_effect_and_another_name_is_refused(town: Town) -> None:
    request = pb.AddPartnerRequest(code=f"gu-{uuid4().hex[:8]}", name="구로구청", kind=KIND)
    async with town.partners() as served:
        stub, me = partners_pb2_grpc.PartnerServiceStub(served.channel), served.caller()
        first, again = await stub.AddPartner(request, metadata=me), await stub.AddPartner(request, metadata=me)
        assert first == again
        other = pb.AddPartnerRequest(code=request.code, name="다른 구청", kind=KIND)
        refused = await served.refusal(stub.AddPartner(other, metadata=me))
        assert (refused.kind, refused.code) == (Kind.EXISTS, "PARTNER_EXISTS")
        listed = await stub.ListPartners(pb.ListPartnersRequest(page_size=500), metadata=me)
        assert [partner.name for partner in listed.partners if partner.code == request.code] == ["구로구청"]


async def test_a_code_that_could_not_stand_in_a_topic_is_refused(town: Town) -> None:
    async with town.partners() as served:
        stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
        for code in ("", "a", "A1", "구로", "a.b", "a_b", "x" * 41):
            call = stub.AddPartner(pb.AddPartnerRequest(code=code, name="구청", kind=KIND), metadata=served.caller())
            assert (await served.refusal(call)).code == "CODE_INVALID"


async def test_a_partner_that_is_not_there_is_not_found(town: Town) -> None:
    async with town.partners() as served:
        stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
        refused = await served.refusal(stub.GetPartner(pb.GetPartnerRequest(code="nobody"), metadata=served.caller()))
        assert (refused.kind, refused.code) == (Kind.NOT_FOUND, "NOT_FOUND")
        await asyncio.wait_for(stub.DrainInboxes(pb.DrainInboxesRequest(), metadata=served.caller()), 20)
