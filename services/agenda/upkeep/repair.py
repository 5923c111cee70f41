"""Gaps in versions, repaired by their owners: what is missing is sent again, through the topic, once a gap."""

import asyncio
from datetime import timedelta

import grpc
import structlog
from prometheus_client import Gauge

from services.agenda.clients import Logs
from services.kit.database import Connection, Database, Row
from services.kit.retrying import for_ever

log = structlog.get_logger()
EVERY_S = 1.0
GRACE = timedelta(seconds=10)  # for the relay to send again and the projector to apply
VERSION_GAPS = Gauge("madang_version_gaps", "Gaps in the versions of an aggregate, by state.", ["state"])
STATES = ("open", "asked", "unrepairable")


class GapRepair:
    """A part of the server's process; `store` leads to the store."""

    def __init__(self, store: Database, logs: Logs) -> None:
        self._store, self._logs = store, logs

    async def run(self) -> None:
        """Repair for ever."""
        await for_ever("repairing gaps", self._look)

    async def _look(self) -> None:
        async with self._store.connection() as connection:
            await connection.execute(CLOSE)
            await self._give_up(connection)
            for gap in await connection.fetch("SELECT * FROM version_gap WHERE state = 'open' AND noticed_at < now() - interval '1 s'"):
                await self._ask(connection, gap)
            await self._measure(connection)
        await asyncio.sleep(EVERY_S)

    async def _ask(self, connection: Connection, gap: Row) -> None:
        """Ask the owner; one that can't be reached is asked again later."""
        key = (gap["aggregate_id"], gap["from_version"], gap["to_version"])
        if gap["service"] not in self._logs.services:
            return
        try:
            events = await self._logs.replay(gap["service"], *key)
        except grpc.aio.AioRpcError as error:
            log.warning("a gap waits for its owner", service=gap["service"], reason=error.details())
            return
        log.warning("a gap in versions; its owner sends again", service=gap["service"], aggregate=str(key[0]), events=events)
        await connection.execute(ASKED, *key)

    async def _give_up(self, connection: Connection) -> None:
        for gap in await connection.fetch(GIVE_UP, GRACE):
            log.critical("a gap in versions cannot be repaired", service=gap["service"], aggregate=str(gap["aggregate_id"]),
                         from_version=gap["from_version"], to_version=gap["to_version"], repair="madang deadletters list")  # fmt: skip

    async def _measure(self, connection: Connection) -> None:
        counts = {row["state"]: row["gaps"] for row in await connection.fetch("SELECT state, count(*) AS gaps FROM version_gap GROUP BY 1")}
        for state in STATES:
            VERSION_GAPS.labels(state).set(counts.get(state, 0))


ASKED = """
    UPDATE version_gap SET state = 'asked', asked_at = clock_timestamp()
    WHERE aggregate_id = $1 AND from_version = $2 AND to_version = $3 AND state = 'open'"""
# Also one that was given up: a letter may have been applied again.
CLOSE = """
    DELETE FROM version_gap AS g
    WHERE to_version - from_version + 1 = (
        SELECT count(*) FROM event AS e
        WHERE e.aggregate_id = g.aggregate_id AND e.version BETWEEN g.from_version AND g.to_version)"""
# The store must have read on past what was sent again before anybody says that it did not help.
GIVE_UP = """
    UPDATE version_gap AS g SET state = 'unrepairable'
    WHERE state = 'asked' AND asked_at + $1::interval < (SELECT as_of FROM progress WHERE name = 'projector')
    RETURNING aggregate_id, from_version, to_version, service"""
