"""python -m benchmarks [GROUP …] [--items N] [--tiny]: measure, print the table; everything at its usual size is written to results.md."""

import argparse
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from benchmarks import at_size, commands, freshness, machine, projector, reads, search, suggestions
from benchmarks.rounds import FULL, TINY, Row, Series, Size, note, shown

GROUPS: dict[str, Callable[[Size], Awaitable[list[Row]]]] = {
    "commands": commands.measure,
    "reads": reads.measure,
    "projector": projector.measure,
    "search": search.measure,
    "suggestions": suggestions.measure,
    "size": at_size.measure,
    "freshness": freshness.measure,
}
RESULTS = Path(__file__).with_name("results.md")
INTRODUCTION = """\
# Results

Made by `make bench`; the agenda with [a million items](results-million.md), and [what is missed](floors.md). Each line is a ratio in one
run: ours and theirs took turns, in the opposite order each round, after one round that does not count. Figures are medians with least and
most. A ratio above 1 is better than theirs, whatever the unit; floor and goal are what the project asks of it. Absolute figures say little
on a shared machine.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios against the parts below and beside us.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)}; all where none is named")
    parser.add_argument("--tiny", action="store_true", help="only try that everything works; nothing is written")
    parser.add_argument("--items", type=int, metavar="N", help="another number of items in the store")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    size = TINY if options.tiny else FULL
    page = uvloop.run(_measure(options.groups or list(GROUPS), replace(size, items=options.items or size.items)))
    print(page)
    if not (options.tiny or options.groups or options.items):
        RESULTS.write_text(page, encoding="utf-8")


async def _measure(groups: Sequence[str], size: Size) -> str:
    began, rows = time.monotonic(), []
    for name in groups:
        note(f"{name} …")
        rows += await GROUPS[name](size)
    return report(rows, size, time.monotonic() - began)


def report(rows: Sequence[Row], size: Size, seconds: float) -> str:
    """The page."""
    lines = [
        INTRODUCTION,
        *(f"- {line}" for line in machine.describe()),
        f"- {size.rounds} rounds, {size.events:,} events, {size.items:,} items, {seconds / 60:.1f} minutes in all\n",
        "| Measure | Ours | Against | Theirs | Ratio | Floor | Goal |",
        "|---|---|---|---|---|---|---|",
        *map(_line, rows),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    floor, goal = map(shown, row.wanted) if row.wanted else ("", "")
    cells = [
        row.measure,
        _cell(row.ours, row.unit),
        row.against,
        _cell(row.theirs, row.their_unit or row.unit),
        str(row.ratios),
        floor,
        goal,
    ]
    return f"| {' | '.join(cells)} |"


def _cell(series: Series, unit: str) -> str:
    return f"{series} {unit}"


if __name__ == "__main__":
    main()
