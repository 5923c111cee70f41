"""Words counted by window equal a recount, whatever order, batches and workers bring; what rises emerges once, with its fact."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.events.agenda.v1 import theme_pb2 as events_pb
from services.agenda.app import apply_again
from services.agenda.domain.rising import Rule, windows_before
from services.agenda.domain.theme import theme_id
from services.agenda.projection.apply import fact_of
from services.agenda.projection.rows import ItemRow
from services.agenda.store.theme import THEMES
from services.agenda.themes.apply import apply_batch, source_of
from services.agenda.themes.judge import Judge
from services.agenda.wire.theme import theme_event
from services.kit import offsets
from services.kit.clock import SystemClock
from services.kit.database import Connection, Database
from services.kit.ids import agenda_id_of
from services.kit.write import Log, Write
from tests.agenda_log import SOURCES, FactLog, LogRecord
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_order import shuffled

SCHEMA = "themes, agenda, public"
WINDOW = date(2026, 10, 26)
TIMES = {"voices": "raised_at", "council": "raised_at", "workshops": "proposed_at", "proposals": "requested_at"}
TITLES = ("빈집을 고치자", "골목의 빈집", "놀이터에 그늘을", "골목 놀이터", "회의 요청", "")
STEPS = st.lists(
    st.tuples(st.sampled_from(["source", "source", "source", "gone", "again", "item"]), st.integers(0, 6), st.integers(0, 120)),
    min_size=1, max_size=40,
)  # fmt: skip


@pytest.fixture
async def connection(store: Store) -> Connection:
    return await store.connect(SCHEMA)


def said(log: FactLog, service: str, title: str, day: date, identity: UUID | None = None, **changes: Any) -> UUID:
    """A source that was raised on a day."""
    at = Timestamp()
    at.FromDatetime(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    text = {"text": ""} if service == "voices" else {}
    return log.source(service, identity, title=title, **text, **{TIMES[service]: at}, **changes)


def log_of(steps: Sequence[tuple[str, int, int]]) -> FactLog:
    """A log in which few sources change their words, their day, and whether they are there."""
    log = FactLog()
    for number, (step, source, days) in enumerate(steps):
        service, identity = SOURCES[source % 4], UUID(f"00000000-0000-4000-8000-{source + 1:012x}")
        day, title = WINDOW + timedelta(days=days - 60), TITLES[number % len(TITLES)]
        if step == "source":
            said(log, service, title, day, identity, themes=["주거"] if number % 3 == 0 else [])
        elif step == "gone":
            said(log, "voices", title, day, UUID(int=source + 100), gone=number % 2 == 0)
        elif step == "item":
            log.item(title=title)
        elif log.records:
            log.again(random.Random(number).choice([record for records in log.everything() for record in records]))
    return log


def recounted(log: FactLog) -> Counter[tuple[date, str, str]]:
    """The counts as they must be, by plain Python over the newest version of each source."""
    newest: dict[UUID, ItemRow] = {}
    for record in (record for records in log.everything() for record in records):
        row = fact_of(record).row
        if isinstance(row, ItemRow) and row.source_version and row.version >= newest.get(row.agenda_id, row).version:
            newest[row.agenda_id] = row
    rows = [source_of(row) for row in newest.values()]
    return Counter((row.window_start, word, row.service) for row in rows for word in row.words if not row.gone)


async def counts(connection: Connection) -> dict[tuple[date, str, str], int]:
    found = await connection.fetch("SELECT window_start, word, service, sources FROM theme_window")
    return {(row["window_start"], row["word"], row["service"]): row["sources"] for row in found}


async def everything(connection: Connection) -> list[Any]:
    """Every row that follows from the log."""
    return [
        [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
        for table in ("theme_source", "theme_window")
    ]


async def emptied(connection: Connection) -> None:
    await connection.execute("TRUNCATE theme_source, theme_window, theme_due, consumer_offset")


async def feed(connection: Connection, log: FactLog) -> None:
    for batch in log.everything():
        await apply_batch(connection, batch)


def judge(store: Store, *, quiet: timedelta = timedelta()) -> Judge:
    log = Log(Database(store.dsn, name="test"), service="agenda", wake=lambda: None)
    return Judge(Write(log, THEMES, theme_event), SystemClock(), Rule(), quiet)


async def judge_all(store: Store, connection: Connection) -> None:
    now = await connection.fetchval("SELECT clock_timestamp()")
    while await judge(store).judge_one(connection, now):
        pass


async def facts(connection: Connection) -> list[Any]:
    rows = await connection.fetch("SELECT type, payload FROM outbox ORDER BY sequence")
    return [events_pb.ThemeEmerged.FromString(row["payload"]).after for row in rows if row["type"].endswith("theme.emerged.v1")]


def rising(word: str = "빈집", voices: int = 2, proposals: int = 3, day: date = WINDOW) -> FactLog:
    """A log in which a word rises in two services."""
    log = FactLog()
    for number in range(voices):
        said(log, "voices", f"{word}을 고치자 {number}", day)
    for number in range(proposals):
        said(log, "proposals", f"동네 {word} {number}", day + timedelta(days=number))
    return log


# -- counting ---------------------------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 2**32))
async def test_counts_equal_a_recount_whatever_the_order(connection: Connection, steps: list[tuple[str, int, int]], seed: int) -> None:
    log, chance = log_of(steps), random.Random(seed)
    await emptied(connection)
    for batch in shuffled(log, chance):
        await apply_batch(connection, batch)
        if chance.random() < 0.2:
            await apply_batch(connection, batch)
    assert await counts(connection) == dict(recounted(log))
    once = await everything(connection)
    await emptied(connection)
    await feed(connection, log)
    assert await everything(connection) == once


async def test_two_workers_leave_what_one_leaves(store: Store, connection: Connection) -> None:
    log = log_of([("source", number, number % 110) for number in range(300)] + [("gone", number, 50) for number in range(60)])
    partitions = log.everything()

    async def work(mine: list[list[LogRecord]]) -> None:
        own = await store.connect(SCHEMA)
        half = FactLog(records={(records[0].topic, records[0].partition): records for records in mine})
        for batch in shuffled(half, random.Random(1)):
            await apply_batch(own, batch)

    await asyncio.gather(work(partitions[::2]), work(partitions[1::2]))
    assert await counts(connection) == dict(recounted(log))


async def test_a_batch_that_begins_too_late_is_refused_and_counts_nothing(connection: Connection) -> None:
    log = log_of([("source", 0, 1), ("source", 0, 30)])
    [batch] = log.everything()
    with pytest.raises(offsets.Skipped):
        await apply_batch(connection, batch[1:])
    assert await counts(connection) == {}


async def test_what_cannot_be_read_counts_for_nothing(connection: Connection) -> None:
    log = FactLog()
    log.append("madang.voices.facts.v1", UUID(int=1), b"\xff", [])
    await feed(connection, log)
    assert await counts(connection) == {}
    assert await connection.fetchval("SELECT sum(next_offset) FROM consumer_offset") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"themes": ["\x00", "주" * 61, "주거", "기타"]},
        {"requested_at": Timestamp(seconds=-62135596800)},
        {"requested_at": Timestamp(seconds=253402300799)},
        {"title": "가나 " * 200_000},
        {"title": "\x00\u202e빈집"},
    ],
)
async def test_no_record_stops_the_counting(connection: Connection, changes: dict[str, Any]) -> None:
    log = FactLog()
    log.proposal(**{"title": "빈집", **changes})
    log.council_item(title="골목")
    await feed(connection, log)
    assert "골목" in {word for _, word, _ in await counts(connection)}
    assert await connection.fetchval("SELECT sum(next_offset) FROM consumer_offset") == 2


async def test_what_an_operator_resends_is_counted_as_well(store: Store, connection: Connection) -> None:
    log = FactLog()
    said(log, "proposals", "빈집", WINDOW)
    [[record]] = log.everything()
    through_the_store = await store.connect()
    for _ in range(2):
        async with through_the_store.transaction():
            await apply_again(through_the_store, [record])
    assert await counts(connection) == {(WINDOW, "빈집", "proposals"): 1}
    assert await through_the_store.fetchval("SELECT count(*) FROM agenda_item") == 1


# -- judging ----------------------------------------------------------------------------------------------------------------------


async def test_what_two_services_speak_of_emerges_once_with_its_evidence_and_its_fact(store: Store, connection: Connection) -> None:
    log = rising()
    await feed(connection, log)
    await judge_all(store, connection)
    [theme] = await facts(connection)
    assert (theme.word, theme.theme_id, theme.sources) == ("빈집", str(theme_id("빈집", WINDOW)), 5)
    sources = {(identity, service) for identity, service in log.services.items()}
    assert {each.agenda_id for each in theme.evidence} == {str(agenda_id_of(service, identity)) for identity, service in sources}
    assert await connection.fetchval("SELECT count(*) FROM theme_due") == 0
    assert await connection.fetchval("SELECT (kind, revision, version)::text FROM aggregate") == "(theme,1,1)"


async def test_a_replay_from_the_beginning_gives_the_same_and_says_nothing_twice(store: Store, connection: Connection) -> None:
    log = rising()
    for number in range(200):
        said(
            log,
            SOURCES[number % 4],
            f"{TITLES[number % 6]} {('가람', '나루', '다리', '라디오')[number % 100 // 28]}",
            WINDOW + timedelta(days=number % 100),
        )
    await feed(connection, log)
    await judge_all(store, connection)
    before, said_before = await everything(connection), await facts(connection)
    assert len({theme.window for theme in said_before}) > 1
    await emptied(connection)
    for batch in shuffled(log, random.Random(3)):
        await apply_batch(connection, batch)
    await judge_all(store, connection)
    assert await everything(connection) == before
    assert await facts(connection) == said_before


async def test_a_theme_of_the_running_window_emerges_as_soon_as_it_rises_and_grows_without_another_fact(
    store: Store, connection: Connection
) -> None:
    log = rising(proposals=2)
    await feed(connection, log)
    await judge_all(store, connection)
    assert await facts(connection) == []
    for number in range(20):
        said(log, "council", f"빈집 {number}", WINDOW + timedelta(days=20))
        await feed(connection, log)
        await judge_all(store, connection)
    [theme] = await facts(connection)
    assert theme.sources == 5


async def test_what_was_said_as_often_before_does_not_rise(store: Store, connection: Connection) -> None:
    log = FactLog()
    for window in [*windows_before(WINDOW), WINDOW]:
        for number in range(5):
            said(log, SOURCES[number % 4], "빈집", window + timedelta(days=number))
        for number in range(40):
            said(log, SOURCES[number % 4], f"날마다 다른 {number} 이야기", window + timedelta(days=number % 28))
    await feed(connection, log)
    await judge_all(store, connection)
    assert all(theme.window != WINDOW.isoformat() for theme in await facts(connection))


async def test_what_was_taken_back_is_no_evidence(store: Store, connection: Connection) -> None:
    log = rising()
    voice = next(identity for identity, service in log.services.items() if service == "voices")
    said(log, "voices", "빈집", WINDOW, voice, gone=True)
    await feed(connection, log)
    await judge_all(store, connection)
    assert await facts(connection) == []


async def test_a_theme_does_not_speak_for_itself(store: Store, connection: Connection) -> None:
    log = rising()
    await feed(connection, log)
    await judge_all(store, connection)
    before = await everything(connection)
    row: Any = await connection.fetchrow("SELECT aggregateid, payload FROM outbox")
    log.publish("agenda", row["aggregateid"], events_pb.ThemeEmerged.FromString(row["payload"]))
    await feed(connection, log)
    assert await everything(connection) == before


async def test_a_window_is_judged_once_it_has_come_to_rest_and_all_that_was_in_the_log_is_counted(
    store: Store, connection: Connection
) -> None:
    await feed(connection, rising())
    changed_at = await connection.fetchval("SELECT max(changed_at) FROM theme_due")
    patient = judge(store, quiet=timedelta(seconds=5))
    assert await patient.judge_one(connection, changed_at + timedelta(seconds=4)) is None
    assert await patient.judge_one(connection, changed_at + timedelta(seconds=5)) == WINDOW
    await connection.execute("INSERT INTO theme_due VALUES ($1, $2, $3)", WINDOW, changed_at, changed_at + timedelta(hours=1))
    assert await patient.judge_one(connection, changed_at + timedelta(minutes=59)) is not WINDOW
    restless = await connection.fetchval("SELECT count(*) FROM theme_due WHERE window_start = $1", WINDOW)
    assert restless == 1
    assert await patient.judge_one(connection, changed_at + timedelta(hours=1)) == WINDOW


async def test_a_newer_state_with_the_same_words_gives_no_reason_to_judge(store: Store, connection: Connection) -> None:
    log = FactLog()
    proposal = said(log, "proposals", "빈집", WINDOW)
    await feed(connection, log)
    await judge_all(store, connection)
    said(log, "proposals", "빈집", WINDOW + timedelta(days=1), proposal)
    await feed(connection, log)
    assert await connection.fetchval("SELECT count(*) FROM theme_due") == 0
    said(log, "proposals", "빈집", WINDOW + timedelta(days=28), proposal)
    await feed(connection, log)
    due = [row["window_start"] for row in await connection.fetch("SELECT window_start FROM theme_due ORDER BY 1")]
    assert due == [WINDOW + number * timedelta(days=28) for number in range(5)]


async def test_a_judgement_that_does_not_end_is_made_again(store: Store, connection: Connection) -> None:
    await feed(connection, rising())
    now = await connection.fetchval("SELECT clock_timestamp()")
    transaction = connection.transaction()
    await transaction.start()
    assert await judge(store).judge_one(connection, now) == WINDOW
    assert len(await facts(connection)) == 1
    await transaction.rollback()
    assert await facts(connection) == []
    await judge_all(store, connection)
    assert len(await facts(connection)) == 1


async def test_two_that_judge_at_once_let_a_theme_emerge_once(store: Store, connection: Connection) -> None:
    await feed(connection, rising())
    connections = [await store.connect(SCHEMA) for _ in range(4)]
    await asyncio.gather(*(judge_all(store, each) for each in connections))
    assert len(await facts(connection)) == 1
