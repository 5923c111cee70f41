"""Words of two and three syllables over many items, against ILIKE over the same texts, which must find the same."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from benchmarks.generator import Generator
from benchmarks.projector import direct
from benchmarks.rounds import Row, Size, Wanted, note, one_by_one
from benchmarks.stacks import real_stack
from benchmarks.words import queries
from services.agenda.projection.apply import apply_batch
from services.agenda.projection.database import STORE
from services.agenda.queries.filters import Filters, Listing
from services.agenda.queries.item import AgendaQueries
from services.agenda.search.worker import CLEAN, refresh_some
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Page
from services.local import keys

BATCH, PAGE, MOST = 2_000, 20, 500
Find = Callable[[str, int], Awaitable[list[UUID]]]
ILIKE = """
    SELECT agenda_id FROM agenda_item WHERE shown AND (title ILIKE '%' || $1 || '%' OR body ILIKE '%' || $1 || '%')
    ORDER BY first_raised_at DESC, agenda_id DESC LIMIT $2"""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a consumer gets it."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


async def measure(size: Size) -> list[Row]:
    """The first page of each of twenty words, newest first: the time that one in twenty exceeds, and the median."""
    async with real_stack(broker=False) as stack:
        dsn = await stack.fresh_database("agenda")
        await load(dsn, size.items)
        store = Database(dsn, name="bench", settings=STORE)
        await store.open()
        agenda = AgendaQueries(store, PageTokens(str(keys.signing_key(stack.stack.layout))), SystemClock())
        rows = [
            row for syllables in (2, 3)
            for row in await compared(finder(agenda), ilike(store), queries(syllables), size, f"{syllables} syllables")
        ]  # fmt: skip
        await store.close()
    return rows


async def load(dsn: str, items: int) -> None:
    """Items, each a source of its own, with their search rows."""
    began, records = time.perf_counter(), _records(items)
    async with direct(dsn) as connection:
        while batch := list(islice(records, BATCH)):
            await apply_batch(connection, batch)
        await asyncio.gather(*(_refreshed(dsn) for _ in range(2)))
        await connection.execute(CLEAN)
        await connection.execute("VACUUM ANALYZE")
    note(f"  {items:,} items in {time.perf_counter() - began:.0f} s")


async def _refreshed(dsn: str) -> None:
    async with direct(dsn) as connection:
        while await refresh_some(connection):
            pass


def _records(items: int) -> Iterator[Record]:
    ends: dict[str, int] = {}
    for made in Generator(seed=2).sources(items):
        offset = ends[made.topic] = ends.get(made.topic, -1) + 1
        yield Record(made.topic, 0, offset, made.key, made.value, made.headers)


async def compared(
    ours: Find, theirs: Find, words: Sequence[str], size: Size, what: str, against: str = "ILIKE, its page alone",
    wanted: Wanted = None, *, few: bool = False,
) -> list[Row]:  # fmt: skip
    """Both over the same words, once they have found the same; theirs over every third only where it takes seconds."""
    fewer = words[::3] if few else words
    hits = [len(await same(ours, theirs, word)) for word in fewer]
    note(f"  {what}: {min(hits)} to {max(hits)} of at most {MOST} hits a word")
    measure = f"search, {what}, {size.items:,} items"
    asked, theirs_asked = (words, lambda word: ours(word, PAGE)), (fewer, lambda word: theirs(word, PAGE))
    return await one_by_one(measure, asked, against, theirs_asked, size.rounds, wanted)


async def same(ours: Find, theirs: Find, word: str) -> list[UUID]:
    """The first 500 hits, in order, which both must agree on."""
    found = await ours(word, MOST)
    assert found == await theirs(word, MOST), f"{word}: not the same results"
    return found


def finder(agenda: AgendaQueries) -> Find:
    """The agenda's own search, with its total and its sources, as an officer gets it."""

    async def find(word: str, limit: int) -> list[UUID]:
        page = await agenda.page(Listing(Filters(words=(word,)), Page(limit)))
        return [item.row["agenda_id"] for item in page.items]

    return find


def ilike(store: Database) -> Find:
    """One statement."""

    async def find(word: str, limit: int) -> list[UUID]:
        async with store.connection() as connection:
            return [row["agenda_id"] for row in await connection.fetch(ILIKE, word, limit)]

    return find
