"""A store of any size, filled as in life: facts to Kafka, the projector's process, the search's process; nothing is written by SQL."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiokafka import AIOKafkaProducer

from benchmarks.generator import Generator
from benchmarks.projector import Direct, direct
from benchmarks.rounds import note
from benchmarks.stacks import real_stack
from services.agenda.search.worker import CLEAN
from services.local import probe
from tests.stack import RealStack

FLUSH, LIMIT_S = 10_000, 3_600.0
APPLIED = "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset"
NEWEST = "SELECT max(last_event_at) FROM agenda_item"


@dataclass(frozen=True, slots=True)
class Filled:
    """A store and where it came from: so many listed items of so many events, the newest of which happened at `newest`."""

    stack: RealStack
    dsn: str
    items: int
    events: int
    newest: datetime
    apply_s: float
    search_s: float
    ready: dict[str, float]  # what each process held when it was ready, in MiB

    def peak(self, process: str) -> float:
        """The most memory that a process held so far, in MiB."""
        return _peak(self.stack, process)

    async def start(self, process: str) -> None:
        """One more process, until it is ready."""
        self.ready[process] = await _start(self.stack, process)


@asynccontextmanager
async def filled(items: int) -> AsyncIterator[Filled]:
    """A store with so many listed items and their search rows; projector and search go on running."""
    async with real_stack() as stack, direct(stack.dsn("agenda")) as store:
        ready = {"agenda-projector": await _start(stack, "agenda-projector")}
        began = time.perf_counter()
        events = await _produce(stack.bootstrap, items)
        note(f"  {events:,} events in the log after {time.perf_counter() - began:.0f} s")
        await _until(store, APPLIED, events)
        applied = time.perf_counter()
        note(f"  applied after {applied - began:.0f} s; projector {_peak(stack, 'agenda-projector'):.0f} MiB")
        await store.execute("TRUNCATE item_todo")  # for a publisher that does not run here
        ready["agenda-search"] = await _start(stack, "agenda-search")
        await _until(store, "SELECT (NOT EXISTS (SELECT FROM search_todo))::int", 1)
        ended = time.perf_counter()
        note(f"  searchable after {ended - applied:.0f} s more; search {_peak(stack, 'agenda-search'):.0f} MiB")
        await store.execute(CLEAN, timeout=LIMIT_S)
        await store.execute("VACUUM ANALYZE", timeout=LIMIT_S)
        listed = await store.fetchval("SELECT count(*) FROM agenda_item WHERE shown")
        newest = await store.fetchval(NEWEST)
        yield Filled(stack, stack.dsn("agenda"), listed, events, newest, applied - began, ended - applied, ready)


async def _start(stack: RealStack, process: str) -> float:
    """A process, until it is ready; answers what it holds then."""
    stack.stack.supervisor.begin(process)
    assert await probe.wait_for(lambda: probe.is_ready(stack.metrics_port(process)), 60), f"{process} is not ready"
    return _peak(stack, process)


async def _produce(bootstrap: str, items: int) -> int:
    """Write the log; answers how many records it has."""
    events = 0
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, compression_type="lz4", max_batch_size=256 * 1024) as producer:
        for record in Generator(seed=3).agenda(items):
            await producer.send(record.topic, record.value, key=record.key, headers=record.headers)
            events += 1
            if events % FLUSH == 0:
                await producer.flush()
        await producer.flush()
    return events


async def _until(store: Direct, query: str, value: int) -> None:
    async with asyncio.timeout(LIMIT_S):
        while await store.fetchval(query) < value:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.2)


def _peak(stack: RealStack, process: str) -> float:
    pid = stack.stack.server_pid(process)
    assert pid is not None, f"{process} is not running"
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024
