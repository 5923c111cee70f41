"""The partner of the sample, which every local stack knows."""

from collections.abc import Mapping

import grpc

from madang.partners.v1 import partner_pb2, partners_pb2, partners_pb2_grpc
from services.kit import tokens
from services.kit.grpc_client import OPTIONS

PARTNER = "dasan"
DEADLINE_S = 30.0


async def register_sample_partner(addresses: Mapping[str, str], signing_key: bytes) -> None:
    """Register `dasan` through the partners service, as `up`'s last step; a second time has no effect."""
    request = partners_pb2.AddPartnerRequest(code=PARTNER, name="120다산콜재단", kind=partner_pb2.PARTNER_KIND_CALL_CENTRE)
    token = tokens.sign(signing_key, subject="operator", role="operator")
    async with grpc.aio.insecure_channel(addresses["partners"], options=OPTIONS) as channel:
        stub = partners_pb2_grpc.PartnerServiceStub(channel)
        await stub.AddPartner(request, metadata=[("authorization", f"Bearer {token}")], timeout=DEADLINE_S)
