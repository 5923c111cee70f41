"""Ratios in one run: contenders take turns, so that whatever else the machine does meets all of them."""

import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Run = Callable[[], Awaitable[float]]
Wanted = tuple[float, float] | None  # a floor and a goal
Asked = tuple[Sequence[Any], Callable[[Any], Awaitable[object]]]  # what is asked, and how


@dataclass(frozen=True, slots=True)
class Series:
    """One contender's figure, once a round."""

    values: Sequence[float]

    def __str__(self) -> str:
        return f"{shown(median(self.values))} ({shown(min(self.values))}–{shown(max(self.values))})"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: ours against theirs. `wanted` is what the project asks of it, a floor and a goal."""

    measure: str
    unit: str
    ours: Series
    against: str
    theirs: Series
    wanted: Wanted = None
    less_is_better: bool = False
    their_unit: str = ""  # where it is another one

    @property
    def ratios(self) -> Series:
        """How many times theirs ours is, round by round; above 1 is better than theirs either way."""
        pairs = list(zip(self.ours.values, self.theirs.values, strict=True))
        return Series([theirs / ours if self.less_is_better else ours / theirs for ours, theirs in pairs])


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rounds, seconds of a timed round, events in the log, items in the search."""

    rounds: int
    seconds: float
    events: int
    items: int


FULL = Size(rounds=5, seconds=3.0, events=20_000, items=100_000)
TINY = Size(rounds=2, seconds=0.5, events=1_000, items=1_000)


async def alternate(contenders: Mapping[str, Run], rounds: int) -> dict[str, Series]:
    """Let all take part in every round, each time in the opposite order; a first round warms up and does not count."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name in list(contenders)[:: 1 if number % 2 else -1]:
            began = time.perf_counter()
            value = await contenders[name]()
            note(f"  round {number} {name}: {shown(value)}  ({time.perf_counter() - began:.1f} s)")
            if number:
                found[name].append(value)
    return {name: Series(values) for name, values in found.items()}


async def one_by_one(what: str, ours: Asked, against: str, theirs: Asked, rounds: int, wanted: Wanted = None) -> list[Row]:
    """Everything is asked once a round, one after the other: the time that one in twenty exceeds, and the median."""
    medians: dict[str, list[float]] = {"ours": [], "theirs": []}
    runs = {name: _timed(asked, medians[name]) for name, asked in (("ours", ours), ("theirs", theirs))}
    p95 = await alternate(runs, rounds)
    typical = {name: Series(values[1:]) for name, values in medians.items()}
    return [
        Row(f"{what}, p95", "ms", p95["ours"], against, p95["theirs"], wanted, less_is_better=True),
        Row(f"{what}, median", "ms", typical["ours"], against, typical["theirs"], less_is_better=True),
    ]


def _timed(asked: Asked, medians: list[float]) -> Run:
    things, ask = asked

    async def run() -> float:
        taken = []
        for thing in things:
            began = time.perf_counter()
            await ask(thing)
            taken.append((time.perf_counter() - began) * 1e3)
        medians.append(median(taken))
        return percentile(taken, 0.95)

    return run


def note(text: str) -> None:
    """Progress, beside the result."""
    print(text, file=sys.stderr, flush=True)


def shown(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
