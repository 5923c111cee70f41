"""A rebuild: the log from its beginning into a shadow of the store, compared by hash at equal offsets, and put in place if wanted.

The live store goes on all the while. A swap locks both tables of offsets, so that whoever is applying a batch is waited for, and
nobody begins one between the comparison and the renaming.
"""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.agenda.projection.apply import CONSUMER, apply_batch
from services.agenda.projection.log_ends import ends_of, log_reader
from services.agenda.search.worker import refresh_some
from services.agenda.upkeep.store_hash import store_hash
from services.kit.consumer import cluster_id
from services.kit.database import Connection, Database
from services.kit.errors import Kind, Refused, wrong_state

log = structlog.get_logger()
LIVE, SHADOW, OLD = "store", "store_shadow", "store_old"
LOCK = 0x72656275696C64  # one rebuild a database: "rebuild" as a number
ROUNDS, BATCH = 5, 2_000
Direct: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Offsets = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Progress:
    """Records replayed, of how many."""

    events: int
    expected: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a rebuild found."""

    events: int
    seconds: float
    live_sha256: str
    rebuilt_sha256: str
    swapped: bool = False

    @property
    def equal(self) -> bool:
        """Whether both stores are the same."""
        return self.live_sha256 == self.rebuilt_sha256


class Rebuilder:
    """Rebuilds the store; `store` leads to it."""

    def __init__(self, store: Database, bootstrap: str) -> None:
        self._store, self._bootstrap = store, bootstrap

    async def run(self, *, swap: bool, accept_difference: bool) -> AsyncIterator[Progress | Report]:
        """Progress, and at last the report.

        Raises:
            Refused: REBUILD_RUNS, or LOG_INCOMPLETE where the log no longer begins at 0 or ends before the store's offsets.
        """
        began = time.monotonic()
        shadow = await self._store.direct(search_path=SHADOW)
        try:
            if not await shadow.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                raise Refused(Kind.UNAVAILABLE, "REBUILD_RUNS", "another rebuild is under way")
            await _make_shadow(shadow)
            target, live_hash = await self._live()
            events, expected = 0, sum(target.values())
            async for applied in self._replay(shadow, target):
                events += applied
                yield Progress(events, expected)
            async with shadow.transaction(isolation="repeatable_read", readonly=True):
                report = Report(events, time.monotonic() - began, live_hash, await store_hash(shadow))
            if swap and (report.equal or accept_difference):
                await self._swap(shadow)
                report = Report(events, time.monotonic() - began, live_hash, report.rebuilt_sha256, swapped=True)
            await shadow.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
            yield report
        finally:
            shadow.terminate()

    async def _live(self) -> tuple[Offsets, str]:
        """The live store's offsets and hash, seen at one moment."""
        async with self._store.transaction(isolation="repeatable_read", readonly=True) as connection:
            return await _offsets(connection, LIVE), await store_hash(connection)

    async def _replay(self, shadow: Direct, target: Offsets) -> AsyncIterator[int]:
        """Bring the shadow to these offsets; answers how many records each step took."""
        async with log_reader(self._bootstrap, max_partition_fetch_bytes=4 * 1024 * 1024) as reader:
            await self._check_log(reader, target)
            begin = await _offsets(shadow, SHADOW)
            open_places = {place for place, end in target.items() if begin.get(place, 0) < end}
            reader.assign([TopicPartition(*place) for place in open_places])
            for place in open_places:
                reader.seek(TopicPartition(*place), begin.get(place, 0))
            while open_places:
                fetched = await reader.getmany(timeout_ms=1_000, max_records=BATCH)
                ends = {
                    (place.topic, place.partition)
                    for place in fetched
                    if await reader.position(place) >= target[place.topic, place.partition]
                }
                records = [
                    record for batch in fetched.values() for record in batch if record.offset < target[record.topic, record.partition]
                ]
                if records:
                    await apply_batch(shadow, records)
                    yield len(records)
                reader.pause(*(TopicPartition(*place) for place in ends))
                open_places -= ends

    async def _check_log(self, reader: AIOKafkaConsumer, target: Offsets) -> None:
        places = [TopicPartition(*place) for place in target]
        begins, ends = await reader.beginning_offsets(places), await ends_of(reader, places)
        cut = [f"{place.topic}/{place.partition}" for place, offset in begins.items() if offset > 0]
        short = [f"{topic}/{partition}" for (topic, partition), end in ends.items() if end < target[topic, partition]]
        if cut or short:
            raise wrong_state("LOG_INCOMPLETE", f"the log lacks what a rebuild needs: {', '.join([*cut, *short])}")

    async def _swap(self, shadow: Direct) -> None:
        """Bring the shadow to where the live store is, and rename both once they are at the same offsets.

        Search rows are made only here, since nothing of them is compared; the last ones are left to the search workers.
        """
        while await refresh_some(shadow):
            pass
        for _ in range(ROUNDS):
            async for _applied in self._replay(shadow, await _offsets(shadow, LIVE)):
                pass
            if await self._renamed(shadow):
                break
        else:
            raise Refused(Kind.UNAVAILABLE, "STORE_MOVES_ON", "the live store moved on each time; try again when less happens")
        with suppress(asyncpg.LockNotAvailableError):  # a long question still reads it; the next rebuild drops it
            await shadow.execute(f"DROP SCHEMA {OLD} CASCADE")

    async def _renamed(self, shadow: Direct) -> bool:
        cluster = await cluster_id(self._bootstrap)
        async with shadow.transaction():
            await shadow.execute(f"LOCK TABLE {LIVE}.consumer_offset, {SHADOW}.consumer_offset IN ACCESS EXCLUSIVE MODE")
            if await _offsets(shadow, LIVE) != await _offsets(shadow, SHADOW):
                return False
            await shadow.execute(f"UPDATE {SHADOW}.consumer_offset SET cluster_id = $1", cluster)
            for table in ("topic_hold", "progress"):
                await shadow.execute(f"INSERT INTO {SHADOW}.{table} SELECT * FROM {LIVE}.{table}")
            await shadow.execute(f"ALTER SCHEMA {LIVE} RENAME TO {OLD}")
            await shadow.execute(f"ALTER SCHEMA {SHADOW} RENAME TO {LIVE}")
        return True


async def _offsets(connection: Connection, schema: str) -> Offsets:
    rows = await connection.fetch(
        f"SELECT topic, partition, next_offset FROM {schema}.consumer_offset WHERE consumer = $1 AND next_offset > 0", CONSUMER
    )
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def _make_shadow(connection: Direct) -> None:
    """Empty tables like the live ones, whatever migrations have made of them; leftovers of an interrupted rebuild go."""
    async with connection.transaction():
        await connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
        await connection.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
        await connection.execute(f"CREATE SCHEMA {SHADOW}")
        for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", LIVE):
            await connection.execute(f"CREATE TABLE {SHADOW}.{row['tablename']} (LIKE {LIVE}.{row['tablename']} INCLUDING ALL)")
