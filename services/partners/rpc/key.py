"""Methods on keys."""

from typing import Any

from madang.partners.v1 import key_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.text import one_line
from services.kit.wire import target_from_wire, time_or_none, written_to_wire
from services.partners.rpc.parts import Methods
from services.partners.wire import key as wire


class KeyMethods(Methods):
    """Keys of partners."""

    async def MakeKey(self, request: pb.MakeKeyRequest, context: Any) -> pb.MakeKeyResponse:
        written, secret = await self._parts.keys.make(call_of(context), request.code, one_line(request.label))
        key = wire.key_to_wire(await self._parts.queries.key(written.id))
        return pb.MakeKeyResponse(written=written_to_wire(written), secret=secret, key=key)

    async def RotateKey(self, request: pb.RotateKeyRequest, context: Any) -> pb.RotateKeyResponse:
        target, ends_at = target_from_wire(request, "key_id"), time_or_none(request.ends_at, "ends_at")
        written, secret = await self._parts.keys.rotate(call_of(context), target, ends_at)
        key = wire.key_to_wire(await self._parts.queries.key(written.id))
        return pb.RotateKeyResponse(written=written_to_wire(written), secret=secret, key=key)

    async def RevokeKey(self, request: pb.RevokeKeyRequest, context: Any) -> pb.RevokeKeyResponse:
        written = await self._parts.keys.revoke(call_of(context), target_from_wire(request, "key_id"))
        return pb.RevokeKeyResponse(written=written_to_wire(written))

    async def ListKeys(self, request: pb.ListKeysRequest, context: Any) -> pb.ListKeysResponse:
        found, token = await self._parts.queries.keys(wire.listing_from_wire(request))
        return pb.ListKeysResponse(keys=map(wire.key_to_wire, found), next_page_token=token)

    async def CheckKey(self, request: pb.CheckKeyRequest, context: Any) -> pb.CheckKeyResponse:
        key = await self._parts.keys.check(request.secret)
        return pb.CheckKeyResponse(partner=key.partner, key_id=str(key.id))
