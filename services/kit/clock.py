"""Time, handed in so that tests can move it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

import holidays

from services.kit.errors import invalid

SEOUL = ZoneInfo("Asia/Seoul")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")


class Clock(Protocol):
    """Asked once a command for the present moment; never blocks."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class WorkingDays:
    """The working days of Korea: no Saturday, no Sunday, no public holiday (the `holidays` package's calendar)."""

    def __init__(self) -> None:
        self._calendar = holidays.country_holidays("KR")

    def after(self, at: datetime, days: int) -> date:
        """The day that is `days` working days after the day of `at` in Seoul, that day itself not counted."""
        day = at.astimezone(SEOUL).date()
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_one(day)
        return day

    def is_one(self, day: date) -> bool:
        """Whether people work on it."""
        return day.weekday() < 5 and day not in self._calendar


@cache
def korea() -> WorkingDays:
    """The one calendar of a process."""
    return WorkingDays()


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in Seoul."""
    return datetime.combine(day, time(), SEOUL)


def end_of(day: date) -> datetime:
    """The moment at which a day is over in Seoul."""
    return beginning_of(day + timedelta(days=1))


def quarter_of(at: datetime) -> str:
    """The quarter of a moment in Seoul, such as `2026-Q4`."""
    local = at.astimezone(SEOUL)
    return f"{local.year}-Q{(local.month + 2) // 3}"


def quarter_span(quarter: str) -> tuple[datetime, datetime]:
    """When a quarter begins in Seoul, and when the next one does. Raises Refused: QUARTER_INVALID."""
    if not (found := QUARTER.fullmatch(quarter)):
        raise invalid("QUARTER_INVALID", f"{quarter!r} is no quarter of the form 2026-Q4", "quarter")
    year, number = map(int, found.groups())
    begins = datetime(year, 3 * number - 2, 1, tzinfo=SEOUL)
    return begins, datetime(year + number // 4, 3 * number % 12 + 1, 1, tzinfo=SEOUL)


def last_quarters(now: datetime, count: int) -> list[str]:
    """The current quarter and those before it, `count` in all, the newest first."""
    quarters = [quarter_of(now)]
    while len(quarters) < count:
        begins, _ = quarter_span(quarters[-1])
        quarters.append(quarter_of(begins - timedelta(days=1)))
    return quarters
