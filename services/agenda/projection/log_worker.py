"""A process that applies the facts topics: Faust hands out batches, PostgreSQL keeps the offsets (ADR 0001, 0002).

Whatever this process cannot mend ends it: its supervisor starts it again, and it reads on where PostgreSQL stands.
"""

import asyncio
import logging
import os
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, Never, Protocol, TypeVar

import faust
import mode
import structlog
import uvloop

from services.agenda.projection.facts import TOPICS
from services.agenda.projection.freshness import Snapshot, now_of
from services.agenda.projection.log_ends import ends_of, log_reader, partitions
from services.agenda.settings import AgendaSettings
from services.kit import logs, metrics, offsets, traces
from services.kit.consumer import cluster_id
from services.kit.database import Connection, Database, is_transient
from services.kit.envelope import Record
from services.kit.faust_batches import BatchTransport
from services.kit.offsets import Place
from services.kit.retrying import for_ever, passes

log = structlog.get_logger()
T = TypeVar("T")
ATTEMPT_S, PATIENCE_S, BEAT_S, STUCK_S = 10.0, 30.0, 0.5, 60.0
SNAPSHOTS = 240  # two minutes of them: what takes longer to apply is news for nobody
FAUST: dict[str, Any] = {
    "store": "memory://",
    "topic_allow_declare": False,
    "topic_disable_leader": True,
    "stream_wait_empty": True,
    # A message is a whole fetch here, so that this bounds the memory.
    "stream_buffer_maxsize": 8,
    "broker_max_poll_records": 2_000,
    "broker_commit_interval": 1.0,
    "broker_session_timeout": 10,
    "broker_heartbeat_interval": 2,
    "broker_rebalance_timeout": 15,
    "consumer_auto_offset_reset": "earliest",
    "producer_threaded": False,
    "agent_supervisor": mode.CrashingSupervisor,
    "web_enabled": False,
}


class Effects(Protocol):
    """What a process makes of the log. Called from the worker's event loop; whatever is raised and does not pass by itself ends it."""

    async def begin(self, connection: Connection) -> None:
        """Called once, before the first batch."""
        ...

    def is_held(self, topic: str) -> bool:
        """Whether records of a topic are to be left alone; must not block."""
        ...

    async def apply(self, database: Database, records: Sequence[Any]) -> Sequence[Record]:
        """Apply a batch of one partition in one transaction with its offset; answers what was new. Called again where it could not."""
        ...

    async def beat(self, connection: Connection, snapshots: Sequence[Snapshot], applied: Mapping[Place, int]) -> int:
        """Called twice a second with the ends of the log, oldest first, and how far it is applied; answers how many records are left."""
        ...


class LogWorker:
    """One of several workers of one consumer group, each with an instance id of its own."""

    def __init__(self, settings: AgendaSettings, name: str, database: Callable[[], Database], effects: Effects) -> None:
        self._settings, self._bootstrap, self._name = settings, settings.kafka_bootstrap_servers, name
        self._open, self._database, self._effects = database, database(), effects
        self._is_ready, self._beaten_at = False, 0.0

    def run(self) -> None:
        """Run to the end; called once, by `__main__`."""
        logs.configure(self._name, self._settings.log_level)
        traces.start(self._settings.otlp_endpoint, self._name)
        metrics.serve(self._settings.metrics_listen, lambda: self._is_ready)
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        asyncio.run(self._wait_for_parts())
        self._beaten_at = time.monotonic()
        Thread(target=self._guard, daemon=True, name="guard").start()
        worker = _Worker(self._app(), self._begin, redirect_stdouts=False, override_logging=False, quiet=True)
        worker.execute_from_commandline()

    async def _wait_for_parts(self) -> None:
        """Wait for the database, the broker and the topics; whoever started this process started those too, or soon will."""
        database = self._open()
        await database.open()
        await database.close()
        while True:
            try:
                await partitions(self._bootstrap)
            except Exception as error:
                if not passes(error):
                    raise
                log.info("waiting for the broker and its topics", reason=repr(error))
                await asyncio.sleep(0.5)
            else:
                return

    def _app(self) -> Any:
        app = faust.App(
            self._name, broker=f"kafka://{self._bootstrap.replace(',', ';')}", datadir=Path(tempfile.gettempdir()) / "madang-faust",
            consumer_group_instance_id=f"{self._name}-{self._settings.instance}", **FAUST,
        )  # fmt: skip
        app.transport = BatchTransport(app.conf.broker, app, self)
        for topic in TOPICS:
            app.agent(app.topic(topic, key_serializer="raw", value_serializer="raw"), name=topic)(self._consume)
        return app

    async def _begin(self) -> None:
        """Inside Faust's event loop, before it subscribes: a log that is another one is noticed before anything is compared with it."""
        await self._database.open()
        async with log_reader(self._bootstrap) as reader:
            places = await partitions(self._bootstrap)
            await self.starts(lambda: ends_of(reader, places))
        async with self._database.connection() as connection:
            await self._effects.begin(connection)
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _consume(self, stream: Any) -> None:
        async for event in stream.noack().events():
            await self._apply(event.value)
            event.ack()

    async def _apply(self, records: Sequence[Any]) -> None:
        """Apply a batch, again for 30 s where something passes by itself. No exception may reach Faust: it would skip the batch."""
        began, wait = time.monotonic(), 0.1
        while True:
            try:
                async with asyncio.timeout(ATTEMPT_S):
                    new = await self._effects.apply(self._database, records)
            except Exception as error:  # noqa: BLE001 - whatever it is, Faust must not see it
                if not is_transient(error) or time.monotonic() - began > PATIENCE_S:
                    end(
                        "a batch cannot be applied", error, topic=records[0].topic, partition=records[0].partition, offset=records[0].offset
                    )
                log.warning("a batch is applied again", reason=repr(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 3.0)
            else:
                seconds = time.monotonic() - began
                metrics.BATCH_SECONDS.labels(self._name).observe(seconds)
                metrics.APPLIED.labels(records[0].topic).inc(len(new))
                traces.applied(self._name, new, seconds)
                return

    def is_held(self, topic: str) -> bool:
        """Whether a topic waits for an operator."""
        return self._effects.is_held(topic)

    async def starts(self, ends: offsets.AskEnds) -> Mapping[Place, int]:
        """Where to read on; a log that is another one is read from its beginning."""
        return await _or_end(lambda: self._starts(ends))

    async def _starts(self, ends: offsets.AskEnds) -> Mapping[Place, int]:
        return await offsets.starts(self._database, self._name, await cluster_id(self._bootstrap), ends)

    async def applied(self) -> Mapping[Place, int]:
        """The next offset of every partition; nothing while the database cannot say."""
        try:
            async with self._database.connection() as connection:
                return await offsets.next_offsets(connection, self._name)
        except Exception as error:
            if not is_transient(error):
                raise
            return {}

    def _guard(self) -> None:
        """From a thread of its own: a process whose heart stands still, whatever holds it, is ended and begins anew."""
        while time.monotonic() - self._beaten_at < PATIENCE_S:
            time.sleep(1)
        end("no heartbeat came through", after_s=PATIENCE_S)

    async def _watch(self) -> None:
        try:
            await for_ever("the heartbeat", self._beat)
        except Exception as error:  # noqa: BLE001 - a worker without a heartbeat must not go on
            end("the heartbeat ended", error)

    async def _beat(self) -> None:
        """Again and again: how far the log is applied, and whether that moves."""
        mover, lag, snapshots = _Mover(), metrics.Lag(self._name), deque[Snapshot](maxlen=SNAPSHOTS)
        applied: Mapping[Place, int] = {}
        async with log_reader(self._bootstrap) as reader:
            places = await partitions(self._bootstrap)
            while True:
                async with self._database.connection() as connection:
                    asked_at = await now_of(connection)
                    ends = await ends_of(reader, places)
                    if short := [place for place, last in ends.items() if last < applied.get(place, 0)]:
                        end("the log is shorter than what was applied; the next start reads it from its beginning", places=short)
                    snapshots.append(Snapshot(asked_at, ends))
                    applied = await offsets.next_offsets(connection, self._name)
                    behind = await self._effects.beat(connection, snapshots, applied)
                due = {place: last for place, last in ends.items() if not self._effects.is_held(place[0])}
                if mover.is_stuck(sum(applied.values()), is_behind=not Snapshot(asked_at, due).is_applied(applied)):
                    end("nothing was applied for a minute", behind=behind)
                lag.set(behind)
                self._is_ready, self._beaten_at = True, time.monotonic()
                await asyncio.sleep(BEAT_S)


class _Mover:
    """Tells whether the offsets move while there is something to do."""

    def __init__(self) -> None:
        self._sum, self._moved_at = -1, time.monotonic()

    def is_stuck(self, applied: int, *, is_behind: bool) -> bool:
        now = time.monotonic()
        if applied != self._sum or not is_behind:
            self._sum, self._moved_at = applied, now
        return now - self._moved_at > STUCK_S


class _Worker(faust.Worker):
    """Faust's worker with our beginning."""

    def __init__(self, app: Any, begin: Callable[[], Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.spinner = None  # it writes to the terminal, and this process's output is a log
        self._begin = begin

    async def on_first_start(self) -> None:
        await super().on_first_start()
        await self._begin()


async def _or_end(attempt: Callable[[], Awaitable[T]]) -> T:
    """What passes by itself is waited for, 30 s long; everything else ends the process rather than reach Faust."""
    began = time.monotonic()
    while True:
        try:
            return await attempt()
        except Exception as error:  # noqa: BLE001 - whatever it is, Faust must not see it
            if not passes(error) or time.monotonic() - began > PATIENCE_S:
                end("this worker cannot go on", error)
            log.warning("this worker waits", reason=repr(error))
            await asyncio.sleep(0.5)


def end(why: str, error: BaseException | None = None, **values: Any) -> Never:
    """End the process at once: nothing is acknowledged that is not committed."""
    log.critical(why, exc_info=error, **values)
    logging.shutdown()
    os._exit(1)
