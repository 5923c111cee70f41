"""What is true of indicators and their measurements, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.kit.clock import SEOUL
from services.kit.errors import Refused
from services.workshops.domain.indicator import MAX_MEASUREMENTS, Indicator, Measurement, MeasuringPeriod, end_of_period
from services.workshops.events import IndicatorDefined, IndicatorMeasured, MeasurementMissed

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
INDICATOR = Indicator(UUID(int=2), UUID(int=1), "대여 건수", "건", 20, 120, "장부", AT)
QUARTERLY = replace(INDICATOR, measured_every=MeasuringPeriod.QUARTER)


def measurement(value: float, at: datetime = AT) -> Measurement:
    return Measurement(value, "2026-09", "도시 연구원", at)


def test_every_measurement_is_kept_and_the_newest_stands() -> None:
    second = measurement(143, AT + timedelta(days=1))
    change = INDICATOR.measure(measurement(80)).state.measure(second)
    assert (change.state.measurement, change.state.earlier) == (second, (measurement(80),))
    assert change.fact == IndicatorMeasured(second.measured_at)


def test_a_measurement_that_is_told_late_does_not_take_the_place_of_a_newer_one() -> None:
    late = measurement(50, AT - timedelta(days=90))
    standing = INDICATOR.measure(measurement(80)).state.measure(late).state
    assert (standing.measurement, standing.earlier) == (measurement(80), (late,))


def test_no_more_is_kept_than_an_event_can_carry() -> None:
    full = replace(INDICATOR, measurement=measurement(1), earlier=(measurement(0),) * (MAX_MEASUREMENTS - 1))
    with pytest.raises(Refused) as refused:
        full.measure(measurement(2))
    assert refused.value.code == "MEASUREMENTS_FULL"


@pytest.mark.parametrize(("value", "progress"), [(20, 0.0), (70, 0.5), (120, 1.0), (145, 1.25), (10, -0.1)])
def test_progress_is_the_share_of_the_way_to_the_target(value: float, progress: float) -> None:
    assert INDICATOR.measure(measurement(value)).state.progress == pytest.approx(progress)


def test_a_way_downwards_is_a_way_as_well() -> None:
    falling = replace(INDICATOR, baseline=38, target=20)
    assert falling.measure(measurement(29)).state.progress == pytest.approx(0.5)


def test_where_nothing_is_measured_or_there_is_no_way_there_is_no_progress() -> None:
    assert INDICATOR.progress is None
    assert replace(INDICATOR, target=20).measure(measurement(20)).state.progress is None


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        (MeasuringPeriod.MONTH, datetime(2026, 12, 1, tzinfo=SEOUL)),
        (MeasuringPeriod.QUARTER, datetime(2027, 1, 1, tzinfo=SEOUL)),
        (MeasuringPeriod.YEAR, datetime(2027, 1, 1, tzinfo=SEOUL)),
    ],
)
def test_a_period_ends_in_seoul(period: MeasuringPeriod, ends: datetime) -> None:
    assert end_of_period(AT, period) == ends
    assert end_of_period(ends - timedelta(seconds=1), period) == ends
    assert end_of_period(ends, period) > ends


def test_what_has_a_period_is_due_at_the_end_of_the_next_one() -> None:
    defined = QUARTERLY.defined()
    assert defined.fact == IndicatorDefined(AT)
    assert defined.state.clocks() == {"measurement_due": datetime(2027, 4, 1, tzinfo=SEOUL)}
    measured = defined.state.measure(measurement(80, datetime(2027, 2, 1, tzinfo=UTC))).state
    assert measured.clocks() == {"measurement_due": datetime(2027, 7, 1, tzinfo=SEOUL)}
    assert INDICATOR.defined().state.clocks() == {}


def test_a_measurement_of_long_ago_does_not_make_the_next_one_late() -> None:
    defined = QUARTERLY.defined().state
    assert defined.measure(measurement(80, datetime(2020, 1, 1, tzinfo=UTC))).state.clocks() == defined.clocks()


def test_a_missed_measurement_is_counted_and_the_next_one_awaited() -> None:
    due = datetime(2027, 4, 1, tzinfo=SEOUL)
    missed = QUARTERLY.defined().state.miss_measurement(at=due)
    assert (missed.fact, missed.state.missed_measurements) == (MeasurementMissed(due), 1)
    assert missed.state.clocks() == {"measurement_due": datetime(2027, 7, 1, tzinfo=SEOUL)}
    ended = missed.state.stop_awaiting()
    assert (ended.fact, ended.state.clocks()) == (None, {})
