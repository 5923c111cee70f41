"""From commit to visible: how long until what was just said stands on the agenda, at half of the load that the stack can take."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer

from benchmarks.commands import CLIENTS, drained, request
from benchmarks.projector import direct
from benchmarks.rounds import Row, Series, Size, note, percentile
from benchmarks.stacks import closed_loop, metadata, real_stack
from madang.proposals.v1 import proposals_pb2_grpc
from services.kit.grpc_client import open_channel
from services.kit.ids import agenda_id_of
from tests.stack import RealStack

Submit = Callable[[int], Awaitable[UUID]]
TOPIC, LIMIT_S, LOOK_S = "madang.proposals.facts.v1", 60.0, 0.005
EVERY = 4  # one of so many is watched: looking costs too
COMMITTED = """
    SELECT aggregateid, extract(epoch FROM "timestamp")::float8 AS at FROM outbox_archive WHERE aggregateid = ANY ($1::uuid[])"""
LISTED = "SELECT agenda_id FROM agenda_item WHERE agenda_id = ANY ($1::uuid[])"
SEARCHABLE = "SELECT count(*) FROM agenda_search WHERE folded <> ''"
FOUND = "SELECT agenda_id FROM agenda_search WHERE agenda_id = ANY ($1::uuid[]) AND folded <> ''"


async def measure(size: Size) -> list[Row]:
    """p99 in ms, against the p99 of the same events' mere arrival in Kafka."""
    async with real_stack("proposals", "agenda-projector", "agenda-search") as stack, open_channel(stack.addresses["proposals"]) as channel:
        stub: Any = proposals_pb2_grpc.ProposalServiceStub(channel)
        caller = metadata(stack)

        async def submit(_number: int) -> UUID:
            answer = await stub.SubmitProposal(request(str(uuid4())), metadata=caller)
            return UUID(answer.written.id)

        await sustained(stack, submit, size.seconds)  # warms up
        rate = await sustained(stack, submit, 2 * size.seconds) / 2
        note(f"  half load: {rate:.0f} commands/s")
        rounds = [await Round(stack, submit, rate, 2 * size.seconds).run() for _ in range(size.rounds + 1)][1:]
    p99 = [Series([percentile(taken, 0.99) for taken in series]) for series in zip(*rounds, strict=True)]
    against = f"the same event's arrival in Kafka ({rate:.0f} commands/s)"
    return [
        Row("commit to listed on the agenda, p99, half load", "ms", p99[1], against, p99[0], less_is_better=True),
        Row("commit to found by its words, p99, half load", "ms", p99[2], against, p99[0], less_is_better=True),
    ]


async def sustained(stack: RealStack, submit: Submit, seconds: float) -> float:
    """Commands a second that are taken and have reached the search."""
    async with asyncio.timeout(LIMIT_S), direct(stack.dsn("agenda")) as store:
        before, began = await store.fetchval(SEARCHABLE), time.perf_counter()
        calls, _ = await closed_loop(submit, clients=CLIENTS, seconds=seconds)
        while await store.fetchval(SEARCHABLE) < before + calls:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.05)
    return calls / (time.perf_counter() - began)


class Round:
    """Commands at an even rate, some of them followed to the log, the list and the search."""

    def __init__(self, stack: RealStack, submit: Submit, rate: float, seconds: float) -> None:
        self._stack, self._submit, self._rate, self._seconds = stack, submit, rate, seconds
        self._watched: set[UUID] = set()
        self._seen: tuple[dict[UUID, float], ...] = ({}, {}, {})
        self._is_over = False

    async def run(self) -> list[list[float]]:
        """The times in ms from the commit of each watched command, by the machine's one clock: in the log, listed, found."""
        async with AIOKafkaConsumer(TOPIC, bootstrap_servers=self._stack.bootstrap, auto_offset_reset="latest") as reader:
            await reader.seek_to_end()
            watchers = [self._watch_log(reader), self._watch(LISTED, self._seen[1]), self._watch(FOUND, self._seen[2])]
            async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
                for watcher in watchers:
                    tasks.create_task(watcher)
                await self._load()
                self._is_over = True
        await drained(self._stack.dsn("proposals"))
        async with direct(self._stack.dsn("proposals"), "public") as own:
            committed = {row["aggregateid"]: row["at"] for row in await own.fetch(COMMITTED, list(self._watched))}
        return [[(seen[identity] - at) * 1e3 for identity, at in committed.items()] for seen in self._seen]

    async def _load(self) -> None:
        began, calls = time.perf_counter(), int(self._rate * self._seconds)
        async with asyncio.TaskGroup() as tasks:
            for number in range(calls):
                await asyncio.sleep(max(0.0, began + number / self._rate - time.perf_counter()))
                tasks.create_task(self._one(number))

    async def _one(self, number: int) -> None:
        identity = await self._submit(number)
        if number % EVERY == 0:
            self._watched.add(identity)

    async def _watch_log(self, reader: AIOKafkaConsumer) -> None:
        while not self._is_done(self._seen[0]):
            for batch in (await reader.getmany(timeout_ms=50)).values():
                for record in batch:
                    self._seen[0].setdefault(UUID(record.key.decode()), time.time())

    async def _watch(self, query: str, seen: dict[UUID, float]) -> None:
        async with direct(self._stack.dsn("agenda")) as store:
            while not self._is_done(seen):
                waiting = {agenda_id_of("proposals", identity): identity for identity in self._watched if identity not in seen}
                for row in await store.fetch(query, list(waiting)):
                    seen[waiting[row["agenda_id"]]] = time.time()
                await asyncio.sleep(LOOK_S)

    def _is_done(self, seen: dict[UUID, float]) -> bool:
        return self._is_over and self._watched <= seen.keys()
