"""The workshops service, running for the tests of this folder."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.innovations import Stub
from tests.serving import Served, serving


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("workshops")
    async with serving("workshops", dsn, Path(tmp_path_factory.mktemp("workshops"))) as running:
        yield running


@pytest.fixture
def stub(served: Served) -> Stub:
    return Stub(served.channel)
