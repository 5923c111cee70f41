"""Searching finds exactly what the definition says, in every order, page by page; two search workers lose nothing."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.agenda.domain.item import Status
from services.agenda.projection.apply import apply_batch
from services.agenda.queries.filters import Filters, Listing
from services.agenda.queries.item import AgendaQueries
from services.agenda.search import worker as search
from services.agenda.search.grams import folded_text, words_of
from services.agenda.search.worker import refresh_some
from services.kit.clock import SystemClock
from services.kit.database import Connection, Database
from services.kit.errors import Refused
from services.kit.paging import PageTokens
from services.kit.queries import Page
from services.kit.text import fold
from tests.agenda_log import SOURCES, FactLog
from tests.integration.agenda.conftest import Store

PIECES = ["한강", "한강공원", "공원", "서울시", "시", "의", "가", "야간", "Park", "park", "STRASSE", "straße", "a", "b", "é", "e\u0301",
          "漢字", "漢", "🚌", "👩‍👩‍👧", "·", "…", "%", "_", "\\", "'", "100%", "Thành phố", "ß", "İ"]  # fmt: skip


@pytest.fixture
async def queries(store: Store, tmp_path: Path) -> AsyncIterator[AgendaQueries]:
    (tmp_path / "key").write_bytes(b"key")
    database = Database(store.dsn, name="test", settings={"search_path": "store", "plan_cache_mode": "force_custom_plan"})
    await database.open()
    yield AgendaQueries(database, PageTokens(str(tmp_path / "key")), SystemClock())
    await database.close()


async def refreshed(connection: Connection) -> None:
    while await refresh_some(connection):
        pass


async def filled(connection: Connection, log: FactLog) -> None:
    for batch in log.everything():
        await apply_batch(connection, batch)
    await refreshed(connection)


def random_text(chance: random.Random) -> str:
    return "".join(chance.choice([*PIECES, " ", "\n", "\u3000"]) for _ in range(chance.randint(0, 12)))


def random_log(chance: random.Random, size: int) -> FactLog:
    log = FactLog()
    sources = [log.source(chance.choice(SOURCES), title=random_text(chance) or "제목", text=random_text(chance)) for _ in range(size)]
    for _ in range(size // 4):
        item = log.item(title=random_text(chance) or "의제", summary=random_text(chance))
        for source in chance.sample(sources, chance.randint(0, 3)):
            log.link(item, source, removed=chance.random() < 0.2)
    return log


async def by_definition(connection: Connection, query: str) -> set[UUID]:
    """Every word of the query is contained in the title, the summary, or the text of one of its sources."""
    found = set()
    for row in await connection.fetch("SELECT agenda_id, title, body FROM agenda_item WHERE shown"):
        sources = await connection.fetch(
            """SELECT s.title, s.body FROM source_link AS l JOIN agenda_item AS s ON s.agenda_id = l.source_item
               WHERE l.agenda_id = $1 AND NOT l.removed""",
            row["agenda_id"],
        )
        texts = [fold(text) for text in (row["title"], row["body"], *(part for source in sources for part in source))]
        if all(any(word in text for text in texts) for word in fold(query).split()):
            found.add(row["agenda_id"])
    return found


async def everything(queries: AgendaQueries, filters: Filters, sort: str = "newest", size: int = 7) -> list[Any]:
    items, token = [], ""
    while True:
        page = await queries.page(Listing(filters, Page(size, token), sort))
        items += [found.row for found in page.items]
        if not page.next_token:
            return items
        token = page.next_token


async def test_search_finds_exactly_what_the_definition_says(connection: Connection, queries: AgendaQueries) -> None:
    chance = random.Random(7)
    await filled(connection, random_log(chance, 60))
    asked = [*PIECES, *(chance.choice(PIECES) + " " + chance.choice(PIECES) for _ in range(30)), "강공", "Ark", "없는말", "  ", "hành"]
    for query in asked:
        found = await everything(queries, Filters(words=tuple(words_of(query))))
        assert {row["agenda_id"] for row in found} == await by_definition(connection, query), query
        assert len(found) == len({row["agenda_id"] for row in found}), query


@pytest.mark.parametrize("few", [1_000, 0], ids=["hits", "walk"])
@pytest.mark.parametrize("sort", ["newest", "oldest", "last_event", "due"])
async def test_both_plans_page_through_the_same_items_in_order(
    connection: Connection, queries: AgendaQueries, monkeypatch: pytest.MonkeyPatch, sort: str, few: int
) -> None:
    monkeypatch.setattr("services.agenda.queries.item.FEW", few)
    monkeypatch.setattr("services.agenda.queries.item.FEW_TEXTS", few)
    await filled(connection, random_log(random.Random(3), 40))
    for words in ((), ("시",), ("a",)):
        found = await everything(queries, Filters(words=words), sort)
        column = {"newest": "first_raised_at", "oldest": "first_raised_at", "last_event": "last_event_at", "due": "due_on"}[sort]
        keys = [(row[column], row["agenda_id"]) for row in found]
        assert keys == sorted(keys, reverse=sort in {"newest", "last_event"})
        assert {row["agenda_id"] for row in found} == await by_definition(connection, " ".join(words))


async def test_totals_are_exact_up_to_a_number_which_is_smaller_for_texts(
    connection: Connection, queries: AgendaQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.agenda.queries.item.FEW", 8)
    monkeypatch.setattr("services.agenda.queries.item.FEW_TEXTS", 5)
    log = FactLog()
    for number in range(9):
        log.proposal(title="가로등", themes=["주거"] if number else [])
    await filled(connection, log)
    found = [
        await queries.page(Listing(filters, Page(2))) for filters in (Filters(tags=("theme:주거",)), Filters(), Filters(words=("가로등",)))
    ]
    assert [(page.total, page.is_exact) for page in found] == [(8, True), (8, False), (5, False)]


async def test_every_page_says_how_many_there_are_whichever_plan_found_it(
    connection: Connection, queries: AgendaQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = FactLog()
    for _ in range(6):
        log.proposal()
    await filled(connection, log)
    for few, total in ((10, (6, True)), (3, (3, False))):
        monkeypatch.setattr("services.agenda.queries.item.FEW", few)
        first = await queries.page(Listing(Filters(), Page(3)))
        second = await queries.page(Listing(Filters(), Page(3, first.next_token)))
        assert [(page.total, page.is_exact) for page in (first, second)] == [total, total]
    none = await queries.page(Listing(Filters(owner="없는과"), Page(3)))
    assert (none.items, none.total, none.is_exact, none.next_token) == ([], 0, True, "")


async def test_filters_narrow_and_a_page_token_belongs_to_its_query(connection: Connection, queries: AgendaQueries) -> None:
    log = FactLog()
    for number in range(6):
        log.proposal(title=f"제안 {number}", themes=["주거" if number % 2 else "안전"])
    log.voice()
    opened = log.item(owner="주택과", due_on="2020-01-01")
    await filled(connection, log)
    assert len(await everything(queries, Filters(tags=("theme:주거",)))) == 3
    assert len(await everything(queries, Filters(tags=("source:voices", "group:women")))) == 1
    assert [row["agenda_id"] for row in await everything(queries, Filters(statuses=(Status.OPEN,)))] == [opened]
    assert [row["agenda_id"] for row in await everything(queries, Filters(owner="주택과"))] == [opened]
    assert [row["agenda_id"] for row in await everything(queries, Filters(overdue=True))] == [opened]
    assert await everything(queries, Filters(until=datetime(2020, 1, 1, tzinfo=UTC))) == []
    page = await queries.page(Listing(Filters(), Page(2)))
    with pytest.raises(Refused, match="page_token"):
        await queries.page(Listing(Filters(words=("a",)), Page(2, page.next_token)))
    with pytest.raises(Refused, match="page_token"):
        await queries.page(Listing(Filters(), Page(2, page.next_token[:-2] + "xx")))


async def test_placeholders_are_never_shown(connection: Connection, queries: AgendaQueries) -> None:
    log = FactLog()
    log.link(log.item(), log.proposal())
    link = next(record for records in log.everything() for record in records if b"agenda-link" in dict(record.headers)["ce_type"])
    await apply_batch(connection, [link.__class__(**(link.__dict__ | {"offset": 0}))])
    await refreshed(connection)
    assert await everything(queries, Filters()) == []


READ = search.READ


async def stale(connection: Connection) -> int:
    """How many search rows are not what the store says."""
    found = await connection.fetch(READ, [row["agenda_id"] for row in await connection.fetch("SELECT agenda_id FROM agenda_item")])
    missing: int = await connection.fetchval(
        "SELECT count(*) FROM agenda_item WHERE agenda_id NOT IN (SELECT agenda_id FROM agenda_search)"
    )
    wrong = [row for row in found if folded_text([row["title"], row["body"], *row["texts"]]) != row["folded"]]
    return missing + len(wrong)


async def with_two_workers(store: Store, seed: int) -> int:
    """Texts and links change while two search workers follow."""
    connection, done = await store.connect(), asyncio.Event()
    await connection.execute("TRUNCATE event, agenda_item, source_link, consumer_offset, search_todo, agenda_search")
    chance, log = random.Random(seed), FactLog()
    sources, items = [log.proposal(title=f"처음 {number}") for number in range(4)], [log.item() for _ in range(2)]
    for number in range(80):
        source, item = chance.choice(sources), chance.choice(items)
        if chance.random() < 0.4:
            log.link(item, source, removed=chance.random() < 0.4)
        else:
            log.proposal(source, title=f"지금 {number}")

    async def write() -> None:
        positions = dict.fromkeys(log.records, 0)
        while left := [place for place, records in log.records.items() if positions[place] < len(records)]:
            place = chance.choice(left)
            await apply_batch(connection, log.records[place][positions[place] : positions[place] + 1])
            positions[place] += 1
        done.set()

    async def follow() -> None:
        mine = await store.connect()
        while not done.is_set() or await refresh_some(mine, 3):
            await refresh_some(mine, 3)
            await asyncio.sleep(0)

    await asyncio.gather(write(), follow(), follow())
    return await stale(connection)


async def test_two_search_workers_lose_no_change(store: Store) -> None:
    assert sum([await with_two_workers(store, seed) for seed in range(5)]) == 0


async def race(store: Store, changed: asyncio.Event) -> int:
    """A text changes, and is made searchable by a second worker, while a first one is at it. How many rows end up stale."""
    connection, other, log = await store.connect(), await store.connect(), FactLog()
    source = log.proposal(title="처음")
    (first,) = log.everything()
    await apply_batch(connection, first)

    async def change() -> None:
        await asyncio.sleep(0.05)
        log.proposal(source, title="나중")
        await apply_batch(other, log.everything()[0])
        await search.refresh_some(other)
        changed.set()

    await asyncio.gather(search.refresh_some(await store.connect()), change())
    await refreshed(connection)
    return await stale(connection)


def slow_once(function: Any, event: asyncio.Event, seconds: float) -> Any:
    """The function, its first call only after the event, or after a while where that waits for the call itself."""
    calls = []

    async def slow(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        return await function(*arguments)

    return slow


async def test_a_text_that_changes_while_it_is_made_searchable_is_found_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = asyncio.Event()
    monkeypatch.setattr(search, "_changed", slow_once(search._changed, changed, 0.5))
    assert await race(store, changed) == 0


async def test_rows_read_before_the_lock_are_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing_locked(connection: Connection, agenda_ids: Any) -> list[tuple[UUID, str]]:
        found = await connection.fetch("SELECT agenda_id, title, body FROM agenda_item WHERE agenda_id = ANY ($1::uuid[])", agenda_ids)
        return [(row["agenda_id"], folded_text([row["title"], row["body"]])) for row in found]

    changed = asyncio.Event()
    monkeypatch.setattr(search, "LOCK", "SELECT $1::uuid[]")
    monkeypatch.setattr(search, "_changed", nothing_locked)
    monkeypatch.setattr(
        search,
        "WRITE",
        """INSERT INTO agenda_search VALUES ($1, $2, $3::text::bigint[])
                            ON CONFLICT (agenda_id) DO UPDATE SET folded = $2, grams = $3::text::bigint[]""",
    )
    monkeypatch.setattr(search, "_write", slow_once(search._write, changed, 20))
    assert await race(store, changed) == 1
