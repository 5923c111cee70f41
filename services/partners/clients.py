"""Calls to the services that own what an event becomes."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import grpc

from services.kit.actor import Actor, Call, Role
from services.kit.errors import Kind, Refused
from services.kit.grpc_client import Caller, Peer
from services.kit.grpc_errors import from_status
from services.kit.wire import written_from_wire
from services.partners.domain.received import Result
from services.partners.wire.owner import OWNERS, Owner

REFUSALS = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.PERMISSION_DENIED,
}
SELF = Actor(Role.SERVICE, "service:partners")


class Owners:
    """The owning services."""

    def __init__(self, addresses: Mapping[str, str], caller: Caller) -> None:
        self._peers = {service: Peer(address, _taker(OWNERS[service])) for service, address in addresses.items()}
        self._caller = caller

    async def hand_over(self, service: str, request: bytes, correlation_id: UUID, cause_id: UUID) -> Result:
        """Send the very bytes of a request to an owner.

        Raises:
            Refused: the owner will not take it.
            grpc.aio.AioRpcError: it cannot say now; the same bytes may be sent again.
        """
        owner = OWNERS[service]
        call = Call(SELF, owner.method, "", b"", correlation_id, cause_id)
        try:
            reply = await self._caller.ask(self._peers[service].stub, request, call=call)
        except grpc.aio.AioRpcError as error:
            if error.code() in REFUSALS:
                raise from_status(error) or Refused(Kind.INVALID, error.code().name, error.details() or "") from None
            raise
        return Result(service, owner.kind, written_from_wire(reply.written).id)


def _taker(owner: Owner) -> Callable[[grpc.aio.Channel], Any]:
    """The method that takes events in, called with a request's bytes as they are."""
    return lambda channel: channel.unary_unary(owner.method, request_serializer=bytes, response_deserializer=owner.reply)
