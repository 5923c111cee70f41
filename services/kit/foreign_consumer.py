"""A consumer of topics that others write to, found by their names, with whatever stands in them.

It belongs to no Kafka group. A group keeps the assignment of a static member that died, and gives it to the one that comes back:
an inbox made in between would never be read. So one reader a database, under an advisory lock, takes every partition there is.
"""

import asyncio
import re
import time

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.kit import foreign_records, offsets, topics
from services.kit.consumer import Apply, Consumer, cluster_id
from services.kit.database import Connection, Database
from services.kit.retrying import stop

LOOK_EVERY_S = 1.0


class ForeignConsumer(Consumer):
    """Applies every record of the topics that match a pattern, also of those that are made later.

    Transactions of others leave holes in the offsets; what can't be read is handed out as it is (`foreign_records`).
    """

    holes = True

    def __init__(self, database: Database, *, name: str, bootstrap: str, pattern: str, apply: Apply) -> None:
        super().__init__(database, name=name, instance="", bootstrap=bootstrap, topics=[], apply=apply)
        self._pattern = re.compile(pattern)
        self._passed: dict[TopicPartition, int] = {}
        self._look_at = 0.0

    async def _attempt(self) -> None:
        """Hold the lock and read until something fails. A paused process loses its session, and with it the lock."""
        foreign_records.guard()
        lock = await self._database.direct(idle_session_timeout="15s")
        try:
            while not await lock.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._name):  # noqa: ASYNC110 - it is another process's
                await asyncio.sleep(0.5)
            await self._read(lock)
        finally:
            lock.terminate()

    async def _read(self, lock: Connection) -> None:
        cluster = await cluster_id(self._bootstrap)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, enable_auto_commit=False, auto_offset_reset="earliest", isolation_level="read_committed"
        )
        consumer.assign([])
        self._passed, self._look_at = {}, 0.0
        try:
            await consumer.start()
            while True:
                await lock.execute("SELECT 1")
                await self._discover(consumer, cluster)
                for batch in (await consumer.getmany(timeout_ms=500, max_records=500)).values():
                    await self._apply_once(batch)
                await self._pass_holes(consumer)
                await self._measure(consumer)
        finally:
            await stop(consumer)

    async def _discover(self, consumer: AIOKafkaConsumer, cluster: str) -> None:
        """Look for topics that are new or gone, once a second."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_EVERY_S
        found = {name: count for name, count in (await topics.partitions(self._bootstrap)).items() if self._pattern.fullmatch(name)}
        places = {TopicPartition(name, number) for name, count in found.items() for number in range(count)}
        if places != consumer.assignment():
            consumer.assign(places)
            await self._seek(consumer, cluster, places)

    async def _pass_holes(self, consumer: AIOKafkaConsumer) -> None:
        """Move past what a transaction leaves in the log and nobody is handed, so that the end of a topic can be reached."""
        for place in sorted(consumer.assignment()):
            position = await consumer.position(place)
            if position > self._passed.get(place, 0):
                async with self._database.transaction() as connection:
                    await offsets.pass_to(connection, self._name, place.topic, place.partition, position)
                self._passed[place] = position
