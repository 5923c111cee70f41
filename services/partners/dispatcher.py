"""The dispatcher: hands each waiting event to its owner, one of a subject after the other, and keeps the answer as its receipt."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import grpc
import structlog

from services.kit.clock import Clock
from services.kit.database import Connection, Database, Row
from services.kit.errors import Refused
from services.kit.ids import new_id
from services.kit.metrics import RECEIPTS
from services.kit.retrying import for_ever
from services.kit.text import storable
from services.kit.write import Log
from services.partners.clients import Owners
from services.partners.domain.received import Outcome, Verdict, wait_s
from services.partners.store import received as store
from services.partners.store.delivery import release
from services.partners.wire.owner import OWNERS
from services.partners.wire.received import notice_of

log = structlog.get_logger()
LOCK = 0x6D6164616E68  # one dispatcher a database, beside the relay's lock
POLL_S, AT_ONCE = 0.2, 8


class Dispatcher:
    """One dispatcher a database, under a session advisory lock; a task of the service's own process."""

    def __init__(self, database: Database, outbox: Log, owners: Owners, clock: Clock, *, tries: int, longest_wait_s: float) -> None:
        self._database, self._outbox, self._owners, self._clock = database, outbox, owners, clock
        self._tries, self._longest_wait_s = tries, longest_wait_s

    async def run(self) -> None:
        """Hand over for ever; what goes wrong ends one attempt only."""
        await for_ever("dispatcher", self._attempt)

    async def _attempt(self) -> None:
        """Hold the lock and hand over until something fails. A paused process loses its session, and with it the lock."""
        connection = await self._database.direct(idle_session_timeout="15s")
        under_way: dict[asyncio.Task[None], tuple[str, UUID]] = {}
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 - another process holds it
                await asyncio.sleep(1)
            while True:
                for service in OWNERS:
                    await self._begin(connection, service, under_way)
                for task in await first_done(under_way):
                    del under_way[task]
                    task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            connection.terminate()

    async def _begin(self, connection: Connection, service: str, under_way: dict["asyncio.Task[None]", tuple[str, UUID]]) -> None:
        """Fill the places of one owner: one that does not answer occupies its own only."""
        mine = [received_id for owner, received_id in under_way.values() if owner == service]
        if len(mine) > AT_ONCE // 2:
            return
        for row in await store.waiting(connection, service, mine, AT_ONCE - len(mine)):
            task = asyncio.create_task(self._hand_over(service, row))
            under_way[task] = (service, row["received_id"])

    async def _hand_over(self, service: str, row: Row) -> None:
        try:
            result = await self._owners.hand_over(service, row["request"], row["correlation_id"], row["cause_id"])
            await self._settle(row["received_id"], Verdict(Outcome.ACCEPTED, result=result))
        except Refused as refused:
            await self._settle(row["received_id"], refusal_of(refused))
        except grpc.aio.AioRpcError as error:
            await self._wait(service, row, error)

    async def _wait(self, service: str, row: Row, error: grpc.aio.AioRpcError) -> None:
        tries = row["tries"] + 1
        log.info("an owner cannot take an event now", service=service, status=error.code().name, tries=tries)
        if tries >= self._tries:
            reason = f"{service} could not be reached in {tries} tries; send the event again later"
            await self._settle(row["received_id"], Verdict(Outcome.REFUSED, "OWNER_UNAVAILABLE", "", reason))
            return
        async with self._database.connection() as connection:
            await store.try_later(connection, row["received_id"], wait_s(tries, self._longest_wait_s))

    async def _settle(self, received_id: UUID, verdict: Verdict) -> None:
        """Outcome and receipt in one transaction. Who is late, after a pause or beside another dispatcher, changes nothing."""
        async with self._database.transaction() as connection:
            received = await store.settle(connection, received_id, verdict)
            if received is None:
                return
            now = self._clock.now()
            await release(connection, received.id, verdict.result.id if verdict.result else None, now)
            await self._outbox.notify(connection, notice_of(received, new_id(), now))
        self._outbox.wake()
        RECEIPTS.labels(received.partner, verdict.outcome, verdict.code).inc()


async def first_done(tasks: Iterable["asyncio.Task[None]"]) -> set["asyncio.Task[None]"]:
    """The tasks that are done, as soon as there are some; none where it is time to look for more work."""
    if not (waiting := list(tasks)):
        await asyncio.sleep(POLL_S)
        return set()
    done, _ = await asyncio.wait(waiting, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    return done


def refusal_of(refused: Refused) -> Verdict:
    """What an owner's refusal says to the partner. The key is the event's own id: used before with another body, it was reused."""
    field = refused.violations[0].field if refused.violations else ""
    if refused.code == "IDEMPOTENCY_MISMATCH":
        return Verdict(Outcome.REFUSED, "ID_REUSED", "id", "this id was handed over before with another body")
    return Verdict(Outcome.REFUSED, refused.code, storable(field, 200), storable(refused.message))
