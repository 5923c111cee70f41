"""The store as it was is the store that the facts committed up to then would have made."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.agenda.projection.apply import apply_batch
from services.agenda.projection.facts import TYPES
from services.agenda.queries.filters import Filters, Listing
from services.agenda.queries.item import AgendaQueries
from services.agenda.queries.past import store_at
from services.agenda.search.grams import words_of
from services.agenda.search.worker import refresh_some
from services.kit.clock import SystemClock
from services.kit.database import Connection, Database
from services.kit.envelope import read
from services.kit.ids import agenda_id_of
from services.kit.paging import PageTokens
from services.kit.queries import Page
from tests.agenda_log import FactLog
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_order import STEPS, emptied, log_of

ROWS = ("SELECT * FROM agenda_item ORDER BY agenda_id", "SELECT * FROM source_link ORDER BY link_id")
TEXTS = "SELECT t.* FROM agenda_search AS t JOIN agenda_item AS i USING (agenda_id) WHERE i.shown ORDER BY t.agenda_id"


@pytest.fixture
async def past(store: Store) -> AsyncIterator[Database]:
    database = Database(store.dsn, name="past", settings={"search_path": "store"}, size=1)
    await database.open()
    yield database
    await database.close()


async def held(connection: Connection) -> list[list[Any]]:
    return [[tuple(row) for row in await connection.fetch(question)] for question in (*ROWS, TEXTS)]


async def apply_all(connection: Connection, log: FactLog, until: datetime | None = None) -> None:
    """Apply a log from its beginning, as far as it was committed up to a moment."""
    await emptied(connection)
    for batch in log.everything():
        records = [record for record in batch if until is None or read(record, TYPES)[0].time <= until]
        if records:
            await apply_batch(connection, records)
    while await refresh_some(connection):
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, share=st.floats(0, 1))
async def test_the_store_of_a_moment_is_the_one_built_to_that_moment(
    connection: Connection, past: Database, steps: list[tuple[str, int, int]], share: float
) -> None:
    log = log_of(steps)
    times = sorted(read(record, TYPES)[0].time for batch in log.everything() for record in batch)
    moment = times[round(share * (len(times) - 1))] if times else log.now
    await apply_all(connection, log, until=moment)
    expected = await held(connection)
    await apply_all(connection, log)
    present = await held(connection)
    async with store_at(past, moment, texts=True) as then:
        assert await held(then) == expected
    async with store_at(past, None) as now:
        assert await held(now) == present


async def test_lists_pages_words_and_single_items_are_answered_as_of_a_moment(
    connection: Connection, past: Database, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("key")
    log, queries = FactLog(), AgendaQueries(past, PageTokens(str(tmp_path / "key")), SystemClock())
    sources = [log.proposal(title=f"그늘막 {number}") for number in range(5)]
    item = log.item(title="정류장")
    log.link(item, sources[0])
    moment = log.now + timedelta(milliseconds=1)
    log.item(item, title="버스 정류장", themes=["더위"])
    log.link(item, sources[0], removed=True)
    log.link(item, sources[1])
    log.proposal(sources[2], title="가로등")
    log.proposal(title="그늘막 6")
    await apply_all(connection, log)

    async def titles(as_of: datetime | None, *words: str, size: int = 50, token: str = "") -> tuple[list[str], int, str]:
        filters = Filters(words=tuple(word for text in words for word in words_of(text)))
        page = await queries.page(Listing(filters, Page(size, token), "newest", as_of))
        return [found.row["title"] for found in page.items], page.total, page.next_token

    assert await titles(None) == (["그늘막 6", "가로등", "그늘막 4", "그늘막 3", "버스 정류장", "그늘막 0"], 6, "")
    assert await titles(moment) == (["그늘막 4", "그늘막 3", "그늘막 2", "그늘막 1", "정류장"], 5, "")
    assert (await titles(moment, "그늘막"))[0] == ["그늘막 4", "그늘막 3", "그늘막 2", "그늘막 1", "정류장"]
    assert (await titles(None, "그늘막"))[0] == ["그늘막 6", "그늘막 4", "그늘막 3", "버스 정류장", "그늘막 0"]
    first, total, token = await titles(moment, size=2)
    assert (first, total) == (["그늘막 4", "그늘막 3"], 5)
    assert (await titles(moment, size=2, token=token))[0] == ["그늘막 2", "그늘막 1"]
    (found, decided), (now, _) = await queries.item(item, moment), await queries.item(item)
    assert (found.row["title"], [row["source_id"] for row in found.sources]) == ("정류장", [sources[0]])
    assert (now.row["title"], [row["source_id"] for row in now.sources]) == ("버스 정류장", [sources[1]])
    assert decided is not None
    assert found.row["version"] < now.row["version"]


async def test_words_that_were_taken_back_since_are_not_read_or_found_again(connection: Connection, past: Database, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("key")
    log, queries = FactLog(), AgendaQueries(past, PageTokens(str(tmp_path / "key")), SystemClock())
    alone, part, item = log.voice(text="비밀스러운 골목"), log.voice(text="비밀스러운 다리"), log.item(title="골목길")
    log.link(item, part)
    moment = log.now + timedelta(milliseconds=1)
    for voice in (alone, part):
        log.voice(voice, gone=True)
    await apply_all(connection, log)

    async def found(*words: str) -> list[str]:
        listing = Listing(Filters(words=tuple(word for text in words for word in words_of(text))), Page(50), "newest", moment)
        return [each.row["title"] for each in (await queries.page(listing)).items]

    assert await found() == ["골목길", ""]
    assert await found("비밀") == []
    for voice in (alone, part):
        row = (await queries.item(agenda_id_of("voices", voice), moment))[0].row
        assert (row["title"], row["body"]) == ("", "")
