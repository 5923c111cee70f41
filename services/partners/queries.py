"""Questions about partners, what they have sent and what they are sent, answered from rows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.kit import topics
from services.kit.database import Database
from services.kit.errors import not_found
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.write import Written
from services.partners.domain.key import Key, KeyStatus
from services.partners.domain.partner import Partner, PartnerStatus, Usage, day_of, partner_id_of
from services.partners.domain.received import Outcome, Received
from services.partners.domain.webhook import Delivery, DeliveryStatus, Webhook, WebhookStatus
from services.partners.store.delivery import DELIVERIES
from services.partners.store.key import KEYS
from services.partners.store.partner import PARTNERS, usage_of
from services.partners.store.received import RECEIVED, find
from services.partners.store.webhook import WEBHOOKS

DESIGNATED = "designated_from <= $ AND (designated_until IS NULL OR designated_until >= $)"
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Listing:
    """Which received events, and which page of them."""

    page: Page
    partner: str | None
    outcome: Outcome | None
    event_id: str | None
    chain_id: UUID | None


@dataclass(frozen=True, slots=True)
class PartnerListing:
    """Which partners, and which page of them."""

    page: Page
    designated: bool
    programme: str | None
    status: PartnerStatus | None


@dataclass(frozen=True, slots=True)
class KeyListing:
    """Which keys, and which page of them."""

    page: Page
    partner: str | None
    status: KeyStatus | None


@dataclass(frozen=True, slots=True)
class WebhookListing:
    """Which webhooks, and which page of them."""

    page: Page
    partner: str | None
    status: WebhookStatus | None


@dataclass(frozen=True, slots=True)
class DeliveryListing:
    """Which deliveries, and which page of them."""

    page: Page
    partner: str | None
    webhook_id: UUID | None
    status: DeliveryStatus | None


class PartnerQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._rows = database, Queries(database, tokens)

    async def partner(self, code: str) -> tuple[Partner, Written]:
        """One partner with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(PARTNERS, partner_id_of(code), code)

    async def usage(self, code: str, now: datetime) -> Usage:
        """What counted for a partner today."""
        async with self._database.connection() as connection:
            return await usage_of(connection, code, day_of(now))

    async def partners(self, listing: PartnerListing, now: datetime) -> tuple[list[Partner], str, int]:
        """A page, newest first, the token of the next, and how many there are on all of them."""
        conditions = [
            (DESIGNATED, day_of(now) if listing.designated else None),
            ("programme = $", listing.programme),
            ("status = $", listing.status),
        ]
        found, token = await self._rows.page(PARTNERS, listing.page, conditions)
        return found, token, await self._rows.count(PARTNERS, conditions)

    async def key(self, key_id: UUID) -> Key:
        """One key. Raises Refused: NOT_FOUND."""
        return (await self._rows.one(KEYS, key_id))[0]

    async def keys(self, listing: KeyListing) -> tuple[list[Key], str]:
        """A page of keys, newest first, and the token of the next."""
        return await self._rows.page(KEYS, listing.page, [("partner = $", listing.partner), ("status = $", listing.status)])

    async def webhook(self, webhook_id: UUID) -> tuple[Webhook, Written]:
        """One webhook with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(WEBHOOKS, webhook_id)

    async def webhooks(self, listing: WebhookListing) -> tuple[list[Webhook], str]:
        """A page of webhooks, newest first, and the token of the next."""
        return await self._rows.page(WEBHOOKS, listing.page, [("partner = $", listing.partner), ("status = $", listing.status)])

    async def deliveries(self, listing: DeliveryListing) -> tuple[list[Delivery], str]:
        """A page of deliveries, newest first, and the token of the next."""
        conditions = [("partner = $", listing.partner), ("webhook_id = $", listing.webhook_id), ("status = $", listing.status)]
        return await self._rows.page(DELIVERIES, listing.page, conditions)

    async def received_event(self, received_id: UUID) -> Received:
        """One received event. Raises Refused: NOT_FOUND."""
        async with self._database.connection() as connection:
            found = await find(connection, received_id)
        if found is None:
            raise not_found("received event", received_id)
        return found

    async def received(self, listing: Listing) -> tuple[list[Received], str]:
        """A page of received events, newest first, and the token of the next."""
        conditions = [
            ("partner = $", listing.partner),
            ("outcome = $", listing.outcome),
            ("event_id = $", listing.event_id),
            ("(correlation_id = $ OR cause_id = $)", listing.chain_id),
        ]
        return await self._rows.page(RECEIVED, listing.page, conditions)


class Inboxes:
    """How far the inboxes are, in the log and here."""

    def __init__(self, database: Database, *, bootstrap: str, consumer: str) -> None:
        self._database, self._bootstrap, self._consumer = database, bootstrap, consumer

    async def drain(self) -> int:
        """Wait until what stands in the inboxes now is stored and has its outcome; answers how much that was."""
        ends = await self._ends()
        unread = await _until_none(lambda: self._missing(ends))
        async with self._database.connection() as connection:
            last = await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM received_event")
        return unread + await _until_none(lambda: self._waiting(last))

    async def _ends(self) -> dict[TopicPartition, int]:
        """Where each partition of each inbox ends, behind the last finished transaction."""
        async with self._database.connection() as connection:
            inboxes = [PARTNERS.of(row).inbox for row in await connection.fetch(PARTNERS.select)]
        there = await topics.partitions(self._bootstrap)
        places = [TopicPartition(inbox, number) for inbox in inboxes for number in range(there.get(inbox, 0))]
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, isolation_level="read_committed")
        consumer.assign(places)
        try:
            await consumer.start()
            return dict(await consumer.end_offsets(places)) if places else {}
        finally:
            await consumer.stop()

    async def _missing(self, ends: dict[TopicPartition, int]) -> int:
        async with self._database.connection() as connection:
            rows = await connection.fetch("SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer = $1", self._consumer)
        reached = {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        return sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())

    async def _waiting(self, last: int) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval("SELECT count(*) FROM received_event WHERE outcome = 'waiting' AND sequence <= $1", last))


async def _until_none(left: Callable[[], Awaitable[int]]) -> int:
    """Look until nothing is left; answers how much there was at first."""
    first = now = await left()
    while now:
        await asyncio.sleep(LOOK_EVERY_S)
        now = await left()
    return first
