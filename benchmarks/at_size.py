"""The agenda over many items: what people ask of it, what it adds up to, a rebuild, and how far it lags while events and searches come."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

from benchmarks.filled import LIMIT_S, Filled, filled
from benchmarks.lists import PAGE, Question, questions
from benchmarks.projector import direct
from benchmarks.rounds import Row, Run, Series, Size, Wanted, alternate, note, percentile
from benchmarks.search import Find, compared, finder
from benchmarks.suggestions import timed as suggested
from benchmarks.under_load import under_load
from benchmarks.words import queries
from services.agenda.projection.database import STORE
from services.agenda.queries.filters import Filters, Listing, where_of
from services.agenda.queries.item import COLUMNS, FEW_TEXTS, AgendaQueries
from services.agenda.queries.report import ClocksBy, Reports
from services.agenda.upkeep.rebuild import Rebuilder, Report
from services.kit.clock import SEOUL, quarter_of, quarter_span
from services.kit.database import Database
from services.kit.database import Row as Record
from services.kit.paging import PageTokens
from services.kit.queries import Page
from services.kit.vocabulary import RepresentedGroup
from services.local import keys
from tests.serving import MovedClock

CALLS, TURN_S = 20, 0.5  # calls of one turn, cut short after so many seconds
MANY = 500_000  # from where on ILIKE takes seconds
COUNT = "count(*) and the page, a plain SELECT each"
FOUND = "FROM {table} AS t JOIN agenda_item AS i USING (agenda_id) WHERE i.shown AND t.folded ILIKE '%' || $1 || '%'"
ILIKE = f"SELECT agenda_id {FOUND} ORDER BY i.first_raised_at DESC, agenda_id DESC LIMIT $2"
TOTAL = f"SELECT count(*) FROM (SELECT {FOUND} LIMIT {FEW_TEXTS + 1}) AS capped"
TRIGRAMS = """
    SET maintenance_work_mem = '512MB';
    CREATE TABLE peer AS SELECT agenda_id, folded FROM agenda_search;
    CREATE UNIQUE INDEX ON peer (agenda_id);
    CREATE INDEX ON peer USING gin (folded public.gin_trgm_ops);
    ANALYZE peer"""
ONE_PASS = "SELECT count(*) FROM agenda_item WHERE body <> ''"


async def measure(size: Size) -> list[Row]:
    """One store for everything."""
    async with filled(size.items) as store:
        size = Size(min(size.rounds, 3), size.seconds, store.events, store.items)
        database = Database(store.dsn, name="bench", settings=STORE)
        await database.open()
        course = Course(store, database, size)
        parts = (course.lists, course.deep, course.search, course.trigrams, course.suggestions, course.past, course.reports, course.rebuild)
        rows = [row for part in parts for row in await part()]
        rows += await under_load(store, course.agenda)
        await database.close()
        return [*rows, *(_memory(store, process) for process in ("agenda-projector", "agenda-search", "agenda-server"))]


class Course:
    """What is asked of one store."""

    def __init__(self, store: Filled, database: Database, size: Size) -> None:
        self._store, self._database, self._size = store, database, size
        self._tokens = PageTokens(str(keys.signing_key(store.stack.stack.layout)))
        self.agenda = AgendaQueries(database, self._tokens, MovedClock(store.newest))
        self._find, self._is_large = finder(self.agenda), size.items > MANY
        self._today = store.newest.astimezone(SEOUL).date()

    async def lists(self) -> list[Row]:
        """The first page of each kind of list, with its total and its sources."""
        return [await self._list(question) for question in questions(self._store.newest)]

    async def _list(self, question: Question) -> Row:
        listing = question.listings[0]
        page = await self.agenda.page(listing)
        assert [found.row["agenda_id"] for found in page.items] == [row["agenda_id"] for row in await self._plainly(listing)], question.name
        note(f"  {question.name}")
        ours, theirs = ([each(listing) for listing in question.listings] for each in (self._asked, self._asked_plainly))
        found = await alternate({"ours": timed(ours), "plain": timed(theirs)}, self._size.rounds)
        total = f"{page.total:,}" + ("" if page.is_exact else "+")
        return Row(f"list: {question.name} ({total}), p95", "ms", found["ours"], COUNT, found["plain"], less_is_better=True)

    def _asked(self, listing: Listing) -> Callable[[], Awaitable[Any]]:
        return lambda: self.agenda.page(listing)

    def _asked_plainly(self, listing: Listing) -> Callable[[], Awaitable[Any]]:
        return lambda: self._plainly(listing)

    async def _plainly(self, listing: Listing, offset: int = 0) -> list[Record]:
        """What somebody would write who lets PostgreSQL decide."""
        where = where_of(listing.filters, self._today, narrow=True)
        async with self._database.connection() as connection:
            if not offset:
                await connection.fetchval(f"SELECT count(*) FROM agenda_item AS i WHERE {where}", *where.values)
            page = f"FROM agenda_item AS i WHERE {where} ORDER BY {listing.order.order_of('i')} LIMIT {PAGE} OFFSET {offset}"
            return await connection.fetch(f"SELECT {COLUMNS} {page}", *where.values)

    async def deep(self) -> list[Row]:
        """A page in the middle of everything, for each sort."""
        rows, depth = [], self._store.items // 2
        for sort in ("newest", "last_event"):
            first = Listing(Filters(), Page(PAGE), sort)
            before = (await self._plainly(first, depth - 1))[0]
            place = [before[first.order.column].isoformat(), str(before["agenda_id"]), self._store.items]
            deep = Listing(Filters(), Page(PAGE, self._tokens.sign(place, first.question)), sort)
            page, plain = await self.agenda.page(deep), await self._plainly(first, depth)
            assert [found.row["agenda_id"] for found in page.items] == [row["agenda_id"] for row in plain]
            ways = {
                "deep": timed([self._asked(deep)]), "first": timed([self._asked(first)]),
                "offset": timed([lambda first=first: self._plainly(first, depth)]),  # type: ignore[misc]
            }  # fmt: skip
            found = await alternate(ways, self._size.rounds)
            what = f"page behind {depth:,} others, {sort}, p95"
            rows += [
                Row(
                    what,
                    "ms",
                    found["deep"],
                    "OFFSET, its page alone",
                    found["offset"],
                    (500, 1_000) if self._is_large else None,
                    less_is_better=True,
                ),
                Row(what, "ms", found["deep"], "the first page", found["first"], less_is_better=True),
            ]
        return rows

    async def search(self) -> list[Row]:
        """Words of two and three syllables, English ones, and some that nobody wrote."""
        asked: dict[str, tuple[list[str], Wanted]] = {
            "2 syllables": (queries(2)[:-2], (30, 100)), "3 syllables": (queries(3)[:-2], None), "English": (ENGLISH_WORDS, None),
            "no hit": (NOWHERE, (100, 1_000)),
        }  # fmt: skip
        theirs, against = self._ilike("agenda_search"), "ILIKE over the same texts, page and total alike"
        return [
            row for what, (words, wanted) in asked.items() for row in await self._compared(theirs, words, what, against, wanted)
        ]  # fmt: skip

    async def trigrams(self) -> list[Row]:
        """Words of two and three syllables against an index that Madang does not have, over a copy of the texts."""
        async with direct(self._store.dsn) as connection:
            await connection.execute(TRIGRAMS, timeout=LIMIT_S)
            theirs, against = self._ilike("peer"), "pg_trgm over the same texts, page and total alike"
            rows = [
                row for what, words, wanted in (("2 syllables", queries(2)[:-2], (2, 20)), ("3 syllables", queries(3)[:-2], (0.5, 1)))
                for row in await self._compared(theirs, words, what, against, wanted)
            ]  # fmt: skip
            await connection.execute("DROP TABLE peer")
        return rows

    async def _compared(self, theirs: Find, words: list[str], what: str, against: str, wanted: Wanted) -> list[Row]:
        wanted = wanted if self._is_large else None
        return await compared(self._find, theirs, words, self._size, what, against, wanted, few=self._is_large)

    def _ilike(self, table: str) -> Find:
        page, total = (statement.format(table=table) for statement in (ILIKE, TOTAL))

        async def find(word: str, limit: int) -> list[UUID]:
            async with self._database.connection() as connection:
                await connection.fetchval(total, word)
                return [row["agenda_id"] for row in await connection.fetch(page, word, limit)]

        return find

    async def suggestions(self) -> list[Row]:
        """Items like one that is asked for."""
        return await suggested(self._database, self._size)

    async def past(self) -> list[Row]:
        """The first page as it was: what changed since is made anew from the ledger."""
        rows = []
        groups = [Filters(tags=(f"group:{group}",)) for group in RepresentedGroup][:3]
        for name, back in (("a minute", timedelta(minutes=1)), ("a day", timedelta(days=1)), ("30 days", timedelta(days=30))):
            at = self._store.newest - back
            then, now = ([self._asked(Listing(each, Page(PAGE), as_of=when)) for each in groups] for when in (at, None))
            found = await alternate({"then": timed(then), "now": timed(now)}, self._size.rounds)
            rows.append(
                Row(f"list of a group as it was {name} ago, p95", "ms", found["then"], "as it is", found["now"], less_is_better=True)
            )
        return rows

    async def reports(self) -> list[Row]:
        """What the agenda adds up to, of one quarter."""
        reports, at = Reports(self._database), self._store.newest
        quarter = quarter_of(at - timedelta(days=20))
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "coverage": lambda: reports.coverage(quarter, at), "clocks by group": lambda: reports.clocks(ClocksBy.GROUP, quarter, at),
            "clocks by department": lambda: reports.clocks(ClocksBy.DEPARTMENT, quarter, at),
            "report": lambda: reports.report(*quarter_span(quarter), at),
        }  # fmt: skip
        one_pass = timed([self._one_pass])
        found = await alternate({name: timed([way]) for name, way in ways.items()} | {"one pass": one_pass}, self._size.rounds)
        against = "one pass over every row"
        return [Row(f"{name} of a quarter, p95", "ms", found[name], against, found["one pass"], less_is_better=True) for name in ways]

    async def _one_pass(self) -> None:
        async with self._database.connection() as connection:
            await connection.fetchval(ONE_PASS)

    async def rebuild(self) -> list[Row]:
        """Once: the whole log into a shadow, which must equal the store."""
        async for step in Rebuilder(self._database, self._store.stack.bootstrap).run(swap=False, accept_difference=False):
            if isinstance(step, Report):
                assert step.equal, "the rebuild ended otherwise"
                note(f"  rebuilt in {step.seconds:.0f} s")
                ours, theirs = Series([step.events / step.seconds]), Series([self._store.events / self._store.apply_s])
        return [Row("rebuild, hashes included", "events/s", ours, "the projector when it filled the store", theirs)]


def timed(calls: Sequence[Callable[[], Awaitable[Any]]]) -> Run:
    """Calls in turn; answers the p95 of a turn in ms. The next turn begins where the last one ended."""
    turn = cycle(calls)

    async def run() -> float:
        taken: list[float] = []
        began = time.perf_counter()
        while len(taken) < CALLS and time.perf_counter() - began < TURN_S:
            call, at = next(turn), time.perf_counter()
            await call()
            taken.append((time.perf_counter() - at) * 1e3)
        return percentile(taken, 0.95)

    return run


def _memory(store: Filled, process: str) -> Row:
    peak, ready = Series([store.peak(process)]), Series([store.ready[process]])
    return Row(f"memory of {process}, peak", "MiB", peak, "when it was ready", ready, less_is_better=True)


ENGLISH_WORDS = ["housing", "school", "park", "street", "safety", "ramp", "noise", "library"]
NOWHERE = ["뷁쀍", "쏿쏿", "뷁쀍궯", "쏿쏿쏿", "xqzvk", "jjqqx"]
