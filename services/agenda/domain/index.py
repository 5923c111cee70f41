"""Indexes over indicators: the values of the baseline year are 100, and what falls below it is asked why.

An indicator's index value is 100 times its value over its baseline, the other way round where less is better. A task's, an area's and the
whole index's are plain means of what is directly below them, as far as that has a value in the period (the rule of the GTSN index).
An index value above 1,000,000 is refused: its baseline is wrong then, or what was measured.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from uuid import UUID

from services.agenda.events import IndexImported
from services.kit.errors import invalid, not_found
from services.kit.ids import derived_id
from services.kit.text import Label
from services.kit.write import Change

BASE = 100.0
MOST = 1_000_000.0


class IndexDirection(StrEnum):
    """Which way an indicator is better."""

    MORE = "more"
    LESS = "less"


class IndexLevel(StrEnum):
    """What a value is about."""

    WHOLE = "whole"
    AREA = "area"
    TASK = "task"
    INDICATOR = "indicator"


def index_id(code: str) -> UUID:
    """An index's id follows from its code, so that importing it again is its next version."""
    return derived_id("index", code)


@dataclass(frozen=True, slots=True)
class IndexArea:
    """An area."""

    code: str
    title: Label


@dataclass(frozen=True, slots=True)
class IndexTask:
    """A task of an area."""

    code: str
    area: str
    title: Label


@dataclass(frozen=True, slots=True)
class IndexIndicator:
    """An indicator of a task; its baseline is above 0."""

    code: str
    task: str
    title: Label
    unit: str
    baseline: float
    direction: IndexDirection

    def against_baseline(self, measured: float) -> float:
        """What was measured as an index value: the baseline itself is exactly 100."""
        return BASE * (measured / self.baseline if self.direction is IndexDirection.MORE else self.baseline / measured)


@dataclass(frozen=True, slots=True)
class IndexValue:
    """What was measured in one period, a year or a quarter."""

    indicator: str
    period: str
    value: float


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One value of an index in a period, none where nothing below it has one, and of how many indicators it was made."""

    level: IndexLevel
    code: str
    title: Label
    value: float | None
    indicators: int


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """What an index is made of."""

    title: Label
    baseline_year: int
    areas: tuple[IndexArea, ...]
    tasks: tuple[IndexTask, ...]
    indicators: tuple[IndexIndicator, ...]

    def check(self) -> None:
        """Raise DUPLICATE_ITEM, INDEX_AREA_UNKNOWN or INDEX_TASK_UNKNOWN, naming the code."""
        for kind, parts in (("areas", self.areas), ("tasks", self.tasks), ("indicators", self.indicators)):
            _check_once([part.code for part in parts], f"definition.{kind}")
        areas, tasks = {area.code for area in self.areas}, {task.code for task in self.tasks}
        for task in self.tasks:
            if task.area not in areas:
                words = f"the task {task.code} belongs to the area {task.area}, which is not there"
                raise invalid("INDEX_AREA_UNKNOWN", words, "definition.tasks", part=task.code)
        for indicator in self.indicators:
            if indicator.task not in tasks:
                words = f"the indicator {indicator.code} belongs to the task {indicator.task}, which is not there"
                raise invalid("INDEX_TASK_UNKNOWN", words, "definition.indicators", part=indicator.code)


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it was imported last, its values in the order of its indicators and of periods."""

    id: UUID
    code: str
    definition: IndexDefinition
    values: tuple[IndexValue, ...]
    imported_at: datetime

    @property
    def owner(self) -> None:
        """The city's own."""

    def imported(self, values: Sequence[IndexValue]) -> Change["Index"]:
        """It was taken in for the first time. Raises Refused as `with_import` does."""
        first = self._with(self.definition, values)
        return Change(replace(first, imported_at=self.imported_at), IndexImported(self.imported_at))

    def with_import(self, definition: IndexDefinition | None, values: Sequence[IndexValue], *, at: datetime) -> Change["Index"] | None:
        """What it is made of, values, or both were taken in again; none where nothing changes.

        Raises:
            Refused: as `IndexDefinition.check` does; for a value DUPLICATE_ITEM, INDEX_INDICATOR_UNKNOWN, INDEX_VALUE_ZERO or
                INDEX_VALUE_RANGE.
        """
        after = self._with(definition or self.definition, values)
        return None if after == self else Change(replace(after, imported_at=at), IndexImported(at))

    def _with(self, definition: IndexDefinition, values: Sequence[IndexValue]) -> "Index":
        definition.check()
        indicators = {indicator.code: indicator for indicator in definition.indicators}
        _check_once([f"{value.indicator} in {value.period}" for value in values], "values")
        for value in values:
            _check_value(value, indicators)
        kept = {(value.indicator, value.period): value for value in (*self.values, *values) if value.indicator in indicators}
        for value in kept.values():
            _check_value(value, indicators)
        places = {code: place for place, code in enumerate(indicators)}
        ordered = sorted(kept.values(), key=lambda value: (places[value.indicator], value.period))
        return replace(self, definition=definition, values=tuple(ordered))

    @property
    def newest_period(self) -> str:
        """The newest period that has values, empty without any; a year is over with its last quarter."""
        return max((value.period for value in self.values), key=lambda period: (period[:4], period[4:] or "-Q5"), default="")

    def in_period(self, period: str) -> Mapping[str, IndexValue]:
        """What was measured in a period, by indicator."""
        return {value.indicator: value for value in self.values if value.period == period}

    def value_of(self, indicator: str, period: str) -> float | None:
        """An indicator's index value, none where it has none in the period."""
        return next((value for one, value in self.against_baseline() if (one.indicator, one.period) == (indicator, period)), None)

    def against_baseline(self) -> Iterator[tuple[IndexValue, float]]:
        """Every value with its index value."""
        indicators = {indicator.code: indicator for indicator in self.definition.indicators}
        yield from ((value, indicators[value.indicator].against_baseline(value.value)) for value in self.values)

    def rows(self, period: str) -> Iterator[IndexRow]:
        """The whole in a period, then each area with its tasks and their indicators."""
        definition = self.definition
        measured = {value.indicator: index_value for value, index_value in self.against_baseline() if value.period == period}
        tasks = {
            task.code: [one for one in definition.indicators if one.task == task.code and one.code in measured] for task in definition.tasks
        }
        means = {code: _mean(measured[one.code] for one in ones) for code, ones in tasks.items()}
        areas = {area.code: [task for task in definition.tasks if task.area == area.code] for area in definition.areas}
        whole = {code: _mean(means[task.code] for task in own) for code, own in areas.items()}
        yield IndexRow(IndexLevel.WHOLE, self.code, definition.title, _mean(whole.values()), len(measured))
        for area in definition.areas:
            below = sum(len(tasks[task.code]) for task in areas[area.code])
            yield IndexRow(IndexLevel.AREA, area.code, area.title, whole[area.code], below)
            for task in areas[area.code]:
                yield IndexRow(IndexLevel.TASK, task.code, task.title, means[task.code], len(tasks[task.code]))
                for one in (one for one in definition.indicators if one.task == task.code):
                    yield IndexRow(IndexLevel.INDICATOR, one.code, one.title, measured.get(one.code), int(one.code in measured))

    def selected(self, *, area: str = "", task: str = "", indicator: str = "") -> list[IndexIndicator]:
        """Indicators of an area, of a task, or the one of that code; all where nothing is named. Raises Refused: NOT_FOUND."""
        definition = self.definition
        for what, code, parts in (
            ("area", area, definition.areas), ("task", task, definition.tasks), ("indicator", indicator, definition.indicators),
        ):  # fmt: skip
            if code and code not in {part.code for part in parts}:
                raise not_found(f"{what} of the index", code)
        tasks = {one.code for one in definition.tasks if area in {"", one.area} and task in {"", one.code}}
        return [one for one in definition.indicators if one.task in tasks and indicator in {"", one.code}]


def _check_value(value: IndexValue, indicators: Mapping[str, IndexIndicator]) -> None:
    if value.indicator not in indicators:
        words = f"the index has no indicator {value.indicator}; `madang index show` lists those that it has"
        raise invalid("INDEX_INDICATOR_UNKNOWN", words, "values", part=value.indicator)
    indicator = indicators[value.indicator]
    if not value.value and indicator.direction is IndexDirection.LESS:
        words = f"{value.indicator} is 0 in {value.period}, and less is better: nothing can be compared with it"
        raise invalid("INDEX_VALUE_ZERO", words, "values", part=value.indicator)
    if indicator.against_baseline(value.value) > MOST:
        words = f"{value.indicator} in {value.period} comes to more than {MOST:,.0f} against its baseline of {indicator.baseline}"
        raise invalid("INDEX_VALUE_RANGE", words, "values", part=value.indicator)


def _check_once(codes: Sequence[str], field: str) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise invalid("DUPLICATE_ITEM", f"{code} is there twice", field, part=code)


def _mean(values: Iterable[float | None]) -> float | None:
    """The plain mean of those that are there."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
