"""The relay: sends the outbox to Kafka in order, exactly the rows it read, again after any doubt (docs/flows.md, "The relay")."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.kit.database import Connection, Database, Row
from services.kit.envelope import STRUCTURED, Envelope, to_headers
from services.kit.metrics import OUTBOX_AGE, OUTBOX_DEPTH, RELAYED, TOPICS_HELD
from services.kit.retrying import for_ever, stop

log = structlog.get_logger()

BATCH, POLL_S, ACK_S, HOLD_S, MEASURE_S = 500, 0.5, 15.0, 30.0, 1.0
LOCK = 0x6D6164616E67  # one relay a database: "madang" as a number


def safe_producer(bootstrap: str) -> AIOKafkaProducer:
    """A producer whose acknowledgement means that a record will not be lost."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=5, compression_type="lz4", request_timeout_ms=10_000
    )  # fmt: skip


@asynccontextmanager
async def sole_producer(database: Database, bootstrap: str, lock: int) -> AsyncIterator[tuple[Connection, AIOKafkaProducer]]:
    """A session that holds an advisory lock, waited for, and a producer: one of each lock sends at a time.

    A paused process loses its session, and with it the lock.
    """
    connection = await database.direct(idle_session_timeout="15s")
    producer = safe_producer(bootstrap)
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(1)
        await asyncio.wait_for(producer.start(), ACK_S)
        yield connection, producer
    finally:
        await stop(producer)  # given up while it flushes: what it was to send is still in the database
        connection.terminate()


class Relay:
    """One relay a database, under a session advisory lock; a task of the service's own process."""

    def __init__(self, database: Database, *, service: str, bootstrap: str) -> None:
        self._database, self._service, self._bootstrap = database, service, bootstrap
        self._woken = asyncio.Event()
        self._known: set[str] = set()
        self._held: dict[str, float] = {}

    def wake(self) -> None:
        """Say that something was committed."""
        self._woken.set()

    async def run(self) -> None:
        """Send for ever; what goes wrong ends one attempt only. What waits is measured all the while, above all when nothing is sent."""
        await asyncio.gather(for_ever("relay", self._attempt), for_ever("outbox metrics", self._measure))

    async def _attempt(self) -> None:
        """Hold the lock and send until something fails."""
        async with sole_producer(self._database, self._bootstrap, LOCK) as (connection, producer):
            while True:
                self._woken.clear()
                if not await self._send_some(connection, producer):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._woken.wait(), POLL_S)

    async def _send_some(self, connection: Connection, producer: AIOKafkaProducer) -> int:
        """Send the next rows and move them to the archive; answers how many."""
        now = asyncio.get_running_loop().time()
        self._held = {topic: until for topic, until in self._held.items() if until > now}
        rows = await connection.fetch(
            "SELECT * FROM outbox WHERE topic <> ALL ($1::text[]) ORDER BY sequence LIMIT $2", list(self._held), BATCH
        )
        sendable = [row for row in rows if await self._has_topic(producer, row["topic"])]
        if not sendable:
            return 0
        await asyncio.wait_for(self._send(producer, sendable), ACK_S)
        await connection.execute(
            """WITH sent AS (DELETE FROM outbox WHERE sequence = ANY ($1::bigint[]) RETURNING *)
               INSERT INTO outbox_archive SELECT * FROM sent""",
            [row["sequence"] for row in sendable],
        )
        RELAYED.inc(len(sendable))
        return len(sendable)

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Row]) -> None:
        acks = [
            await producer.send(row["topic"], row["payload"], key=str(row["aggregateid"]).encode(), headers=self._headers(row))
            for row in rows
        ]
        await asyncio.gather(*acks)

    async def _has_topic(self, producer: AIOKafkaProducer, topic: str) -> bool:
        """Whether the broker has a topic; if not, its rows wait and everything else goes on."""
        if topic in self._known:
            return True
        if topic in self._held:
            return False
        # `partitions_for` of a missing topic blocks for the whole metadata wait, so it is bounded.
        with suppress(TimeoutError, KafkaError):
            await asyncio.wait_for(producer.partitions_for(topic), 3)
            self._known.add(topic)
            return True
        log.error("a topic is missing; its events wait", topic=topic, repair="madang topics apply")
        self._held[topic] = asyncio.get_running_loop().time() + HOLD_S
        return False

    def _headers(self, row: Row) -> list[tuple[str, bytes]]:
        if row["content_type"].startswith(STRUCTURED):
            return [("content-type", row["content_type"].encode())]
        envelope = Envelope(
            row["id"], f"urn:madang:{self._service}", row["type"], row["timestamp"], row["aggregateid"], row["version"],
            row["correlation_id"], row["causation_id"], row["traceparent"],
        )  # fmt: skip
        return to_headers(envelope, row["content_type"])

    async def _measure(self) -> None:
        while True:
            async with self._database.connection() as connection:
                row: Any = await connection.fetchrow(WAITING)
            OUTBOX_DEPTH.set(row["depth"])
            OUTBOX_AGE.set(float(row["age"]))
            TOPICS_HELD.labels("relay").set(len(self._held))
            await asyncio.sleep(MEASURE_S)


WAITING = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT 100000) AS waiting) AS depth,
           coalesce((SELECT extract(epoch FROM clock_timestamp() - "timestamp") FROM outbox ORDER BY sequence LIMIT 1), 0) AS age"""
