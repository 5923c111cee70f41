"""Clocks ring when their time comes, once each, whoever looks; shown on the clock of a proposal's answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.kit.actor import Call
from services.kit.clock import korea
from services.kit.database import Connection, Database
from services.kit.ids import new_id
from services.kit.scheduler import Scheduler
from services.kit.text import Text
from services.kit.write import Log, Target, Write
from services.proposals.domain.parts import Channel, Status, SupportRule
from services.proposals.domain.proposal import Proposal
from services.proposals.service.proposal import Proposals, Rules
from services.proposals.store.knowledge import ENTRIES
from services.proposals.store.proposal import PROPOSALS
from services.proposals.wire import proposal as wire
from tests.serving import MovedClock

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
AFTERWARDS = AT + timedelta(days=30)
RULES = Rules(7, 1, SupportRule(50, 30, 30))


class Bench:
    """The use cases on a database of their own, without their process."""

    def __init__(self, dsn: str) -> None:
        self.database, self.clock = Database(dsn, name="test", size=4), MovedClock(AT)
        self.log = Log(self.database, service="proposals", wake=lambda: None)
        self.write = Write(self.log, PROPOSALS, wire.event_of, clocks=Proposal.clocks)
        self.proposals = Proposals(self.write, Write(self.log, ENTRIES), self.clock, korea(), RULES)

    def scheduler(self, **rings: object) -> Scheduler:
        return Scheduler(self.database, self.clock, {**self.proposals.rings, **rings}, wake=lambda: None)  # type: ignore[dict-item]

    async def assigned(self) -> UUID:
        call = Call.own("test")
        proposal = Proposal(new_id(), Status.TRIAGED, Channel.WEB, "그늘막", Text("", ""), AT)
        written = await self.proposals.submit(call, proposal)
        await self.proposals.assign(call, Target(written.id, 0), "버스정책과", "담당")
        return written.id

    async def fetch(self, query: str, *values: object) -> list[object]:
        async with self.database.connection() as connection:
            return [row[0] for row in await connection.fetch(query, *values)]

    async def missed(self) -> list[object]:
        return await self.fetch("SELECT aggregateid FROM outbox WHERE type LIKE '%deadline-missed%'")


@pytest.fixture
async def bench(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Bench]:
    made = Bench(await fresh_database("proposals"))
    await made.database.open()
    yield made
    await made.database.close()


async def test_nothing_rings_before_its_time(bench: Bench) -> None:
    await bench.assigned()
    assert await bench.scheduler().ring(AT + timedelta(days=6)) == 0
    assert await bench.missed() == []


async def test_a_clock_rings_once_and_says_when_it_fell_due(bench: Bench) -> None:
    proposal_id = await bench.assigned()
    scheduler = bench.scheduler()
    assert [await scheduler.ring(AFTERWARDS) for _ in range(2)] == [1, 0]
    assert await bench.missed() == [proposal_id]
    async with bench.database.connection() as connection:
        proposal = await PROPOSALS.load(connection, proposal_id)
    assert proposal is not None
    assert proposal.overdue
    assert await bench.fetch("SELECT version FROM aggregate WHERE id = $1", proposal_id) == [3]


async def test_two_schedulers_at_once_ring_every_clock_once(bench: Bench) -> None:
    ids = await asyncio.gather(*(bench.assigned() for _ in range(60)))
    await asyncio.gather(*(bench.scheduler().ring(AFTERWARDS) for _ in range(2)))
    await bench.scheduler().ring(AFTERWARDS)  # what both held away from each other
    assert sorted(await bench.missed(), key=str) == sorted(ids, key=str)


async def test_an_answer_in_time_stops_the_clock(bench: Bench) -> None:
    proposal_id = await bench.assigned()
    call, target = Call.own("test"), Target(proposal_id, 0)
    await bench.proposals.start(call, target)
    await bench.proposals.answer(call, target, Text("설치합니다", "ko"), "버스정책과")
    assert await bench.fetch("SELECT name FROM clock WHERE aggregate_id = $1", proposal_id) == []
    assert await bench.scheduler().ring(AFTERWARDS) == 0


async def test_a_clock_whose_aggregate_somebody_holds_rings_at_a_later_look(bench: Bench) -> None:
    proposal_id = await bench.assigned()
    async with bench.database.transaction() as connection:
        await connection.execute("SELECT 1 FROM aggregate WHERE id = $1 FOR UPDATE", proposal_id)
        assert await bench.scheduler().ring(AFTERWARDS) == 0
    assert await bench.scheduler().ring(AFTERWARDS) == 1


async def test_a_clock_that_cannot_be_rung_is_tried_later_and_holds_up_no_other(bench: Bench) -> None:
    broken, other = await bench.assigned(), await bench.assigned()

    async def ring(connection: Connection, call: Call, identity: UUID, at: datetime) -> None:
        if identity == broken:
            raise ValueError("planted")
        await bench.proposals.rings["answer_due"](connection, call, identity, at)

    assert await bench.scheduler(answer_due=ring).ring(AFTERWARDS) == 2
    assert await bench.missed() == [other]
    assert await bench.scheduler().ring(AFTERWARDS) == 0
    assert await bench.scheduler().ring(AFTERWARDS + timedelta(minutes=11)) == 1
    assert sorted(await bench.missed(), key=str) == sorted([broken, other], key=str)
