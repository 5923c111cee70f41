"""The store is a function of rows: whatever order topics, batches and workers bring, the same log gives the same hash."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.agenda.v1 import item_pb2
from services.agenda.projection import statements as rows
from services.agenda.projection.apply import apply_batch
from services.agenda.upkeep.store_hash import store_hash
from services.kit.database import Connection
from tests.agenda_log import SOURCES, FactLog, LogRecord
from tests.integration.agenda.conftest import Store

TABLES = "event, agenda_item, source_link, consumer_offset, dead_letter, version_gap, search_todo, item_todo, agenda_search"
KINDS = ["source", "source", "item", "link", "link", "unlink", "merge", "again"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=30)


def log_of(steps: Sequence[tuple[str, int, int]]) -> FactLog:
    """A log in which few sources and few items meet often."""
    log = FactLog()
    for number, (step, source, item) in enumerate(steps):
        service, source_id = SOURCES[source % 4], UUID(f"00000000-0000-4000-8000-{source + 1:012x}")
        agenda_id = UUID(f"00000000-0000-7000-8000-{item + 1:012x}")
        if step == "source" or (step in {"link", "unlink"} and source_id not in log.services):
            log.source(service, source_id, title=f"제목 {number}", text=f"본문 {number}")
        elif step == "item" or (step in {"link", "unlink"} and agenda_id not in log.services):
            log.item(agenda_id, title=f"의제 {number}", themes=[f"주제 {number % 3}"])
        elif step == "merge" and number % 3:
            log.item(agenda_id, title=f"의제 {number}", merged_into=f"00000000-0000-7000-8000-{(item + 1) % 3 + 1:012x}")
        elif step in {"link", "unlink"}:
            log.link(agenda_id, source_id, removed=step == "unlink", relation=item_pb2.RELATION_RAISED + number % 5)
        elif log.records:
            log.again(random.Random(number).choice([record for records in log.everything() for record in records]))
    return log


def shuffled(log: FactLog, chance: random.Random) -> Iterator[list[LogRecord]]:
    """The log as some worker may get it: partitions interleaved, in batches of any size, each in its own order."""
    left = log.everything()
    while left:
        records = chance.choice(left)
        taken = chance.randint(1, 4)
        yield records[:taken]
        del records[:taken]
        left = [records for records in left if records]


async def emptied(connection: Connection) -> Connection:
    await connection.execute(f"TRUNCATE {TABLES}")
    return connection


async def hashed(connection: Connection) -> str:
    async with connection.transaction():
        return await store_hash(connection)


async def in_order(connection: Connection, log: FactLog) -> str:
    await emptied(connection)
    for batch in log.everything():
        await apply_batch(connection, batch)
    return await hashed(connection)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 2**32))
async def test_any_interleaving_gives_the_same_store(connection: Connection, steps: list[tuple[str, int, int]], seed: int) -> None:
    log = log_of(steps)
    expected, chance = await in_order(connection, log), random.Random(seed)
    await emptied(connection)
    for batch in shuffled(log, chance):
        await apply_batch(connection, batch)
        if chance.random() < 0.2:
            await apply_batch(connection, batch)
    assert await hashed(connection) == expected


def busy_log(seed: int) -> FactLog:
    chance = random.Random(seed)
    kinds = ["source", "link", "unlink", "link"]
    return log_of(
        [("item", 0, number) for number in range(3)] + [(chance.choice(kinds), chance.randrange(5), chance.randrange(3)) for _ in range(60)]
    )


async def by_two_workers(store: Store, log: FactLog, seed: int) -> str:
    """Each has half of the partitions, as after a rebalance; both go as fast as they can."""
    partitions, chance = log.everything(), random.Random(seed)
    chance.shuffle(partitions)

    async def work(mine: list[list[LogRecord]]) -> None:
        connection = await store.connect()
        half = FactLog(records={(records[0].topic, records[0].partition): records for records in mine})
        for batch in shuffled(half, random.Random(seed)):
            await apply_batch(connection, batch)

    await asyncio.gather(work(partitions[::2]), work(partitions[1::2]))
    return await hashed(await store.connect())


async def differences(store: Store, rounds: int) -> int:
    """In how many rounds two workers left something else than one."""
    connection, found = await store.connect(), 0
    for seed in range(rounds):
        log = busy_log(seed)
        expected = await in_order(connection, log)
        await emptied(connection)
        found += await by_two_workers(store, log, seed) != expected
    return found


async def test_two_workers_leave_what_one_leaves(store: Store) -> None:
    assert await differences(store, 12) == 0


class Race:
    """A source changes and is linked at the same moment, by two workers."""

    def __init__(self, store: Store) -> None:
        self._store, self.linked = store, asyncio.Event()
        self._log = FactLog()
        self._source, self._item = self._log.proposal(themes=["처음"]), self._log.item()

    async def prepare(self) -> None:
        """Apply what stands before it, and keep what one worker would leave in the end."""
        before = self._log.everything()
        self._log.proposal(self._source, themes=["나중"])
        self._link = self._log.link(self._item, self._source)
        self._connection = await self._store.connect()
        self._expected = await in_order(self._connection, self._log)
        await emptied(self._connection)
        for batch in before:
            await apply_batch(self._connection, batch)

    async def run(self) -> bool:
        """Whether two workers leave the same."""
        partitions = {batch[-1].key: batch for batch in self._log.everything()}
        change, link = partitions[str(self._source).encode()][-1:], partitions[str(self._link).encode()][-1:]
        await asyncio.gather(apply_batch(await self._store.connect(), change), self._link_later(await self._store.connect(), link))
        return await hashed(self._connection) == self._expected

    async def _link_later(self, connection: Connection, link: list[LogRecord]) -> None:
        await asyncio.sleep(0.05)
        await apply_batch(connection, link)
        self.linked.set()


async def test_a_source_that_changes_while_it_is_linked_leaves_no_item_stale(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    race, links_of = Race(store), rows.links_of
    await race.prepare()

    async def slow(*arguments: Any) -> list[tuple[UUID, UUID]]:
        await asyncio.sleep(0.2)
        return await links_of(*arguments)

    monkeypatch.setattr(rows, "links_of", slow)
    assert await race.run()


async def test_links_that_are_read_before_the_lock_are_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    race, upsert_items, links_of = Race(store), rows.upsert_items, rows.links_of
    known: dict[Connection, list[tuple[UUID, UUID]]] = {}
    await race.prepare()

    async def hasty(connection: Connection, items: Any) -> None:
        if any(row.source_version > 1 for row in items.values()):
            known[connection] = await links_of(connection, items)
            await asyncio.wait_for(race.linked.wait(), 20)
        await upsert_items(connection, items)

    async def remembered(connection: Connection, sources: Any) -> list[tuple[UUID, UUID]]:
        return known.pop(connection) if connection in known else await links_of(connection, sources)

    monkeypatch.setattr(rows, "upsert_items", hasty)
    monkeypatch.setattr(rows, "links_of", remembered)
    assert not await race.run()


async def test_a_batch_that_is_left_out_is_noticed(connection: Connection) -> None:
    log = log_of([("source", 0, 0), ("source", 1, 0)])
    expected = await in_order(connection, log)
    await emptied(connection)
    await apply_batch(connection, log.everything()[0])
    assert await hashed(connection) != expected


async def test_a_ledger_without_a_key_is_noticed(connection: Connection) -> None:
    log = log_of([("source", 0, 0), ("again", 0, 0)])
    expected = await in_order(connection, log)
    await emptied(connection)
    await connection.execute("ALTER TABLE event DROP CONSTRAINT event_pkey")
    (batch,) = log.everything()
    rows_without_key = rows.INSERT_EVENTS.replace("ON CONFLICT (aggregate_id, version) DO NOTHING", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "INSERT_EVENTS", rows_without_key)
        for record in batch:
            await apply_batch(connection, [record])
    assert await hashed(connection) != expected
