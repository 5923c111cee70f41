"""The themes process on a real broker: killed, doubled, begun anew; and what emerges on the agenda itself."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.agenda.themes.apply import CONSUMER
from services.kit.database import Connection
from tests.agenda_log import SOURCES, FactLog
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_themes import SCHEMA, TITLES, WINDOW, counts, emptied, everything, facts, recounted, said
from tests.integration.agenda.test_worker import Bench, until
from tests.stack import RealStack


@pytest.fixture(scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    stack = RealStack()
    try:
        await asyncio.gather(stack.start_database(), stack.start_broker())
        bench = Bench(stack, await stack.fresh_database("agenda"), tmp_path_factory.mktemp("themes"), process="themes")
        bench.settings = {"MADANG_AGENDA_THEME_QUIET_MS": "500"}
        yield bench
    finally:
        await stack.end()


@pytest.fixture
async def connection(bench: Bench) -> AsyncIterator[Connection]:
    store = Store(bench.dsn)
    yield await store.connect(SCHEMA)
    await store.end()


def grow(log: FactLog, seed: int, count: int) -> None:
    """More sources of few words, and newer versions of those there are."""
    chance = random.Random(seed)
    known = [(identity, service) for identity, service in log.services.items() if service in SOURCES]
    for _ in range(count):
        day, title = WINDOW + timedelta(days=chance.randrange(56)), chance.choice(TITLES)
        identity, service = chance.choice(known) if known and chance.random() < 0.3 else (None, chance.choice(SOURCES))
        said(log, service, f"{title} {chance.choice(('가람', '나루', '다리', '라디오', '마당'))}", day, identity)


async def judged(bench: Bench, connection: Connection) -> None:
    """Until everything that was sent is counted, and nothing waits to be judged."""
    await bench.applied(connection)
    await until(lambda: _is_judged(connection))


async def _is_judged(connection: Connection) -> bool:
    return not await connection.fetchval("SELECT EXISTS (SELECT FROM theme_due)")


async def test_workers_that_are_killed_and_doubled_count_once_and_let_each_theme_emerge_once(bench: Bench, connection: Connection) -> None:
    await bench.killed_and_doubled(3, random.Random(5), lambda seed: grow(bench.log, seed, 400), lambda: judged(bench, connection))
    assert await counts(connection) == dict(recounted(bench.log))
    emerged = [(theme.word, theme.window) for theme in await facts(connection)]
    assert emerged
    assert len(emerged) == len(set(emerged))
    assert (bench.ended[0], bench.ended[1]) == (0, 0)


async def test_counts_that_were_emptied_are_the_same_again_and_nothing_is_said_twice(bench: Bench, connection: Connection) -> None:
    rows, said_before = await everything(connection), await facts(connection)
    await emptied(connection)
    async with bench.worker(0):
        await until(lambda: _has_begun(connection))
        await judged(bench, connection)
    assert await everything(connection) == rows
    assert await facts(connection) == said_before


async def _has_begun(connection: Connection) -> bool:
    return bool(await connection.fetchval("SELECT sum(next_offset) > 0 FROM consumer_offset WHERE consumer = $1", CONSUMER))


async def test_what_emerges_while_it_runs_is_found_within_seconds(bench: Bench, connection: Connection) -> None:
    before: Any = len(await facts(connection))
    async with bench.worker(0):
        for number in range(6):
            said(bench.log, SOURCES[number % 2], f"전세사기 {number}", WINDOW + timedelta(days=30))
        await bench.send()
        await judged(bench, connection)
    assert [theme.word for theme in (await facts(connection))[before:]] == ["전세사기"]
