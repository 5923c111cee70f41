"""PostgreSQL: one pool a process, settings by which no lock outlives its holder, and which errors pass by themselves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import structlog
from pydantic_core import to_json

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Row: TypeAlias = asyncpg.Record

log = structlog.get_logger()

# A paused process loses its locks: the server ends its session instead of waiting for it.
SESSION = {
    "idle_in_transaction_session_timeout": "15s",
    "lock_timeout": "10s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "timezone": "UTC",
    "jit": "off",
}
TRANSIENT_STATES = ("08", "25006", "25P03", "40", "53", "55P03", "57P", "58")


def is_transient(error: BaseException) -> bool:
    """Whether the same statement may succeed later: lost connections, full disks, locks, a server that restarts."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate).startswith(TRANSIENT_STATES)
    # asyncpg calls it an internal error when a connection dies between two steps of one statement; the next connection knows nothing of it.
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def is_data_error(error: BaseException) -> bool:
    """Whether a row itself is to blame (classes 22 and 23)."""
    return isinstance(error, asyncpg.PostgresError) and str(error.sqlstate).startswith(("22", "23"))


class Database:
    """A service's own database."""

    def __init__(self, url: str, *, name: str, settings: dict[str, str] | None = None, size: int = 8) -> None:
        self._url, self._size = url, size
        self._settings = SESSION | {"application_name": name} | (settings or {})
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Wait until the database answers; never gives up, since whoever started this process started the database too."""
        while self._pool is None:
            try:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=1,
                    max_size=self._size,
                    timeout=10,
                    server_settings=self._settings,
                    init=_speak_json,
                    command_timeout=60,
                )
            except Exception as error:
                if not is_transient(error) and not isinstance(
                    error, asyncpg.InvalidAuthorizationSpecificationError | asyncpg.InvalidCatalogNameError
                ):
                    raise
                log.info("waiting for the database", reason=str(error))
                await asyncio.sleep(0.3)

    async def close(self) -> None:
        """Close every connection, waiting 10 s at most."""
        if self._pool:
            try:
                await asyncio.wait_for(self._pool.close(), 10)
            except TimeoutError:
                self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection out of the pool."""
        assert self._pool is not None, "the database was not opened"
        async with self._pool.acquire(timeout=10) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self, **options: Any) -> AsyncIterator[Connection]:
        """A connection inside one transaction, READ COMMITTED unless told otherwise."""
        async with self.connection() as connection, connection.transaction(**options):
            yield connection

    async def direct(self, **settings: str) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection of the caller's own, for session locks."""
        connection = await asyncpg.connect(self._url, server_settings=self._settings | settings, timeout=10, command_timeout=60)
        await _speak_json(connection)
        return connection


async def _speak_json(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=lambda value: to_json(value).decode(), decoder=json.loads, schema="pg_catalog")
