"""A served agenda whose log is carried from the outbox to the store by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc
from madang.type.v1 import vocabulary_pb2
from services.agenda.projection.apply import apply_batch
from services.agenda.search.worker import refresh_some
from services.kit.database import SESSION, Connection, _speak_json
from services.kit.envelope import Envelope, to_headers
from tests.agenda_log import FactLog
from tests.serving import Served, serving

PROPOSALS = vocabulary_pb2.SOURCE_SERVICE_PROPOSALS


class Carried:
    """The served agenda, its log, its store."""

    def __init__(self, served: Served, connection: Connection) -> None:
        self.served, self.connection, self.log = served, connection, FactLog()
        self.stub: Any = agenda_pb2_grpc.AgendaServiceStub(served.channel)
        self._applied: dict[tuple[str, int], int] = {}
        self._sent: set[UUID] = set()

    async def carry(self) -> None:
        """Apply what the log holds and what was committed since."""
        for row in await self.connection.fetch("SELECT * FROM agenda.outbox ORDER BY sequence"):
            if row["id"] not in self._sent:
                self._sent.add(row["id"])
                envelope = Envelope(
                    row["id"], "urn:madang:agenda", row["type"], row["timestamp"], row["aggregateid"], row["version"],
                    row["correlation_id"], row["causation_id"],
                )  # fmt: skip
                self.log.append(row["topic"], row["aggregateid"], row["payload"], to_headers(envelope))
        for place, records in list(self.log.records.items()):
            if new := records[self._applied.get(place, 0) :]:
                await apply_batch(self.connection, new)
                self._applied[place] = len(records)
        while await refresh_some(self.connection):
            pass
        for name in ("projector", "search"):
            await self.connection.execute(BEAT, name)

    async def ask(self, method: str, request: Any, role: str = "operator", **scope: str) -> Any:
        return await getattr(self.stub, method)(request, metadata=self.served.caller(role, **scope))

    async def refusal(self, method: str, request: Any, role: str = "operator", **scope: str) -> Any:
        return await self.served.refusal(getattr(self.stub, method)(request, metadata=self.served.caller(role, **scope)))

    async def proposal(self, **changes: Any) -> UUID:
        source = self.log.proposal(**changes)
        await self.carry()
        return source

    async def open(self, *sources: UUID, title: str = "", **changes: Any) -> str:
        refs = [pb.SourceRef(service=PROPOSALS, source_id=str(source)) for source in sources]
        reply = await self.ask("OpenItem", pb.OpenItemRequest(request_id=str(uuid4()), title=title, sources=refs, **changes))
        await self.carry()
        return str(reply.written.id)

    async def item(self, agenda_id: object) -> pb.AgendaItem:
        found: pb.AgendaItem = (await self.ask("GetItem", pb.GetItemRequest(agenda_id=str(agenda_id)))).item
        return found


BEAT = """
    INSERT INTO progress (name, at, as_of, behind) VALUES ($1, clock_timestamp(), clock_timestamp(), 0)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, as_of = excluded.as_of"""


@asynccontextmanager
async def carried(fresh_database: Callable[[str], Awaitable[str]], folder: Path, **options: Any) -> AsyncIterator[Carried]:
    """One with a database of its own."""
    dsn = await fresh_database("agenda")
    connection = await asyncpg.connect(dsn, server_settings=SESSION | {"search_path": "store"})
    await _speak_json(connection)
    async with serving("agenda", dsn, folder, **options) as served:
        yield Carried(served, connection)
    await connection.close()
