"""Time in the voices service: mandates begin and end, silent groups are noticed, a year passes in one look."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.kit.actor import Call
from services.kit.database import Database
from services.kit.ids import new_id
from services.kit.scheduler import Scheduler
from services.kit.standing import AgendaAnswer, Standing
from services.kit.text import Text
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Log, Target, Write
from services.voices.domain.mandate import Mandate, MandateStatus
from services.voices.domain.voice import Consent, Heard, Sensitivity
from services.voices.domain.watch import GroupWatch
from services.voices.queries import Cell, VoiceQueries
from services.voices.service.activity import Activities
from services.voices.service.mandate import Mandates
from services.voices.service.voice import Voices
from services.voices.service.watch import Watch
from services.voices.store.activity import ACTIVITIES
from services.voices.store.mandate import MANDATES
from services.voices.store.voice import VOICES
from services.voices.store.watch import WATCHES
from services.voices.wire import activity, mandate, voice, watch
from tests.serving import MovedClock

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
A_YEAR_LATER = AT + timedelta(days=366)
CALL = Call.own("test")


class Bench:
    """The use cases on a database of their own, with a clock to move."""

    def __init__(self, dsn: str) -> None:
        self.database, self.clock = Database(dsn, name="test", size=6), MovedClock(AT)
        log = Log(self.database, service="voices", wake=lambda: None)
        terms = Write(log, MANDATES, mandate.event_of, clocks=Mandate.clocks)
        activities, voices = Write(log, ACTIVITIES, activity.event_of), Write(log, VOICES, voice.event_of)
        self.mandates, self.activities = Mandates(terms, self.clock, 1), Activities(terms, activities, self.clock)
        self.voices = Voices(terms, activities, voices, self.clock)
        self.watch = Watch(Write(log, WATCHES, watch.event_of, clocks=GroupWatch.clocks), self.clock)

    def scheduler(self) -> Scheduler:
        return Scheduler(self.database, self.clock, {**self.mandates.rings, **self.watch.rings}, wake=lambda: None)

    async def ring(self) -> None:
        """Two schedulers at once, and one after them for what they held away from each other."""
        await asyncio.gather(*(self.scheduler().ring(self.clock.now()) for _ in range(2)))
        await self.scheduler().ring(self.clock.now())

    async def fetch(self, query: str, *values: object) -> Sequence[Any]:
        async with self.database.connection() as connection:
            return await connection.fetch(query, *values)

    async def facts(self, kind: str) -> list[str]:
        rows = await self.fetch("SELECT type FROM outbox WHERE aggregatetype = $1 ORDER BY sequence", kind)
        return [row["type"].split(".")[-2] for row in rows]

    async def heard(self, group: RepresentedGroup, at: datetime) -> UUID:
        """A published voice."""
        heard = Heard(Text("밤길이 어둡다", "ko"), represented_group=group, consent=Consent.GIVEN, raised_at=at)
        target = Target((await self.voices.capture(CALL, heard)).id, 0)
        await self.voices.review(CALL, target, (), Sensitivity.PUBLIC, None)
        await self.voices.relay(CALL, target)
        return target.id

    async def coverage(self, quarter: str) -> dict[RepresentedGroup, Cell]:
        found = await VoiceQueries(self.database, None).coverage(quarter, AT)  # type: ignore[arg-type]
        return {cell.represented_group: cell for cell in found}


@pytest.fixture
async def bench(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Bench]:
    made = Bench(await fresh_database("voices"))
    await made.database.open()
    yield made
    await made.database.close()


async def test_a_mandate_begins_and_ends_by_itself(bench: Bench) -> None:
    begun = Mandate(new_id(), RepresentedGroup.WOMEN, date(2026, 12, 1), AT, date(2027, 5, 31))
    target = Target((await bench.mandates.nominate(CALL, begun)).id, 0)
    await bench.mandates.screen(CALL, target)
    await bench.mandates.appoint_screened(CALL, target)
    await bench.ring()
    assert await bench.facts("mandate") == ["appointed"]
    bench.clock.at = A_YEAR_LATER
    await bench.ring()
    assert await bench.facts("mandate") == ["appointed", "activated", "ended"]
    [row] = await bench.fetch("SELECT status FROM mandate WHERE mandate_id = $1", target.id)
    assert row["status"] == MandateStatus.ENDED


async def test_a_renewed_mandate_ends_later(bench: Bench) -> None:
    appointed = Mandate(new_id(), RepresentedGroup.WOMEN, date(2026, 11, 1), AT, date(2027, 5, 31))
    target = Target((await bench.mandates.appoint(CALL, appointed)).id, 0)
    await bench.ring()
    await bench.mandates.renew(CALL, target, date(2028, 5, 31))
    bench.clock.at = A_YEAR_LATER
    await bench.ring()
    assert await bench.facts("mandate") == ["appointed", "activated", "renewed"]


async def test_over_a_year_every_silent_quarter_of_every_group_is_said_once(bench: Bench) -> None:
    for group in [*RepresentedGroup, RepresentedGroup.WOMEN]:  # a second start begins nothing anew
        await bench.watch.begin(group)
    await bench.heard(RepresentedGroup.WOMEN, AT)
    await bench.heard(RepresentedGroup.TOURISM, datetime(2027, 5, 1, tzinfo=UTC))
    bench.clock.at = A_YEAR_LATER
    await bench.ring()
    await bench.ring()
    # Four quarters ended (2026-Q4 to 2027-Q3) for twelve groups, and two of them were not silent.
    assert await bench.facts("group_watch") == ["silent"] * (4 * 12 - 2)
    rows = await bench.fetch("SELECT DISTINCT quarter FROM group_watch")
    assert [row["quarter"] for row in rows] == ["2027-Q4"]


async def test_a_voice_goes_with_its_items_to_the_answer_and_the_end(bench: Bench) -> None:
    voice_id, item = await bench.heard(RepresentedGroup.WOMEN, AT - timedelta(days=3)), new_id()
    answer = AgendaAnswer((Text("가로등을 늘립니다", "ko"),), "안전총괄과", AT)
    for standing in (Standing((item,), is_closed=False, answer=None), Standing((item,), is_closed=True, answer=answer)):
        for _ in range(2):  # what is told again changes nothing
            async with bench.database.transaction() as connection:
                await bench.voices.follow(connection, CALL, voice_id, standing)
    assert await bench.facts("voice") == ["relayed", "linked", "answered", "closed"]
    cell = (await bench.coverage("2026-Q4"))[RepresentedGroup.WOMEN]
    assert (cell.voices, cell.answered, cell.median_days) == (1, 1, 3.0)


async def test_a_source_that_is_no_voice_here_is_left_alone(bench: Bench) -> None:
    async with bench.database.transaction() as connection:
        await bench.voices.follow(connection, CALL, new_id(), Standing((new_id(),), is_closed=True, answer=None))


async def test_678_activities_over_12_groups_are_counted_group_by_group(bench: Bench) -> None:
    """The figure of October 2014 (the first two years of the programme) as a test of the arithmetic."""
    groups = list(RepresentedGroup)
    mandates = [(new_id(), group) for group in groups]
    async with bench.database.connection() as connection:
        await connection.executemany(
            """INSERT INTO mandate (mandate_id, status, represented_group, start_date, nominated_by, nominated_at, renewals,
                                    dismissal_reason, person_ref) VALUES ($1, 'active', $2, '2012-10-01', '', now(), 0, '', 'p')""",
            mandates,
        )
        await connection.executemany(
            """INSERT INTO activity (activity_id, mandate_id, status, activity_kind, title, starts_at, location, host_department,
                                     attendee_count) VALUES ($1, $2, $3, 'meeting', '간담회', $4, '', '', 0)""",
            [
                (new_id(), mandates[number % 12][0], "reported" if number < 678 else "planned", datetime(2014, 8, 1, tzinfo=UTC))
                for number in range(700)
            ],
        )
    cells = await bench.coverage("2014-Q3")
    assert sum(cell.activities for cell in cells.values()) == 678
    assert [cells[group].activities for group in groups] == [57] * 6 + [56] * 6
    assert all(cell.voices == 0 and cell.median_days is None for cell in cells.values())
