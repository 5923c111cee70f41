"""The projector's own process on a real broker: killed, doubled, held; and a rebuild beside it."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from services.agenda.projection.apply import CONSUMER
from services.agenda.projection.breaker import Holds
from services.agenda.upkeep.rebuild import Rebuilder, Report
from services.agenda.upkeep.store_hash import store_hash
from services.kit.database import Connection, Database
from services.kit.offsets import next_offsets
from services.local import keys
from tests.agenda_log import FactLog
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_order import in_order
from tests.serving import free_address
from tests.stack import RealStack


class Bench:
    """A broker and a store of their own, a log that grows, and workers as a supervisor keeps them."""

    def __init__(self, stack: RealStack, dsn: str, folder: Path, process: str = "projector") -> None:
        self.stack, self.dsn, self.folder, self.log, self.process = stack, dsn, folder, FactLog(), process
        self.settings: dict[str, str] = {}
        self._sent: dict[tuple[str, int], int] = {}
        self.pids: dict[int, int] = {}
        self.ended: dict[int, int] = {}
        keys.prepare(stack.stack.layout)

    async def send(self) -> None:
        """Send what was published since, each partition in its order."""
        producer = AIOKafkaProducer(bootstrap_servers=self.stack.bootstrap, acks="all", enable_idempotence=True)
        await producer.start()
        try:
            acks = []
            for place, records in self.log.records.items():
                for record in records[self._sent.get(place, 0) :]:
                    headers = list(record.headers)
                    acks.append(await producer.send(place[0], record.value, key=record.key, partition=place[1], headers=headers))
                self._sent[place] = len(records)
            await asyncio.gather(*acks)
        finally:
            await producer.stop()

    @asynccontextmanager
    async def worker(self, instance: int) -> AsyncIterator[None]:
        """A worker that comes back whenever it ends."""
        keeper = asyncio.create_task(self._keep(instance))
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self, instance: int) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")} | {
            "MADANG_DATABASE_URL": self.dsn, "MADANG_KAFKA_BOOTSTRAP_SERVERS": self.stack.bootstrap, "MADANG_INSTANCE": str(instance),
            "MADANG_METRICS_LISTEN": free_address(), "MADANG_JWKS_FILE": str(keys.jwks(self.stack.stack.layout)),
            "MADANG_SIGNING_KEY_FILE": str(keys.signing_key(self.stack.stack.layout)), **self.settings,
        }  # fmt: skip
        while True:
            with (self.folder / f"worker-{instance}.log").open("ab") as out:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "services.agenda", self.process, env=environment, stdout=out, stderr=out
                )
            self.pids[instance] = process.pid
            try:
                await process.wait()
            except asyncio.CancelledError:
                process.send_signal(signal.SIGTERM)
                self.ended[instance] = await asyncio.wait_for(process.wait(), 20)
                raise
            await asyncio.sleep(0.2)

    def kill(self, instance: int) -> None:
        os.kill(self.pids[instance], signal.SIGKILL)

    async def killed_and_doubled(
        self, rounds: int, chance: random.Random, more: Callable[[int], None], settled: Callable[[], Awaitable[object]]
    ) -> None:
        """One worker that is killed while the log grows, round by round, then a second one that is; until everything has settled."""
        async with self.worker(0):
            for number in range(rounds):
                more(number)
                sending = asyncio.create_task(self.send())
                await asyncio.sleep(chance.random() * 2)
                self.kill(0)
                await sending
            async with self.worker(1):
                more(99)
                await self.send()
                await asyncio.sleep(1)
                self.kill(1)
                await settled()

    async def applied(self, connection: Connection, timeout_s: float = 60) -> None:
        """Until everything that was sent is applied."""
        await until(lambda: self._is_applied(connection), timeout_s)

    async def _is_applied(self, connection: Connection) -> bool:
        offsets = {
            (row["topic"], row["partition"]): row["next_offset"]
            for row in await connection.fetch("SELECT topic, partition, next_offset FROM consumer_offset")
        }
        return all(offsets.get(place, 0) >= sent for place, sent in self._sent.items())

    async def hash(self) -> str:
        database = await self.open()
        try:
            async with database.transaction(isolation="repeatable_read") as connection:
                return await store_hash(connection)
        finally:
            await database.close()

    async def open(self) -> Database:
        database = Database(self.dsn, name="test", settings={"search_path": "store"})
        await database.open()
        return database

    async def rebuilt(self, **wish: bool) -> Report:
        database = await self.open()
        try:
            wanted = {"swap": False, "accept_difference": False} | wish
            steps = [step async for step in Rebuilder(database, self.stack.bootstrap).run(**wanted)]
        finally:
            await database.close()
        assert isinstance(steps[-1], Report)
        return steps[-1]


async def until(condition: Callable[[], Awaitable[bool]], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not await condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.1)


def grow(log: FactLog, seed: int, facts: int) -> None:
    """More facts about few aggregates, so that versions matter."""
    chance = random.Random(seed)
    sources = [identity for identity, service in log.services.items() if service != "agenda"]
    items = [log.item() for _ in range(2)]
    for number in range(facts):
        step = chance.random()
        if step < 0.5 or not sources:
            sources.append(log.source(chance.choice(("voices", "council", "workshops", "proposals")), title=f"새 {number}"))
        elif step < 0.8:
            source = chance.choice(sources)
            log.source(log.services[source], source, title=f"다시 {number}")
        else:
            log.link(chance.choice(items), chance.choice(sources), removed=chance.random() < 0.3)


@pytest.fixture(scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    stack = RealStack()
    try:
        await asyncio.gather(stack.start_database(), stack.start_broker())
        yield Bench(stack, await stack.fresh_database("agenda"), tmp_path_factory.mktemp("workers"))
    finally:
        await stack.end()


@pytest.fixture
async def store_connection(bench: Bench) -> AsyncIterator[Connection]:
    store = Store(bench.dsn)
    yield await store.connect()
    await store.end()


async def reference(bench: Bench) -> str:
    """What one worker that reads each partition through would leave."""
    store = Store(await bench.stack.fresh_database("agenda"))
    try:
        return await in_order(await store.connect(), bench.log)
    finally:
        await store.end()


async def test_workers_that_are_killed_and_doubled_apply_every_event_once(bench: Bench, store_connection: Connection) -> None:
    await bench.killed_and_doubled(5, random.Random(11), lambda seed: grow(bench.log, seed, 800), lambda: bench.applied(store_connection))
    events: Any = await store_connection.fetchrow(
        "SELECT count(*) AS events, (SELECT sum(applied) FROM consumer_offset) AS applied FROM event"
    )
    assert events["events"] == events["applied"] == sum(len(records) for records in bench.log.records.values())
    assert await bench.hash() == await reference(bench)


async def test_a_rebuild_is_equal_and_a_damaged_store_is_replaced_on_demand_while_workers_go_on(
    bench: Bench, store_connection: Connection
) -> None:
    async with bench.worker(0):
        assert (await bench.rebuilt()).equal
        await store_connection.execute(
            "UPDATE agenda_item SET title = 'damaged' WHERE agenda_id = (SELECT agenda_id FROM agenda_item LIMIT 1)"
        )
        unequal = await bench.rebuilt(swap=True)
        assert (unequal.equal, unequal.swapped) == (False, False)
        grow(bench.log, 7, 300)
        sending = asyncio.create_task(bench.send())
        replaced = await bench.rebuilt(swap=True, accept_difference=True)
        await sending
        assert (replaced.equal, replaced.swapped) == (False, True)
        grow(bench.log, 8, 300)
        await bench.send()
        await bench.applied(store_connection)
    assert await bench.hash() == await reference(bench)
    assert (await bench.rebuilt()).equal


async def test_a_topic_that_cannot_be_read_is_held_until_it_is_released_and_the_others_go_on(
    bench: Bench, store_connection: Connection
) -> None:
    poisoned = bench.log.voice()
    for _ in range(100):
        bench.log.append("madang.voices.facts.v1", poisoned, b"\xff\xff", [])
    other = bench.log.proposal(title="그래도")
    database = await bench.open()
    try:
        async with bench.worker(0):
            await bench.send()
            await until(lambda: _holds(store_connection, "SELECT EXISTS (SELECT FROM topic_hold WHERE released_at IS NULL)"))
            await until(lambda: _holds(store_connection, "SELECT EXISTS (SELECT FROM event WHERE aggregate_id = $1)", other))
            assert await store_connection.fetchval("SELECT count(*) FROM dead_letter") == 0
            assert await Holds(database, bench.stack.bootstrap).release("madang.voices.facts.v1") == 1
            await bench.applied(store_connection)
            assert await store_connection.fetchval("SELECT count(*) FROM dead_letter") == 100
    finally:
        await database.close()
    assert (await bench.rebuilt()).equal


async def test_a_broker_that_lost_its_data_is_noticed_and_what_is_sent_again_has_no_effect(
    bench: Bench, store_connection: Connection, tmp_path: Path
) -> None:
    before, empty = await bench.hash(), RealStack()
    letters = await store_connection.fetchval("SELECT count(*) FROM dead_letter")
    await empty.start_broker()
    try:
        again = Bench(empty, bench.dsn, tmp_path)
        again.log = bench.log
        async with again.worker(0):
            await until(lambda: _holds(store_connection, "SELECT bool_and(next_offset = 0) FROM consumer_offset"))
            await again.send()
            await again.applied(store_connection)
        assert "the log is another one" in (tmp_path / "worker-0.log").read_text()
    finally:
        await empty.end()
    assert await bench.hash() == before
    assert await store_connection.fetchval("SELECT count(*) FROM dead_letter") == letters
    await store_connection.execute("UPDATE consumer_offset SET next_offset = 0")


async def test_a_heartbeat_says_up_to_when_the_store_is_complete(bench: Bench, store_connection: Connection) -> None:
    async with bench.worker(0):
        before = await store_connection.fetchval("SELECT clock_timestamp()")
        await until(lambda: _holds(store_connection, "SELECT as_of > $1 FROM progress WHERE name = 'projector'", before))


async def test_kafka_is_told_where_postgresql_stands(bench: Bench, store_connection: Connection) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bench.stack.bootstrap)
    await admin.start()

    async def is_told() -> bool:
        committed = await admin.list_consumer_group_offsets(CONSUMER)
        told = {(place.topic, place.partition): found.offset for place, found in committed.items()}
        applied = await next_offsets(store_connection, CONSUMER)
        return bool(applied) and all(told.get(place) == offset for place, offset in applied.items() if offset)

    try:
        async with bench.worker(0):
            await bench.applied(store_connection)
            await until(is_told, 30)
    finally:
        await admin.close()


async def test_a_worker_that_is_asked_to_end_ends_cleanly(bench: Bench, store_connection: Connection) -> None:
    async with bench.worker(0):
        await until(
            lambda: _holds(store_connection, "SELECT at > clock_timestamp() - interval '1 s' FROM progress WHERE name = 'projector'")
        )
    assert bench.ended[0] == 0


async def _holds(connection: Connection, question: str, *values: Any) -> bool:
    return bool(await connection.fetchval(question, *values))
