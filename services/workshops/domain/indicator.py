"""What innovation agendas are measured by."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.clock import SEOUL
from services.kit.errors import wrong_state
from services.kit.write import Change
from services.workshops.events import IndicatorDefined, IndicatorMeasured, MeasurementMissed

MAX_MEASUREMENTS = 200  # monthly for sixteen years


class MeasuringPeriod(StrEnum):
    """How often something is to be measured."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {MeasuringPeriod.MONTH: 1, MeasuringPeriod.QUARTER: 3, MeasuringPeriod.YEAR: 12}


def end_of_period(at: datetime, period: MeasuringPeriod) -> datetime:
    """When the month, quarter or year that a moment lies in is over in Seoul."""
    local, months = at.astimezone(SEOUL), MONTHS[period]
    month = (local.month - 1) // months * months + months
    return datetime(local.year + month // 12, month % 12 + 1, 1, tzinfo=SEOUL)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement; `period` is a year, quarter or month, `measured_by` an institution."""

    value: float
    period: str
    measured_by: str
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an innovation agenda is measured by, with its newest measurement and those before, oldest first."""

    id: UUID
    innovation_id: UUID
    name: str
    unit: str
    baseline: float
    target: float
    method: str
    defined_at: datetime
    measurement: Measurement | None = None
    earlier: tuple[Measurement, ...] = ()
    measured_every: MeasuringPeriod | None = None
    measurement_due_at: datetime | None = None
    missed_measurements: int = 0

    @property
    def owner(self) -> None:
        """Reached through its innovation agenda."""

    @property
    def progress(self) -> float | None:
        """The share of the way from baseline to target; none before it is measured, and where there is no way."""
        if self.measurement is None or self.target == self.baseline:
            return None
        return (self.measurement.value - self.baseline) / (self.target - self.baseline)

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the next measurement."""
        return {"measurement_due": self.measurement_due_at} if self.measurement_due_at else {}

    def defined(self) -> Change["Indicator"]:
        """It was defined; where it has a period, it is to be measured before the next one is over."""
        return Change(replace(self, measurement_due_at=self._next_due(self.defined_at)), IndicatorDefined(self.defined_at))

    def measure(self, measurement: Measurement) -> Change["Indicator"]:
        """Measure it; every measurement is kept and the newest stands.

        Raises:
            Refused: MEASUREMENTS_FULL where no more can be kept.
        """
        known = (*self.earlier, *([self.measurement] if self.measurement else []))
        if len(known) >= MAX_MEASUREMENTS:
            raise wrong_state("MEASUREMENTS_FULL", f"an indicator keeps {MAX_MEASUREMENTS} measurements; define another one")
        *earlier, newest = sorted((*known, measurement), key=lambda one: one.measured_at)
        dues = [due for due in (self.measurement_due_at, self._next_due(newest.measured_at)) if due]
        measured = replace(self, measurement=newest, earlier=tuple(earlier), measurement_due_at=max(dues, default=None))
        return Change(measured, IndicatorMeasured(measurement.measured_at))

    def miss_measurement(self, *, at: datetime) -> Change["Indicator"]:
        """Its period is over and nobody measured; the next is awaited."""
        assert self.measured_every is not None, "what has no period is never due"
        following = end_of_period(at, self.measured_every)
        missed = replace(self, measurement_due_at=following, missed_measurements=self.missed_measurements + 1)
        return Change(missed, MeasurementMissed(at))

    def stop_awaiting(self) -> Change["Indicator"]:
        """Its innovation agenda has ended: no measurement is due any more."""
        return Change(replace(self, measurement_due_at=None), None)

    def _next_due(self, at: datetime) -> datetime | None:
        """The end of the period after the one that a moment lies in."""
        if self.measured_every is None:
            return None
        return end_of_period(end_of_period(at, self.measured_every), self.measured_every)
