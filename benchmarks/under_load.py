"""How far the agenda lags, and how long searches take, while 500 events a second arrive at a store that is full already."""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import UUID

from aiokafka import AIOKafkaProducer

from benchmarks.filled import Filled
from benchmarks.freshness import FOUND, LISTED
from benchmarks.generator import MIX, Generator, Produced
from benchmarks.projector import direct
from benchmarks.rounds import Row, Series, note, percentile
from benchmarks.search import PAGE, Find, finder
from benchmarks.words import queries
from services.agenda.queries.item import AgendaQueries
from services.kit.envelope import from_headers
from services.kit.ids import agenda_id_of

RATE, SECONDS, LIMIT_S, LOOK_S, PAUSE_S = 500, 30.0, 120.0, 0.02, 0.1
EVERY = 20  # one source of so many is watched: looking costs too
WATCHED = {*MIX} - {"voices"}  # a voice may be taken back before it is found


async def under_load(store: Filled, agenda: AgendaQueries) -> list[Row]:
    """p99 from the log's acknowledgement to the list and to the search; the p95 of searches meanwhile against the time before."""
    find, words = finder(agenda), cycle(queries(2))
    await store.start("agenda-server")
    async with direct(store.dsn) as connection:
        while await connection.fetchval("SELECT count(*) FROM item_todo"):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.1)
    before = await _searches(find, words, lambda taken: taken < 40)
    load = Load(store)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        work = tasks.create_task(load.run())
        under = await _searches(find, words, lambda _: not work.done())
    note(f"  {len(load.taken()[1])} sources watched, {len(under)} searches")
    return [row for name, share in (("median", 0.5), ("p99", 0.99)) for row in _lag(load, name, share)] + [
        Row(f"searches meanwhile, {name}", "ms", Series([percentile(under, share)]), "before", Series([percentile(before, share)]),
            less_is_better=True)
        for name, share in (("median", 0.5), ("p95", 0.95))
    ]  # fmt: skip


def _lag(load: "Load", name: str, share: float) -> Iterator[Row]:
    arrived, *seen = (Series([percentile(taken, share)]) for taken in load.taken())
    for what, series in zip(("listed", "found by its words"), seen, strict=True):
        yield Row(f"{RATE} events/s: sent to {what}, {name}", "ms", series, "sent to acknowledged", arrived, less_is_better=True)


async def _searches(find: Find, words: Iterator[str], goes_on: Callable[[int], bool]) -> list[float]:
    """One after the other, with a pause: an office's worth of readers."""
    taken: list[float] = []
    while goes_on(len(taken)):
        began = time.perf_counter()
        await find(next(words), PAGE)
        taken.append((time.perf_counter() - began) * 1e3)
        await asyncio.sleep(PAUSE_S)
    return taken


class Load:
    """Events at an even rate, some of them followed to the list and the search."""

    def __init__(self, store: Filled) -> None:
        self._store = store
        self._sent: dict[UUID, float] = {}
        self._seen: tuple[dict[UUID, float], ...] = ({}, {}, {})
        self._is_over = False

    async def run(self) -> None:
        """Until everything that was watched has been seen."""
        async with asyncio.TaskGroup() as tasks:
            for query, seen in zip((LISTED, FOUND), self._seen[1:], strict=True):
                tasks.create_task(self._watch(query, seen))
            await self._send()
            self._is_over = True

    def taken(self) -> list[list[float]]:
        """The times in ms from sending: to the log, listed, found."""
        return [[(seen[identity] - at) * 1e3 for identity, at in self._sent.items()] for seen in self._seen]

    async def _send(self) -> None:
        log = iter(Generator(seed=4).log(int(RATE * SECONDS)))
        async with AIOKafkaProducer(bootstrap_servers=self._store.stack.bootstrap) as producer, asyncio.TaskGroup() as acks:
            began = time.perf_counter()
            for number, record in enumerate(log):
                await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
                acks.create_task(self._one(producer, record, is_watched=number % EVERY == 0))

    async def _one(self, producer: AIOKafkaProducer, record: Produced, *, is_watched: bool) -> None:
        began = time.perf_counter()
        await producer.send_and_wait(record.topic, record.value, key=record.key, headers=record.headers)
        service = record.topic.split(".")[1]
        agenda_id = agenda_id_of(service, UUID(record.key.decode()))
        if is_watched and service in WATCHED and from_headers(record.headers).version == 1:
            self._seen[0][agenda_id], self._sent[agenda_id] = time.perf_counter(), began

    async def _watch(self, query: str, seen: dict[UUID, float]) -> None:
        async with direct(self._store.dsn) as store:
            while not self._is_over or len(seen) < len(self._sent):
                waiting = [identity for identity in self._sent if identity not in seen]
                for row in await store.fetch(query, waiting):
                    seen[row["agenda_id"]] = time.perf_counter()
                await asyncio.sleep(LOOK_S)
