"""The plain consumer: every record applied once, offsets in PostgreSQL, whatever Kafka remembers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from services.kit import offsets
from services.kit.consumer import Consumer
from services.kit.database import Connection, Database
from tests.integration.kit.conftest import MakeTopic


@pytest.fixture
async def database(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    opened = Database(await fresh_database("proposals"), name="test")
    await opened.open()
    async with opened.connection() as connection:
        await connection.execute(
            "CREATE TABLE effect (topic text, partition int, off bigint, n int DEFAULT 1, PRIMARY KEY (topic, partition, off))"
        )
    yield opened
    await opened.close()


@pytest.fixture
async def topic(make_topic: MakeTopic) -> str:
    return await make_topic(2)


async def apply(connection: Connection, records: Sequence[Any]) -> None:
    await connection.executemany(
        "INSERT INTO effect (topic, partition, off) VALUES ($1, $2, $3) ON CONFLICT (topic, partition, off) DO UPDATE SET n = effect.n + 1",
        [(record.topic, record.partition, record.offset) for record in records],
    )


@asynccontextmanager
async def consuming(database: Database, kafka: str, topic: str, name: str, using: Any = apply) -> AsyncIterator[None]:
    consumer = Consumer(database, name=name, instance="0", bootstrap=kafka, topics=[topic], apply=using)
    task = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def produce(kafka: str, topic: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for number in range(count):
        await producer.send(topic, str(number).encode(), key=str(number).encode())
    await producer.stop()


async def effects(database: Database, wanted: int, within_s: float = 30) -> list[int]:
    async with asyncio.timeout(within_s):
        while True:
            async with database.connection() as connection:
                rows = await connection.fetch("SELECT n FROM effect")
            if len(rows) >= wanted:
                return [row["n"] for row in rows]
            await asyncio.sleep(0.1)


async def test_every_record_is_applied_once_though_the_consumer_dies_again_and_again(database: Database, kafka: str, topic: str) -> None:
    await produce(kafka, topic, 3_000)
    name = f"group-{uuid4()}"
    for _ in range(3):
        async with consuming(database, kafka, topic, name):
            await asyncio.sleep(0.4)
    async with consuming(database, kafka, topic, name):
        assert await effects(database, 3_000) == [1] * 3_000


async def test_effects_that_fail_are_tried_again_and_never_skipped(database: Database, kafka: str, topic: str) -> None:
    failures = iter([True, True, False])

    async def fails_twice(connection: Connection, records: Sequence[Any]) -> None:
        await apply(connection, records)
        if next(failures, False):
            raise TimeoutError("the database went away after the effects and before the commit")

    await produce(kafka, topic, 100)
    async with consuming(database, kafka, topic, f"group-{uuid4()}", fails_twice):
        assert await effects(database, 100) == [1] * 100


async def test_a_log_that_lost_its_data_is_read_from_its_beginning(database: Database, kafka: str, topic: str) -> None:
    name = f"group-{uuid4()}"
    async with database.transaction() as connection:
        await offsets.next_offset(connection, name, topic, 0)
        await connection.execute("UPDATE consumer_offset SET next_offset = 1000000 WHERE consumer = $1", name)
    await produce(kafka, topic, 50)
    async with consuming(database, kafka, topic, name):
        assert await effects(database, 50) == [1] * 50


class Overtaken:
    """A consumer that is told the end of its partition, whereupon another one applies a record that came after it."""

    def __init__(self, database: Database, name: str, end: int) -> None:
        self._database, self._name, self._end = database, name, end
        self.position: int | None = None

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        await stand_at(self._database, self._name, self._end + 1)
        return dict.fromkeys(places, self._end)

    def seek(self, place: TopicPartition, offset: int) -> None:  # noqa: ARG002 - aiokafka's own signature
        self.position = offset


async def stand_at(database: Database, name: str, offset: int) -> None:
    async with database.transaction() as connection:
        await offsets.next_offset(connection, name, "facts", 0)
        await connection.execute("UPDATE consumer_offset SET next_offset = $2 WHERE consumer = $1", name, offset)


@pytest.mark.parametrize(("stood_at", "end", "begins_at"), [(100, 100, 101), (90, 100, 101), (100, 99, 0)])
async def test_a_log_is_another_one_only_where_it_ends_below_what_was_applied_before_it_was_asked(
    database: Database, stood_at: int, end: int, begins_at: int
) -> None:
    await stand_at(database, "group", stood_at)
    reader = Overtaken(database, "group", end)
    consumer = Consumer(database, name="group", instance="0", bootstrap="", topics=["facts"], apply=apply)
    await consumer._seek(reader, "cluster", [TopicPartition("facts", 0)])
    assert reader.position == begins_at
