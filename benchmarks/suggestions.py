"""Suggestions on the labelled pairs, and their time among many items.

A pair is right or wrong at a cut-off that is chosen on one half of the pairs and judged on the other; the peer, pg_trgm's `similarity()`,
chooses its own. The right item among the first five is looked for in the whole store; the peer looks among the labelled texts only.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from benchmarks.labelled import Said, facts, matters, pairs
from benchmarks.projector import direct
from benchmarks.rounds import Row, Series, Size, note, one_by_one
from benchmarks.search import Record, load
from benchmarks.stacks import real_stack
from services.agenda.domain.suggestion import LEAST_SCORE, Asked, Rarity
from services.agenda.projection.apply import apply_batch
from services.agenda.queries.rarity import Rarities
from services.agenda.queries.suggestion import SuggestionQueries
from services.agenda.search.words import content_words
from services.kit.database import Connection, Database

ASKED, FIRST, PEER = 40, 5, "pg_trgm similarity()"
Score = Callable[[Said, Said], Awaitable[float]]
ILIKE = """
    SELECT agenda_id FROM agenda_item WHERE shown AND (title ILIKE ANY ($1::text[]) OR body ILIKE ANY ($1::text[]))
    ORDER BY first_raised_at DESC, agenda_id DESC LIMIT 100"""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many of those named are right, how many of the right ones are named, and both in one."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


async def measure(size: Size) -> list[Row]:
    """How good, then how fast."""
    async with real_stack(broker=False) as stack:
        dsn = await stack.fresh_database("agenda")
        await filled(dsn, size.items)
        return await measured(dsn, size)


async def filled(dsn: str, items: int) -> None:
    """The labelled texts, in a partition of their own, and so many made ones."""
    ends: dict[str, int] = {}
    records = []
    for made in facts():
        offset = ends[made.topic] = ends.get(made.topic, -1) + 1
        records.append(Record(made.topic, 1, offset, made.key, made.value, made.headers))
    async with direct(dsn) as connection:
        await apply_batch(connection, records)
    await load(dsn, items)


async def measured(dsn: str, size: Size) -> list[Row]:
    """All lines over a filled store."""
    store = Database(dsn, name="bench", settings={"search_path": "store, public", "plan_cache_mode": "force_custom_plan"})
    await store.open()
    async with store.connection() as connection:
        rows = await judged(connection, SuggestionQueries(store))
    rows += await timed(store, size)
    await store.close()
    return rows


async def judged(connection: Connection, queries: SuggestionQueries) -> list[Row]:
    """The labelled pairs, and the first five of each that is asked."""
    rarity = await Rarities().now(connection)

    async def ours(one: Said, other: Said) -> float:
        return compared(one, other, rarity)

    async def theirs(one: Said, other: Said) -> float:
        return float(await connection.fetchval("SELECT similarity($1, $2)", one.whole, other.whole))

    chosen, _ = await best(ours)
    note(f"  best cut-off on the first half {chosen:.3f}; the one in use {LEAST_SCORE}")
    ways = [(ours, LEAST_SCORE), (theirs, (await best(theirs))[0])]
    mine, peer = [await held_out(*way) for way in ways]
    found = [
        matter.same.agenda_id in {found.item.agenda_id for found in await queries.like(matter.asked.agenda_id, FIRST)}
        for matter in matters()
    ]
    near = [await _is_near(matter.asked, matter.same, theirs) for matter in matters()]
    return [
        _row("suggestions, precision on the held-out half", mine.precision, peer.precision),
        _row("same, without the pairs that only seem alike", *[(await held_out(*way, seeming=False)).precision for way in ways]),
        _row("same, recall", mine.recall, peer.recall),
        _row("same, F1", mine.f1, peer.f1),
        _row(f"the right item among the first {FIRST}", sum(found) / len(found), sum(near) / len(near)),
    ]


def compared(one: Said, other: Said, rarity: Rarity) -> float:
    """Our score of two texts."""
    return Asked(one.whole, one.tags, rarity).score(other.whole, other.tags)


async def best(score: Score) -> tuple[float, Judged]:
    """The cut-off with the best F1 on the first half."""
    scored = [(await score(one, other), together) for one, other, together in pairs(0)]
    cuts = {cut: judge(scored, cut) for cut, _ in scored}
    cut = max(sorted(cuts), key=lambda cut: cuts[cut].f1)
    return cut, cuts[cut]


async def held_out(score: Score, cut: float, *, seeming: bool = True) -> Judged:
    """What a cut-off is worth on the other half; without `seeming`, on what is alike and what is far only."""
    judged = [pair for number, pair in enumerate(pairs(1)) if seeming or number % 3 != 1]
    return judge([(await score(one, other), together) for one, other, together in judged], cut)


def judge(scored: Sequence[tuple[float, bool]], cut: float) -> Judged:
    """What a cut-off names against what belongs together."""
    named = [together for score, together in scored if score >= cut]
    return Judged(sum(named) / (len(named) or 1), sum(named) / sum(together for _, together in scored))


async def _is_near(asked: Said, same: Said, score: Score) -> bool:
    """Whether the right one is among the first five of the labelled texts by the peer's score."""
    scores = {said.agenda_id: await score(asked, said) for said in _elsewhere()}
    return same.agenda_id in sorted(scores, key=lambda agenda_id: -scores[agenda_id])[:FIRST]


def _elsewhere() -> Iterator[Said]:
    for matter in matters():
        yield from (matter.same, matter.other)


async def timed(store: Database, size: Size) -> list[Row]:
    """Every asked one once a round: the time that one in twenty exceeds, and the median."""
    queries = SuggestionQueries(store)
    async with store.connection() as connection:
        asked = [row["agenda_id"] for row in await connection.fetch(SOME, ASKED)]
        words = {agenda_id: await _words(connection, agenda_id) for agenda_id in asked}

    async def ours(agenda_id: UUID) -> None:
        await queries.like(agenda_id, 10)

    async def theirs(agenda_id: UUID) -> None:
        async with store.connection() as connection:
            await connection.fetch(ILIKE, words[agenda_id])

    what, against = f"suggestions for a new source, {size.items:,} items", "ILIKE of its three longest words"
    return await one_by_one(what, (asked, ours), against, (asked[: ASKED // 8], theirs), size.rounds)


async def _words(connection: Connection, agenda_id: UUID) -> list[str]:
    folded = await connection.fetchval("SELECT folded FROM agenda_search WHERE agenda_id = $1", agenda_id)
    return [f"%{word}%" for word in sorted(content_words(folded), key=len, reverse=True)[:3]]


def _row(measure: str, ours: float, theirs: float) -> Row:
    return Row(measure, "", Series([ours]), PEER, Series([theirs]))


SOME = "SELECT agenda_id FROM agenda_item WHERE shown ORDER BY agenda_id LIMIT $1"
