"""The life of a process: open, run every part until SIGTERM or a failure, close."""

import asyncio
import signal
from collections.abc import Sequence
from typing import Any, Protocol

import structlog
import uvloop

from services.kit import logs, metrics, traces
from services.kit.database import Database
from services.kit.settings import Settings

log = structlog.get_logger()


class Part(Protocol):
    """Something that runs as long as its process; an exception from it ends the process with status 1."""

    async def run(self) -> None:
        """Run until cancelled."""
        ...


class Process:
    """A database and the parts that live on it; `also`: further ways into it, such as another schema's."""

    def __init__(self, settings: Settings, name: str, database: Database, parts: Sequence[Part], *, also: Sequence[Database] = ()) -> None:
        self._settings, self._name, self._databases, self._parts = settings, name, [database, *also], parts
        self._ready = False

    def run(self) -> None:
        """Run to the end; called once, by `__main__`."""
        logs.configure(self._name, self._settings.log_level)
        traces.start(self._settings.otlp_endpoint, self._name)
        try:
            uvloop.run(self._until_signal())
        finally:
            traces.stop()

    async def _until_signal(self) -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await self.live(stopped)

    async def live(self, stopped: asyncio.Event) -> None:
        """Open the databases, run every part until `stopped` is set, close. Raises SystemExit where a part ended by itself."""
        health = metrics.serve(self._settings.metrics_listen, lambda: self._ready)
        opened, end = asyncio.create_task(self._open()), asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait({opened, end}, return_when=asyncio.FIRST_COMPLETED)
            if not stopped.is_set():
                opened.result()
                await self._run_parts(end)
        finally:
            opened.cancel()
            end.cancel()
            for database in self._databases:
                await database.close()
            health.shutdown()
            health.server_close()

    async def _open(self) -> None:
        for database in self._databases:
            await database.open()

    async def _run_parts(self, end: "asyncio.Task[Any]") -> None:
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(part.run(), name=type(part).__name__) for part in self._parts]
        self._ready = True
        log.info("started", listen=self._settings.listen)
        done, _ = await asyncio.wait({*tasks, end}, return_when=asyncio.FIRST_COMPLETED)
        self._ready = False
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done - {end}:
            log.critical("a part ended", part=task.get_name(), exc_info=task.exception() if not task.cancelled() else None)
            raise SystemExit(1)
        log.info("stopped")
