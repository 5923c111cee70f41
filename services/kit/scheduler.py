"""What falls due is found when its time comes: a row a clock, never a sweep over all rows (docs/flows.md, "A clock").

Which clocks run is a function of an aggregate's state: `Write` keeps the rows equal to it at every save. A clock that rings is one
transaction: lock its aggregate, look again, change the state. Two schedulers pass each other by.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection, Database, is_transient
from services.kit.metrics import CLOCKS
from services.kit.retrying import for_ever

log = structlog.get_logger()
POLL_S = 1.0
# Inside the transaction, the aggregate locked: what the clock of that name means for it. It is told when it fell due, however late that is.
Ring = Callable[[Connection, Call, UUID, datetime], Awaitable[Any]]


class Scheduler:
    """Rings a service's clocks; a part of its process."""

    def __init__(self, database: Database, clock: Clock, rings: Mapping[str, Ring], *, wake: Callable[[], None]) -> None:
        self._database, self._clock, self._rings, self._wake = database, clock, rings, wake

    async def run(self) -> None:
        """Look every second for what is due."""
        await for_ever("scheduler", self._attempt)

    async def _attempt(self) -> None:
        while True:
            await self.ring(self._clock.now())
            await asyncio.sleep(POLL_S)

    async def ring(self, now: datetime) -> int:
        """Ring every clock that is due at `now`; answers how many were."""
        due = 0
        while await self._ring_next(now):
            due += 1
        return due

    async def _ring_next(self, now: datetime) -> bool:
        """Ring the clock that fell due first, unless somebody holds its aggregate; false where there is none."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(NEXT, now, list(self._rings))
            if row is None:
                return False
            # A command may have moved it between the look and the lock.
            due_at = await connection.fetchval(STILL, row["aggregate_id"], row["name"], now)
            if due_at is not None:
                await self._ring(connection, row["aggregate_id"], row["name"], due_at, now)
        self._wake()
        return True

    async def _ring(self, connection: Connection, identity: UUID, name: str, due_at: datetime, now: datetime) -> None:
        """Ring one clock, once; one that cannot be rung is counted and tried again ten minutes later."""
        try:
            async with connection.transaction():
                await self._rings[name](connection, Call.own(f"clock/{name}"), identity, due_at)
                await connection.execute(RUNG, identity, name, due_at)
        except Exception as error:
            if is_transient(error):
                raise
            log.exception("a clock cannot be rung", clock=name, aggregate_id=str(identity))
            CLOCKS.labels(name, "failed").inc()
            await connection.execute(LATER, identity, name, now)
        else:
            CLOCKS.labels(name, "rung").inc()


async def keep_clocks(connection: Connection, identity: UUID, clocks: Mapping[str, datetime]) -> None:
    """Make an aggregate's rows those that its state asks for."""
    await connection.execute(KEEP, identity, list(clocks), list(clocks.values()))


# The aggregate is what every command locks first; what somebody holds is left to the next look.
NEXT = """
    SELECT clock.aggregate_id, clock.name FROM clock JOIN aggregate ON aggregate.id = clock.aggregate_id
    WHERE clock.next_try_at <= $1 AND clock.name = ANY ($2::text[]) ORDER BY clock.next_try_at LIMIT 1
    FOR UPDATE OF aggregate SKIP LOCKED"""
STILL = "SELECT due_at FROM clock WHERE aggregate_id = $1 AND name = $2 AND next_try_at <= $3"
RUNG = "DELETE FROM clock WHERE aggregate_id = $1 AND name = $2 AND due_at = $3"
LATER = "UPDATE clock SET next_try_at = $3::timestamptz + interval '10 minutes' WHERE aggregate_id = $1 AND name = $2"
KEEP = """
    WITH wanted AS (SELECT * FROM unnest($2::text[], $3::timestamptz[]) AS wanted (name, due_at)),
         gone AS (DELETE FROM clock WHERE aggregate_id = $1 AND name <> ALL ($2::text[]))
    INSERT INTO clock (aggregate_id, name, due_at, next_try_at) SELECT $1, name, due_at, due_at FROM wanted
    ON CONFLICT (aggregate_id, name) DO UPDATE SET due_at = excluded.due_at, next_try_at = excluded.due_at
    WHERE clock.due_at <> excluded.due_at"""
