"""The one real stack of a test run: each part is started when the first test asks for it."""

import asyncio
import os
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

import asyncpg

from services.kit.migrations import migrate
from services.local import environment, postgres
from services.local.databases import dsn_of, ensure_database, ensure_roles
from services.local.errors import NotRunning
from services.local.probe import wait_for
from services.local.processes import BROKER, DATABASE, PROCESSES, database_of
from services.local.stack import Stack

ROUNDS = int(os.environ.get("ROUNDS", "1"))  # of each test that kills at moments which follow from a number


class RealStack:
    """A stack in a folder of its own, on free ports; nothing runs before it is asked for."""

    def __init__(self) -> None:
        self.stack = Stack(Path(tempfile.mkdtemp(prefix="madang-tests-")) / "stack")
        self._names = count(1)
        self._started: set[str] = set()
        self._templates: dict[str, str] = {}
        self._lock = asyncio.Lock()

    @property
    def data(self) -> Path:
        """The data folder: what `madang --data` takes."""
        return self.stack.layout.data

    @property
    def bootstrap(self) -> str:
        """Where Kafka listens."""
        return environment.bootstrap_of(self.stack.state)

    @property
    def admin_dsn(self) -> str:
        """PostgreSQL, as its superuser."""
        return postgres.dsn(self.stack.layout)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each service is called, by service."""
        return environment.addresses(self.stack.state)

    def dsn(self, service: str) -> str:
        """A service's own database in this stack, as its owner."""
        return environment.database_dsn(self.stack.layout, self.stack.state, database_of(service))

    def metrics_port(self, process: str) -> int:
        """Of a process, with /metrics, /live and /ready."""
        return self.stack.state.ports[environment.metrics_port(next(item for item in PROCESSES if item.name == process))]

    def kill(self, name: str) -> None:
        """SIGKILL to a process, to `kafka` or to `postgres`; it comes back by itself."""
        self.stack.kill(name)

    def kill_if_running(self, name: str) -> None:
        """SIGKILL, unless it is down from the last one."""
        with suppress(NotRunning, ProcessLookupError):
            self.stack.kill(name)

    async def wait_ready(self, timeout_s: float = 60) -> None:
        """Until everything that was started is ready again."""
        assert await wait_for(self.stack.is_ready, timeout_s), await self.stack.processes()

    async def until(self, service: str, query: str, *values: object, within_s: float = 60) -> None:
        """Ask a service's database until the answer is true."""
        async with asyncio.timeout(within_s):
            connection = await asyncpg.connect(self.dsn(service))
            try:
                while not await connection.fetchval(query, *values):  # noqa: ASYNC110 - PostgreSQL has no event for it
                    await asyncio.sleep(0.02)
            finally:
                await connection.close()

    async def start_database(self) -> None:
        """PostgreSQL with every service's database."""
        async with self._lock:
            if DATABASE not in self._started:
                self.stack.begin(tied=True)
                await self.stack.start_database()
                self._started.add(DATABASE)

    async def start_broker(self) -> None:
        """Kafka with the topics of the registry."""
        async with self._lock:
            if BROKER not in self._started:
                self.stack.begin(tied=True)
                await self.stack.start_broker()
                self._started.add(BROKER)

    async def start_processes(self) -> None:
        """Every process."""
        await asyncio.gather(self.start_database(), self.start_broker())
        await self.stack.start_processes()

    async def fresh_database(self, service: str) -> str:
        """A new, migrated, empty database of a service; answers its address as the service's role."""
        async with self._lock:
            if service not in self._templates:
                self._templates[service] = await self._migrated(service, f"template_{service}")
        name = await ensure_database(self.admin_dsn, service, f"test_{service}_{next(self._names)}", self._templates[service])
        return dsn_of(self.admin_dsn, name, database_of(service))

    async def drop_database(self, dsn: str) -> None:
        """Remove a fresh database, whoever is still connected."""
        connection = await asyncpg.connect(self.admin_dsn)
        await connection.execute(f'DROP DATABASE IF EXISTS "{dsn.rpartition("?")[0].rpartition("/")[2]}" WITH (FORCE)')
        await connection.close()

    async def _migrated(self, service: str, name: str) -> str:
        await ensure_roles(self.admin_dsn)
        await ensure_database(self.admin_dsn, service, name)
        await asyncio.to_thread(migrate, dsn_of(self.admin_dsn, name, database_of(service)), service)
        return name

    async def end(self) -> None:
        """Stop and remove everything, however the run went."""
        try:
            await self.stack.down()
        finally:
            self.stack.purge()
            self.data.parent.rmdir()
