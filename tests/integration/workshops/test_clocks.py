"""The clocks of the workshops over a year: what is due, missed or missing is found once, whoever looks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.actor import Call
from services.kit.clock import SEOUL, quarter_of
from services.kit.database import Database
from services.kit.ids import new_id
from services.kit.scheduler import Scheduler
from services.kit.text import Text
from services.kit.vocabulary import InnovationField
from services.kit.write import Log, Target, Write
from services.workshops.domain.indicator import Indicator, Measurement, MeasuringPeriod
from services.workshops.domain.innovation import DiscoverySource, Innovation, Phase
from services.workshops.domain.sector import ParticipantSector
from services.workshops.domain.workshop import SERIES_ID, Session, Workshop, WorkshopKind, WorkshopSeries, WorkshopStatus
from services.workshops.service.founding import First
from services.workshops.service.indicator import Indicators
from services.workshops.service.workshop import Series, Workshops
from services.workshops.store.indicator import INDICATORS
from services.workshops.store.innovation import INNOVATIONS
from services.workshops.store.routing import ROUTING_RULES, RuleBook
from services.workshops.store.workshop import SERIES, WORKSHOPS, is_held
from services.workshops.wire import indicator, innovation, routing, workshop
from tests.serving import MovedClock

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
A_YEAR_LATER = datetime(2027, 11, 23, 1, 0, tzinfo=UTC)


class Bench:
    """The use cases on a database of their own, without their process."""

    def __init__(self, dsn: str) -> None:
        self.database, self.clock, self.call = Database(dsn, name="test", size=6), MovedClock(AT), Call.own("test")
        log = Log(self.database, service="workshops", wake=lambda: None)
        self.innovation = Write(log, INNOVATIONS, innovation.event_of)
        self.indicators = Indicators(self.innovation, Write(log, INDICATORS, indicator.event_of, clocks=Indicator.clocks))
        self.workshops = Workshops(self.innovation, Write(log, WORKSHOPS, workshop.event_of), self.clock)
        series = Write(log, SERIES, workshop.series_event_of, clocks=WorkshopSeries.clocks)
        self.series = Series(series, is_held)
        self.founding = First(Write(log, ROUTING_RULES, routing.event_of), RuleBook(), series, self.clock)

    async def ring(self, now: datetime) -> None:
        """Two schedulers look at once, then one for what both held away from each other."""
        rings = {**self.indicators.rings, **self.series.rings}
        schedulers = [Scheduler(self.database, self.clock, rings, wake=lambda: None) for _ in range(3)]
        await asyncio.gather(*(scheduler.ring(now) for scheduler in schedulers[:2]))
        await schedulers[2].ring(now)

    async def proposed(self) -> UUID:
        bare = Innovation(new_id(), Phase.PROPOSED, "지도", Text(""), InnovationField.JOBS, DiscoverySource.DEPARTMENT, AT)
        return (await self.innovation.create(self.call, bare.proposed())).id

    async def defined(self, innovation_id: UUID, every: MeasuringPeriod | None) -> UUID:
        made = Indicator(new_id(), innovation_id, "건수", "건", 0, 10, "장부", AT, measured_every=every)
        return (await self.indicators.define(self.call, made)).id

    async def held(self, at: datetime, kind: WorkshopKind = WorkshopKind.QUARTERLY) -> None:
        session = Session(at, ((ParticipantSector.NGO, 8),))
        unplanned = Workshop(new_id(), kind, WorkshopStatus.PLANNED, quarter_of(at), at)
        await self.workshops.hold_at_once(self.call, unplanned, session)

    async def facts(self, identity: UUID, kind: str) -> int:
        async with self.database.connection() as connection:
            return int(
                await connection.fetchval("SELECT count(*) FROM outbox WHERE aggregateid = $1 AND type LIKE $2", identity, f"%{kind}%")
            )

    async def without(self) -> tuple[str, ...]:
        async with self.database.connection() as connection:
            found = await SERIES.load(connection, SERIES_ID)
        assert found is not None
        return found.quarters_without


@pytest.fixture
async def bench(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Bench]:
    made = Bench(await fresh_database("workshops"))
    await made.database.open()
    await made.founding.found()
    yield made
    await made.database.close()


async def test_over_a_year_every_quarter_without_a_workshop_is_found_once(bench: Bench) -> None:
    await bench.held(datetime(2027, 2, 10, tzinfo=UTC))
    await bench.held(datetime(2027, 5, 10, tzinfo=UTC), WorkshopKind.LEARNING_MEETING)  # not the quarter's own
    await bench.ring(A_YEAR_LATER)
    await bench.ring(A_YEAR_LATER)
    assert await bench.without() == ("2026-Q4", "2027-Q2", "2027-Q3")
    assert await bench.facts(SERIES_ID, "quarter-without-workshop") == 3


async def test_a_quarter_is_not_over_before_its_last_day_is_over_in_seoul(bench: Bench) -> None:
    await bench.ring(datetime(2026, 12, 31, 23, 59, 59, tzinfo=SEOUL))
    assert await bench.without() == ()
    await bench.ring(datetime(2027, 1, 1, tzinfo=SEOUL))
    assert await bench.without() == ("2026-Q4",)


async def test_a_workshop_that_is_only_planned_was_not_held(bench: Bench) -> None:
    planned = Workshop(new_id(), WorkshopKind.QUARTERLY, WorkshopStatus.PLANNED, "2026-Q4", AT)
    await bench.workshops.plan(bench.call, planned)
    await bench.ring(datetime(2027, 1, 2, tzinfo=UTC))
    assert await bench.without() == ("2026-Q4",)


async def test_founding_again_and_by_two_at_once_makes_nothing_new(bench: Bench) -> None:
    await asyncio.gather(bench.founding.found(), bench.founding.found())
    async with bench.database.connection() as connection:
        rows = await connection.fetch("SELECT kind, count(*) FROM aggregate GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in rows] == [("routing_rule", 1), ("workshop_series", 1)]


@pytest.mark.parametrize(
    ("every", "missed"), [(MeasuringPeriod.MONTH, 11), (MeasuringPeriod.QUARTER, 3), (MeasuringPeriod.YEAR, 0), (None, 0)]
)
async def test_over_a_year_every_measurement_that_nobody_took_is_found_once(
    bench: Bench, every: MeasuringPeriod | None, missed: int
) -> None:
    indicator_id = await bench.defined(await bench.proposed(), every)
    await bench.ring(A_YEAR_LATER)
    await bench.ring(A_YEAR_LATER)
    async with bench.database.connection() as connection:
        found = await INDICATORS.load(connection, indicator_id)
    assert found is not None
    assert found.missed_measurements == missed == await bench.facts(indicator_id, "measurement-missed")


async def test_a_measurement_in_time_moves_the_clock(bench: Bench) -> None:
    indicator_id = await bench.defined(await bench.proposed(), MeasuringPeriod.QUARTER)
    for month in (2, 5, 8):
        at = datetime(2027, month, 10, tzinfo=UTC)
        await bench.ring(at)
        await bench.indicators.measure(bench.call, Target(indicator_id, 0), Measurement(month, "2027", "연구원", at))
    await bench.ring(A_YEAR_LATER)
    assert await bench.facts(indicator_id, "measurement-missed") == 0


async def test_what_was_given_up_is_measured_no_more(bench: Bench) -> None:
    innovation_id = await bench.proposed()
    indicator_id = await bench.defined(innovation_id, MeasuringPeriod.MONTH)
    await bench.innovation.change(bench.call, innovation_id, 0, lambda standing: standing.shelve("수요가 없음", at=AT))
    await bench.ring(A_YEAR_LATER)
    assert await bench.facts(indicator_id, "measurement-missed") == 0
    async with bench.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM clock WHERE aggregate_id = $1", indicator_id) == 0
