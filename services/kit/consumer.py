"""A plain consumer inside a service's own process: records in, effects and offsets out, in one transaction.

Faust is not used here: it brings a second event loop, which must not share a process with a gRPC server (ADR 0002).
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.kit import offsets, traces
from services.kit.database import Connection, Database
from services.kit.metrics import APPLIED, BATCH_SECONDS, Lag
from services.kit.retrying import for_ever, stop

log = structlog.get_logger()
Apply = Callable[[Connection, Sequence[Any]], Awaitable[object]]


async def cluster_id(bootstrap: str) -> str:
    """The id of the Kafka cluster."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        return str((await admin.describe_cluster())["cluster_id"])
    finally:
        await admin.close()


class Consumer:
    """Applies every record of some topics once, in the order of their partitions."""

    holes = False  # whether offsets may lack

    def __init__(self, database: Database, *, name: str, instance: str, bootstrap: str, topics: Iterable[str], apply: Apply) -> None:
        self._database, self._name, self._bootstrap, self._topics, self._apply = database, name, bootstrap, list(topics), apply
        self._instance, self._lag = f"{name}-{instance}", Lag(name)

    async def run(self) -> None:
        """Consume for ever; what goes wrong ends one attempt only, and the next one seeks to PostgreSQL's offsets."""
        await for_ever(self._name, self._attempt, offsets.Skipped)

    async def _attempt(self) -> None:
        cluster = await cluster_id(self._bootstrap)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, group_id=self._name, group_instance_id=self._instance, enable_auto_commit=False,
            auto_offset_reset="earliest", session_timeout_ms=10_000, heartbeat_interval_ms=2_000, rebalance_timeout_ms=15_000,
            metadata_max_age_ms=2_000,
        )  # fmt: skip
        consumer.subscribe(self._topics, listener=_Seek(lambda assigned: self._seek(consumer, cluster, assigned)))
        try:
            await consumer.start()
            while True:
                for batch in (await consumer.getmany(timeout_ms=1_000, max_records=500)).values():
                    await self._apply_once(batch)
                await self._measure(consumer)
        finally:
            await stop(consumer)

    async def _seek(self, consumer: AIOKafkaConsumer, cluster: str, assigned: Iterable[TopicPartition]) -> None:
        """Begin partitions where PostgreSQL says, whatever Kafka remembers."""
        partitions = sorted(assigned)
        if not partitions:
            return

        async def ends() -> dict[offsets.Place, int]:
            return {(place.topic, place.partition): end for place, end in (await consumer.end_offsets(partitions)).items()}

        starts = await offsets.starts(self._database, self._name, cluster, ends)
        for place in partitions:
            consumer.seek(place, starts[place.topic, place.partition])

    async def _measure(self, consumer: AIOKafkaConsumer) -> None:
        """How much of what the broker holds is not applied yet; known of a partition after its first fetch."""
        ends = {place: consumer.highwater(place) for place in consumer.assignment()}
        behind = [end - await consumer.position(place) for place, end in ends.items() if end is not None]
        self._lag.set(sum(behind))

    async def _apply_once(self, batch: Sequence[Any]) -> None:
        began = time.perf_counter()
        async with self._database.transaction() as connection:
            fresh = await offsets.claim(connection, self._name, batch, holes=self.holes)
            if fresh:
                await self._apply(connection, fresh)
                await offsets.advance(connection, self._name, fresh)
        seconds = time.perf_counter() - began
        BATCH_SECONDS.labels(self._name).observe(seconds)
        APPLIED.labels(batch[0].topic).inc(len(fresh))
        traces.applied(self._name, fresh, seconds)


class _Seek(ConsumerRebalanceListener):  # type: ignore[misc]
    """Every assignment begins with a seek."""

    def __init__(self, seek: Callable[[Iterable[TopicPartition]], Awaitable[None]]) -> None:
        self._seek = seek

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Nothing to hand over: the truth is in PostgreSQL."""

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._seek(assigned)
