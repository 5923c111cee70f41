"""A store of its own for each test, live and shadow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from services.kit.database import SESSION, Connection, _speak_json
from tests.integration.agenda.carried import Carried, carried
from tests.stack import RealStack


class Store:
    """A migrated agenda database."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._open: list[Connection] = []

    async def connect(self, schema: str = "store") -> Connection:
        """A connection whose unqualified names lead to the store."""
        connection = await asyncpg.connect(self.dsn, server_settings=SESSION | {"search_path": schema})
        await _speak_json(connection)
        self._open.append(connection)
        return connection

    async def end(self) -> None:
        for connection in self._open:
            await connection.close()


@pytest.fixture
async def store(postgres: RealStack, fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Store]:
    store = Store(await fresh_database("agenda"))
    yield store
    await store.end()
    await postgres.drop_database(store.dsn)


@pytest.fixture
async def connection(store: Store) -> Connection:
    return await store.connect()


@pytest.fixture(scope="module")
async def agenda(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Carried]:
    """A served agenda for the tests of one module."""
    async with carried(fresh_database, Path(tmp_path_factory.mktemp("agenda"))) as made:
        yield made
