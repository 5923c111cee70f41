"""The log into the store, against what database and broker can do at best; same events for all, every result checked."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any, TypeAlias

import asyncpg
from aiokafka import AIOKafkaProducer

from benchmarks.generator import Generator
from benchmarks.plain import PlainUpsert
from benchmarks.rounds import Row, Run, Size, alternate, note
from benchmarks.stacks import real_stack, surroundings
from services.agenda.projection.apply import apply_batch
from services.agenda.projection.log_ends import ends_of, log_reader, partitions
from services.agenda.upkeep.rebuild import Rebuilder, Report
from services.agenda.upkeep.store_hash import store_hash
from services.kit.database import Database
from tests.serving import free_address
from tests.stack import RealStack

CHUNK, BATCH, LIMIT_S = 5_000, 2_000, 300.0
Direct: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def measure(size: Size) -> list[Row]:
    """Five ways, one log."""
    async with real_stack() as stack:
        course = Course(stack, await produce(stack.bootstrap, size.events))
        await course.prepare()
        ways: dict[str, Run] = {
            "copy": course.copy, "plain": course.plain, "apply_batch": course.apply_batch, "live": course.live, "rebuild": course.rebuild,
        }  # fmt: skip
        found = await alternate(ways, size.rounds)
        await course.end()
    copy, plain = "COPY of the final rows, same indexes, no Kafka", "plain aiokafka → COPY → guarded upsert, one table"
    return [
        Row("projector, apply_batch from Kafka", "events/s", found["apply_batch"], copy, found["copy"], (0.45, 0.60), their_unit="rows/s"),
        Row("projector, apply_batch from Kafka", "events/s", found["apply_batch"], plain, found["plain"]),
        Row("projector, live (Faust)", "events/s", found["live"], plain, found["plain"], (0.4, 0.6)),
        Row("projector, live (Faust)", "events/s", found["live"], copy, found["copy"], their_unit="rows/s"),
        Row("rebuild, search rows and hashes included", "events/s", found["rebuild"], plain, found["plain"]),
        Row("rebuild, search rows and hashes included", "events/s", found["rebuild"], copy, found["copy"], their_unit="rows/s"),
    ]


async def produce(bootstrap: str, events: int) -> int:
    """Write the log; answers how many records it has."""
    log = Generator(seed=1).log(events)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, compression_type="lz4") as producer:
        acks = [await producer.send(record.topic, record.value, key=record.key, headers=record.headers) for record in log]
        await asyncio.gather(*acks)
    note(f"  {len(log):,} events, {sum(len(record.value) for record in log) / len(log):.0f} bytes of payload each")
    return len(log)


class Course:
    """One log and the ways to apply it; each answers what it did in a second."""

    def __init__(self, stack: RealStack, events: int) -> None:
        self._stack, self._events = stack, events
        self._reference, self._hash, self._sources = "", "", ""
        self._chunks: list[bytes] = []
        self._rows = 0

    async def prepare(self) -> None:
        """The store as it must be, and its rows for whoever only copies."""
        self._reference = await self._stack.fresh_database("agenda")
        await self._applied(self._reference, apply_batch)
        async with direct(self._reference) as connection:
            self._hash, self._sources = await _hashed(connection), await _sources(connection)
            self._rows = await connection.fetchval("SELECT count(*) FROM agenda_item")
            for start in range(0, self._rows, CHUNK):
                out = BytesIO()
                query = f"SELECT * FROM agenda_item ORDER BY own_raised_at, agenda_id OFFSET {start} LIMIT {CHUNK}"
                await connection.copy_from_query(query, output=out, format="binary")
                self._chunks.append(out.getvalue())

    async def end(self) -> None:
        """Forget the reference."""
        await self._stack.drop_database(self._reference)

    async def copy(self) -> float:
        """The final rows, 5,000 at a time."""
        async with self._fresh() as dsn, direct(dsn) as connection:
            began = time.perf_counter()
            for chunk in self._chunks:
                await connection.copy_to_table("agenda_item", source=BytesIO(chunk), format="binary")
            seconds = time.perf_counter() - began
        return self._rows / seconds

    async def plain(self) -> float:
        """What somebody would write who wants one table and nothing else."""
        async with self._fresh() as dsn:
            upsert = PlainUpsert()
            seconds = await self._applied(dsn, upsert.apply)
            async with direct(dsn) as connection:
                assert await _sources(connection) == self._sources, "the plain upsert ended otherwise"
        return self._events / seconds

    async def apply_batch(self) -> float:
        """The projector's own function."""
        async with self._fresh() as dsn:
            seconds = await self._applied(dsn, apply_batch)
            await self._check(dsn)
        return self._events / seconds

    async def live(self) -> float:
        """The projector's process, from the first record it applies to the last."""
        async with self._fresh() as dsn:
            command, environment = surroundings(self._stack, "agenda-projector", database_url=dsn, metrics_listen=free_address())
            process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
            try:
                async with asyncio.timeout(LIMIT_S), direct(dsn) as connection:
                    seconds = await _watched(connection, self._events)
            finally:
                process.kill()
                await process.wait()
            await self._check(dsn)
        return self._events / seconds

    async def rebuild(self) -> float:
        """`madang agenda rebuild --shadow` over the reference."""
        store = Database(self._reference, name="bench", settings={"search_path": "store"})
        await store.open()
        async for step in Rebuilder(store, self._stack.bootstrap).run(swap=False, accept_difference=False):
            if isinstance(step, Report):
                assert step.equal, "the rebuild ended otherwise"
                report = step
        await store.close()
        return report.events / report.seconds

    async def _applied(self, dsn: str, apply: Callable[[Any, Sequence[Any]], Awaitable[object]]) -> float:
        """Read the whole log through one consumer and one connection; answers the seconds from the first fetch to the last commit."""
        places = await partitions(self._stack.bootstrap)
        async with direct(dsn) as connection, log_reader(self._stack.bootstrap, max_partition_fetch_bytes=4 * 1024 * 1024) as reader:
            ends = await ends_of(reader, places)
            reader.assign(places)
            for place in places:
                reader.seek(place, 0)
            left, began = sum(ends.values()), time.perf_counter()
            while left:
                fetched = await reader.getmany(timeout_ms=1_000, max_records=BATCH)
                records = [record for batch in fetched.values() for record in batch]
                if records:
                    await apply(connection, records)
                left -= len(records)
            return time.perf_counter() - began

    async def _check(self, dsn: str) -> None:
        async with direct(dsn) as connection:
            assert await _hashed(connection) == self._hash, "the store ended otherwise"

    @asynccontextmanager
    async def _fresh(self) -> AsyncIterator[str]:
        dsn = await self._stack.fresh_database("agenda")
        try:
            yield dsn
        finally:
            await self._stack.drop_database(dsn)


@asynccontextmanager
async def direct(dsn: str, schema: str = "store") -> AsyncIterator[Direct]:
    """A connection for which the store's names stand in front, or another schema's."""
    connection = await Database(dsn, name="bench", settings={"search_path": schema}).direct()
    try:
        yield connection
    finally:
        await connection.close()


async def _watched(connection: Direct, events: int) -> float:
    """The seconds from the last look at which nothing was applied to the first at which everything was."""
    began = time.perf_counter()
    while True:
        now = time.perf_counter()
        applied = await connection.fetchval("SELECT coalesce(sum(next_offset), 0) FROM consumer_offset")
        if not applied:
            began = now
        if applied >= events:
            return now - began
        await asyncio.sleep(0.02)


async def _hashed(connection: Direct) -> str:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await store_hash(connection)


async def _sources(connection: Direct) -> str:
    """What both tables say about sources: which, at which version, in which words."""
    return str(
        await connection.fetchval(
            """SELECT md5(string_agg(md5(concat(agenda_id, source_version, title, body)), '' ORDER BY agenda_id))
               FROM agenda_item WHERE source_version > 0"""
        )
    )
