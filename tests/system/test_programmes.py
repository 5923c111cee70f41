"""Every command of docs/programmes.md runs as it stands on the loaded sample."""

import asyncio
from collections.abc import Awaitable

import pytest

from tests.command import Done, madang
from tests.docs.test_programmes import commands
from tests.stack import RealStack


@pytest.mark.parametrize("command", commands(), ids=" ".join)
async def test_a_programmes_command_answers_on_the_sample(sample: RealStack, command: list[str]) -> None:
    asked: Awaitable[tuple[Done, Done]] = asyncio.gather(madang(sample.data, *command), madang(sample.data, *command, "--json"))
    shown, told = await asked
    assert shown.code == 0, shown.err
    assert shown.out.strip()
    assert told.json
