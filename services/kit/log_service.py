"""LogService: every service's own log, served the same way by every process that owns an outbox."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from madang.log.v1 import log_pb2 as pb
from madang.log.v1 import log_pb2_grpc
from services.kit.consumer import Apply
from services.kit.database import Database, Row
from services.kit.dead_letters import record_of
from services.kit.errors import not_found
from services.kit.ids import id_from
from services.kit.wire import time_to_wire

CHUNK = 1_000


class LogServicer(log_pb2_grpc.LogServiceServicer):
    """What a service has committed and sent. `wake` rouses its relay; `apply` is how it applies a record of its consumer, if it has one,
    whose dead letters lie in `letters`, where that is another place than the outbox.
    """

    def __init__(self, database: Database, wake: Any, apply: Apply | None = None, letters: Database | None = None) -> None:
        self._database, self._wake, self._apply, self._letters = database, wake, apply, letters or database

    async def Drain(self, request: pb.DrainRequest, context: Any) -> pb.DrainResponse:
        """Wait until what is in the outbox now has left it."""
        async with self._database.connection() as connection:
            waiting = [row["sequence"] for row in await connection.fetch("SELECT sequence FROM outbox")]
        self._wake()
        left = waiting
        while left:
            await asyncio.sleep(0.05)
            async with self._database.connection() as connection:
                left = await connection.fetch("SELECT sequence FROM outbox WHERE sequence = ANY ($1::bigint[]) LIMIT 1", waiting)
        return pb.DrainResponse(waited_for=len(waiting))

    async def ReplayEvents(self, request: pb.ReplayEventsRequest, context: Any) -> pb.ReplayEventsResponse:
        """Move rows back from the archive with their old numbers and bytes; the relay sends them as any others."""
        aggregate = id_from(request.aggregate_id, "aggregate_id") if request.aggregate_id else None
        async with self._database.transaction() as connection:
            moved = await connection.execute(
                """WITH again AS (
                       DELETE FROM outbox_archive
                       WHERE ($1::uuid IS NULL OR aggregateid = $1) AND version >= $2 AND ($3 = 0 OR version <= $3) AND version > 0
                       RETURNING *)
                   INSERT INTO outbox SELECT sequence, id, aggregatetype, aggregateid, version, type, topic, content_type, payload,
                                             correlation_id, causation_id, traceparent, "timestamp" FROM again""",
                aggregate, request.from_version, request.to_version,
            )  # fmt: skip
        self._wake()
        return pb.ReplayEventsResponse(events=int(moved.rpartition(" ")[2]))

    async def ListAggregates(self, request: pb.ListAggregatesRequest, context: Any) -> AsyncIterator[pb.ListAggregatesResponse]:
        """Every published aggregate in id order, a chunk a message."""
        last = UUID(int=0)
        while True:
            async with self._database.connection() as connection:
                rows = await connection.fetch(
                    "SELECT id, kind, version, state_hash FROM aggregate WHERE version > 0 AND id > $1 ORDER BY id LIMIT $2", last, CHUNK
                )
            if not rows:
                return
            last = rows[-1]["id"]
            yield pb.ListAggregatesResponse(
                aggregates=[
                    pb.AggregateVersion(id=str(row["id"]), kind=row["kind"], version=row["version"], state_hash=row["state_hash"])
                    for row in rows
                ]
            )

    async def ListCauses(self, request: pb.ListCausesRequest, context: Any) -> pb.ListCausesResponse:
        """The chain that an event, a correlation or an aggregate belongs to."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(CAUSES, id_from(request.id, "id"))
        return pb.ListCausesResponse(events=[_logged(row) for row in rows])

    async def ListDeadLetters(self, request: pb.ListDeadLettersRequest, context: Any) -> pb.ListDeadLettersResponse:
        """Letters, newest first, without their contents."""
        async with self._letters.connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM dead_letter WHERE $2 = 0 OR letter_id = $2 ORDER BY letter_id DESC LIMIT $1",
                request.page_size or 100, request.letter_id,
            )  # fmt: skip
        return pb.ListDeadLettersResponse(letters=[_letter(row) for row in rows])

    async def ResendDeadLetter(self, request: pb.ResendDeadLetterRequest, context: Any) -> pb.ResendDeadLetterResponse:
        """Apply one letter again, in a transaction of its own."""
        async with self._letters.transaction() as connection:
            row = await connection.fetchrow("SELECT * FROM dead_letter WHERE letter_id = $1 FOR UPDATE", request.letter_id)
            if row is None or self._apply is None:
                raise not_found("dead letter", request.letter_id)
            code = await self._again(connection, row)
        return pb.ResendDeadLetterResponse(applied=not code, code=code)

    async def _again(self, connection: Any, row: Row) -> str:
        """Take the letter away and apply its record; a failure puts it back as a new letter."""
        assert self._apply is not None
        await connection.execute("DELETE FROM dead_letter WHERE letter_id = $1", row["letter_id"])
        await self._apply(connection, [record_of(row)])
        again = await connection.fetchrow(
            'SELECT code FROM dead_letter WHERE topic = $1 AND partition = $2 AND "offset" = $3',
            row["topic"],
            row["partition"],
            row["offset"],
        )
        return str(again["code"]) if again else ""


def _logged(row: Row) -> pb.LoggedEvent:
    return pb.LoggedEvent(
        event_id=str(row["id"]), type=row["type"], aggregate_id=str(row["aggregateid"]), version=row["version"],
        correlation_id=str(row["correlation_id"]), causation_id=str(row["causation_id"]), committed_at=time_to_wire(row["timestamp"]),
        sent_at=time_to_wire(row["sent_at"]),
    )  # fmt: skip


def _letter(row: Row) -> pb.DeadLetter:
    return pb.DeadLetter(
        letter_id=row["letter_id"], topic=row["topic"], partition=row["partition"], offset=row["offset"], code=row["code"],
        reason=row["reason"], at=time_to_wire(row["at"]),
    )  # fmt: skip


# Not materialised: each look-up goes by its index, in the outbox and in the archive.
CAUSES = """
    WITH facts AS NOT MATERIALIZED (
        SELECT id, type, aggregateid, version, correlation_id, causation_id, "timestamp", NULL::timestamptz AS sent_at FROM outbox
        UNION ALL
        SELECT id, type, aggregateid, version, correlation_id, causation_id, "timestamp", sent_at FROM outbox_archive),
    chains AS (
        SELECT $1::uuid AS correlation_id UNION SELECT correlation_id FROM facts WHERE id = $1
        UNION SELECT correlation_id FROM facts WHERE aggregateid = $1)
    SELECT facts.* FROM chains JOIN facts USING (correlation_id) ORDER BY "timestamp", version"""
