"""Calls to every service's own log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from madang.log.v1 import log_pb2, log_pb2_grpc
from services.agenda.projection.facts import SERVICES
from services.agenda.settings import AgendaSettings
from services.kit.grpc_client import Caller, Peer

STREAM_S, DRAIN_S = 3_000.0, 20.0


class Logs:
    """The logs of those services that have an address; the agenda's own is among them."""

    def __init__(self, settings: AgendaSettings, caller: Caller) -> None:
        addresses = {service: getattr(settings, f"{service}_address") for service in SERVICES}
        addresses["agenda"] = settings.agenda_address or settings.listen
        self._peers = {name: Peer(address, log_pb2_grpc.LogServiceStub) for name, address in addresses.items() if address}
        self._caller = caller

    @property
    def services(self) -> Sequence[str]:
        """Their names."""
        return list(self._peers)

    async def replay(self, service: str, aggregate_id: UUID, first: int, last: int) -> int:
        """Have versions of an aggregate sent again; answers how many will be."""
        request = log_pb2.ReplayEventsRequest(aggregate_id=str(aggregate_id), from_version=first, to_version=last)
        return int((await self._caller.ask(self._peers[service].stub.ReplayEvents, request)).events)

    async def aggregates(self, service: str) -> AsyncIterator[Sequence[log_pb2.AggregateVersion]]:
        """Every published aggregate of a service in id order, a chunk at a time."""
        call = self._peers[service].stub.ListAggregates(
            log_pb2.ListAggregatesRequest(), metadata=self._caller.metadata(), timeout=STREAM_S
        )  # fmt: skip
        async for chunk in call:
            yield chunk.aggregates

    async def drain(self) -> None:
        """Wait until every service has sent what it has committed, as far as 20 s reach."""
        calls = [self._caller.ask(peer.stub.Drain, log_pb2.DrainRequest(), deadline_s=DRAIN_S) for peer in self._peers.values()]
        await asyncio.gather(*calls)
