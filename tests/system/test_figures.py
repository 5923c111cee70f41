"""Figures on the command line: the command that each names lists as many records as it says, also as of its cut-off later on."""

import asyncio
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from tests.command import madang
from tests.stack import RealStack

REPORTS = [("report", "biennial", "2025"), ("clocks", "--by", "department"), ("coverage", "--quarter", "2026-Q3")]


def figures(found: Any) -> Iterator[dict[str, Any]]:
    """Every figure anywhere in an answer."""
    if isinstance(found, dict) and "opened_by" in found:
        yield found
    elif isinstance(found, dict | list):
        for each in found.values() if isinstance(found, dict) else found:
            yield from figures(each)


@pytest.mark.parametrize("command", REPORTS, ids=" ".join)
async def test_the_command_that_a_figure_names_lists_as_many(sample: RealStack, command: tuple[str, ...]) -> None:
    answered = (await madang(sample.data, *command, "--json")).json
    counts = [figure for figure in figures(answered) if figure["unit"] != "days" and figure["value"]]
    assert counts
    chosen = counts[:: max(1, len(counts) // 5)][:6]
    opened = await asyncio.gather(
        *(madang(sample.data, *shlex.split(figure["opened_by"])[1:], "--json", "--limit", "1") for figure in chosen)
    )
    assert [done.json["total"]["value"] for done in opened] == [figure["value"] for figure in chosen]
