"""The relay: everything that was committed reaches Kafka, in order, whatever breaks; against a real database and a real broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.kit.database import Connection, Database
from services.kit.metrics import OUTBOX_AGE, OUTBOX_DEPTH
from services.kit.relay import Relay
from tests.integration.kit.conftest import MakeTopic


@pytest.fixture
async def database(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    opened = Database(await fresh_database("proposals"), name="test")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def topic(make_topic: MakeTopic) -> str:
    return await make_topic(4)


async def commit(connection: Connection, identity: UUID, revision: int, topic: str) -> int:
    """One save with its fact; answers the version."""
    row = await connection.fetchrow(
        "SELECT * FROM write_aggregate($1, 'thing', $2, $3, 'a.type', $4, $5, $6, $6, '')",
        identity, revision, uuid4(), topic, f"{identity}:{revision + 1}".encode(), uuid4(),
    )  # fmt: skip
    assert row is not None
    return int(row["version"])


@asynccontextmanager
async def running(database: Database, kafka: str) -> AsyncIterator[Relay]:
    relay = Relay(database, service="proposals", bootstrap=kafka)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def empty(database: Database, topic: str, within_s: float = 20) -> None:
    """Wait until the outbox holds nothing that could be sent."""
    async with asyncio.timeout(within_s):
        while True:
            async with database.connection() as connection:
                if not await connection.fetchval("SELECT count(*) FROM outbox WHERE topic = $1", topic):
                    return
            await asyncio.sleep(0.05)


async def sent(kafka: str, topic: str, identities: set[UUID]) -> list[Any]:
    """Every record of these aggregates that stands in the topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(4)]
        ends = await consumer.end_offsets(places)
        consumer.assign(places)
        for place in places:
            consumer.seek(place, 0)
        found: list[Any] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                found += [record for record in batch if UUID((record.key or b"").decode()) in identities]
        return found
    finally:
        await consumer.stop()


async def test_what_was_committed_is_sent_in_order_and_kept(database: Database, kafka: str, topic: str) -> None:
    things = [uuid4() for _ in range(20)]
    async with running(database, kafka) as relay:
        for revision in range(30):
            async with database.transaction() as connection:
                for thing in things:
                    await commit(connection, thing, revision, topic)
            relay.wake()
        await empty(database, topic)
    records = await sent(kafka, topic, set(things))
    for thing in things:
        versions = [dict(record.headers)["ce_sequence"] for record in records if record.key == str(thing).encode()]
        assert versions == [str(number).encode() for number in range(1, 31)]
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox_archive") == 600


async def test_a_relay_killed_again_and_again_skips_nothing_and_keeps_the_order(database: Database, kafka: str, topic: str) -> None:
    thing, revision = uuid4(), 0
    for _ in range(6):
        async with running(database, kafka) as relay:
            for _ in range(40):
                async with database.transaction() as connection:
                    revision = await commit(connection, thing, revision, topic)
                relay.wake()
            await asyncio.sleep(0.02)  # cancelled in the middle of its work
    async with running(database, kafka):
        await empty(database, topic)
    versions = [int(dict(record.headers)["ce_sequence"]) for record in await sent(kafka, topic, {thing})]
    first_seen = list(dict.fromkeys(versions))
    assert first_seen == list(range(1, 241))


async def test_two_relays_at_once_send_each_event_once(database: Database, kafka: str, topic: str) -> None:
    thing, revision = uuid4(), 0
    async with running(database, kafka), running(database, kafka):
        for _ in range(100):
            async with database.transaction() as connection:
                revision = await commit(connection, thing, revision, topic)
        await empty(database, topic)
    assert len(await sent(kafka, topic, {thing})) == 100


async def test_a_missing_topic_holds_back_its_own_events_only(database: Database, kafka: str, topic: str) -> None:
    held, free = uuid4(), uuid4()
    async with running(database, kafka):
        async with database.transaction() as connection:
            await commit(connection, held, 0, "madang.nobody.made.this.v1")
            await commit(connection, free, 0, topic)
        await empty(database, topic)
    async with database.connection() as connection:
        assert [row["aggregateid"] for row in await connection.fetch("SELECT aggregateid FROM outbox")] == [held]
    assert len(await sent(kafka, topic, {free})) == 1


async def test_numbers_follow_commits_of_one_aggregate(database: Database, topic: str) -> None:
    """Sixteen writers of one aggregate: a number drawn before the lock would put a later version first."""
    thing = uuid4()
    async with database.transaction() as connection:
        await commit(connection, thing, 0, topic)

    async def write() -> None:
        for _ in range(10):
            async with database.transaction() as connection:
                revision = await connection.fetchval("SELECT revision FROM aggregate WHERE id = $1 FOR UPDATE", thing)
                await commit(connection, thing, revision, topic)

    await asyncio.gather(*(write() for _ in range(16)))
    async with database.connection() as connection:
        versions = [
            row["version"] for row in await connection.fetch("SELECT version FROM outbox WHERE aggregateid = $1 ORDER BY sequence", thing)
        ]
    assert versions == list(range(1, 162))


async def test_a_paused_relay_loses_its_place(database: Database) -> None:
    """The server ends a session that holds the lock and does nothing; here after 1 s instead of 15."""
    holder = await database.direct(idle_session_timeout="1s")
    assert await holder.fetchval("SELECT pg_try_advisory_lock(1)")
    await asyncio.sleep(1.5)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT pg_try_advisory_lock(1)")
        await connection.execute("SELECT pg_advisory_unlock_all()")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await holder.fetchval("SELECT 1")


async def test_what_waits_is_measured_while_no_broker_answers(database: Database, topic: str) -> None:
    """The gauges are the process's: another test's relay may set them too, so that this one's word is waited for."""
    async with database.transaction() as connection:
        await commit(connection, uuid4(), 0, topic)
    async with running(database, "127.0.0.1:1"), asyncio.timeout(30):
        while (OUTBOX_DEPTH._value.get(), OUTBOX_AGE._value.get() > 1) != (1, True):  # noqa: ASYNC110 - a gauge tells nobody
            await asyncio.sleep(0.01)
