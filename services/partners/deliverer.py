"""The deliverer: sends what is due to webhooks, each for itself, and keeps what came of it."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import structlog

from services.kit.clock import Clock
from services.kit.database import Database, Row
from services.kit.metrics import DELIVERIES
from services.kit.retrying import for_ever
from services.partners.dispatcher import first_done
from services.partners.domain.webhook import DeliveryStatus, Try, Webhook, WebhookStatus, next_try
from services.partners.sender import Sender
from services.partners.service.webhook import Webhooks
from services.partners.store import delivery as store
from services.partners.store.webhook import WEBHOOKS

log = structlog.get_logger()
# A try ends within 10 s; whoever died with it leaves it to the next after this.
LEASE = timedelta(seconds=30)
# So many webhooks at once, and so many deliveries to each at a time.
AT_ONCE, AT_A_TIME = 16, {WebhookStatus.ACTIVE: 4, WebhookStatus.FAILING: 1, WebhookStatus.PAUSED: 0}


class Deliverer:
    """Any number of them beside each other: what one has claimed, another passes by."""

    def __init__(self, database: Database, webhooks: Webhooks, sender: Sender, clock: Clock) -> None:
        self._database, self._webhooks, self._sender, self._clock = database, webhooks, sender, clock

    async def run(self) -> None:
        """Deliver for ever; what goes wrong ends one attempt only."""
        await for_ever("deliverer", self._attempt)

    async def _attempt(self) -> None:
        """Serve each webhook that has something due in a task of its own: one that is slow occupies its own place only."""
        under_way: dict[asyncio.Task[None], UUID] = {}
        try:
            while True:
                await self._begin(under_way)
                for task in await first_done(under_way):
                    del under_way[task]
                    task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _begin(self, under_way: "dict[asyncio.Task[None], UUID]") -> None:
        if not (places := AT_ONCE - len(under_way)):
            return
        async with self._database.connection() as connection:
            found = await store.due(connection, self._clock.now(), list(under_way.values()), places)
        for webhook_id in found:
            under_way[asyncio.create_task(self._serve(webhook_id))] = webhook_id

    async def _serve(self, webhook_id: UUID) -> None:
        """Claim, send outside of any transaction, settle."""
        async with self._database.transaction() as connection:
            webhook = await WEBHOOKS.load(connection, webhook_id)
            assert webhook is not None, "webhooks are never removed"
            rows = await store.claim(connection, webhook_id, self._clock.now(), LEASE, AT_A_TIME[webhook.status])
        for failure in await asyncio.gather(*(self._deliver(webhook, row) for row in rows), return_exceptions=True):
            if failure:
                raise failure

    async def _deliver(self, webhook: Webhook, row: Row) -> None:
        tried = await self._sender.send(webhook, row["event_id"], row["body"], self._clock.now())
        now = self._clock.now()
        again_at = next_try(row["tries"], now, random.random()) if tried.error else None  # noqa: S311 - jitter is no secret
        status = _status_of(tried, again=again_at is not None)
        async with self._database.transaction() as connection:
            if await store.mark(connection, row, status, tried, now, again_at):
                await self._webhooks.settle(connection, webhook.id, tried)
        DELIVERIES.labels(webhook.partner, "failed" if tried.error else "delivered").inc()
        if tried.error:
            log.info("a delivery failed", webhook_id=str(webhook.id), tries=row["tries"], status=tried.status_code, reason=tried.error)


def _status_of(tried: Try, *, again: bool) -> DeliveryStatus:
    if not tried.error:
        return DeliveryStatus.DELIVERED
    return DeliveryStatus.WAITING if again else DeliveryStatus.GIVEN_UP
