"""Partners die while they deliver: what was on its way arrives, at least once and under the same id, and nothing is lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from madang.partners.v1 import webhook_messages_pb2 as pb
from services.partners.deliverer import LEASE, Deliverer
from services.partners.domain.webhook import Try, Webhook
from services.partners.sender import Sender
from services.partners.store.delivery import claim, put
from services.partners.store.webhook import WEBHOOKS
from tests.integration.partners.conftest import Partner, Town
from tests.integration.partners.hooks import INSIDE, Desk, works
from tests.integration.partners.receiver import receiving
from tests.integration.partners.test_kills import process
from tests.serving import MovedClock
from tests.stack import ROUNDS


class DiesAfterSending(Sender):
    """Sends, and is gone before that is noted, the first time."""

    def __init__(self) -> None:
        super().__init__(private=True)
        self.died = asyncio.Event()

    async def send(self, webhook: Webhook, event_id: UUID, body: bytes, now: datetime) -> Try:
        tried = await super().send(webhook, event_id, body, now)
        if not self.died.is_set():
            self.died.set()
            await asyncio.sleep(3600)
        return tried


@asynccontextmanager
async def running(deliverer: Deliverer) -> AsyncIterator[None]:
    """A deliverer, killed at the end of the block."""
    task = asyncio.create_task(deliverer.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_kill_between_sending_and_noting_it_ends_in_the_same_event_sent_again(town: Town, partner: Partner) -> None:
    async with receiving() as receiver:
        async with town.partners(**INSIDE) as served:
            await partner.register(served)
            added = await Desk(partner, served).add(receiver.url)
        clock, sender = MovedClock(datetime.now(UTC)), DiesAfterSending()
        async with works(town, clock) as parts:
            hook_id = UUID(added.webhook.webhook_id)
            async with parts.database.transaction() as connection:
                hook = await WEBHOOKS.load(connection, hook_id)
                assert hook
                await put(connection, hook, uuid4(), "x", hook_id, b"{}", clock.at)
            async with running(parts.deliverer(sender)):
                await asyncio.wait_for(sender.died.wait(), 20)
            async with running(parts.deliverer(sender)):
                await asyncio.sleep(1)
                assert len(receiver.heard) == 1  # whoever died with it may still be at it
                clock.at += LEASE
                await town.until("SELECT 1 FROM delivery WHERE webhook_id = $1 AND status = 'delivered' AND tries = 2", hook_id)
        assert len(receiver.heard) == 2
        assert len(set(receiver.ids())) == 1


async def test_what_one_has_claimed_another_passes_by_and_does_not_wait_for(town: Town, partner: Partner) -> None:
    async with town.partners(**INSIDE) as served:
        await partner.register(served)
        hook_id = UUID((await Desk(partner, served).add("http://127.0.0.1:1/")).webhook.webhook_id)
    now = datetime.now(UTC)
    async with works(town) as parts:
        async with parts.database.transaction() as connection:
            hook = await WEBHOOKS.load(connection, hook_id)
            assert hook
            for _ in range(3):
                await put(connection, hook, uuid4(), "x", hook_id, b"{}", now)
        async with asyncio.timeout(5), parts.database.transaction() as first, parts.database.transaction() as second:
            claimed = [await claim(connection, hook_id, now, LEASE, 2) for connection in (first, second)]
        assert [len(rows) for rows in claimed] == [2, 1]
        assert len({row["delivery_id"] for rows in claimed for row in rows}) == 3
        async with parts.database.transaction() as connection:
            assert await claim(connection, hook_id, now, LEASE, 2) == []
            assert len(await claim(connection, hook_id, now + LEASE, LEASE, 9)) == 3


async def test_who_was_paused_in_the_middle_cannot_undo_what_another_did(town: Town, partner: Partner) -> None:
    async with receiving() as receiver, town.partners(**INSIDE) as served, works(town) as parts:
        await partner.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        await desk.call(pb.TestWebhookRequest(webhook_id=added.webhook.webhook_id))
        (row,) = await town.until("SELECT * FROM delivery WHERE partner = $1 AND status = 'delivered'", partner.code)
        late = parts.deliverer(sender := Fails())
        async with parts.database.transaction() as connection:
            hook = await WEBHOOKS.load(connection, UUID(added.webhook.webhook_id))
        assert hook
        await late._deliver(hook, row)
        assert sender.asked == 1
        (after,) = await town.fetch("SELECT * FROM delivery WHERE partner = $1", partner.code)
        assert dict(after) == dict(row)
        assert (await desk.webhook(added.webhook.webhook_id)).reason == ""


class Fails(Sender):
    """Nothing arrives."""

    def __init__(self) -> None:
        super().__init__(private=True)
        self.asked = 0

    async def send(self, *_: object) -> Try:
        self.asked += 1
        return Try(500, "it answered 500")


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_again_and_again_every_event_arrives(town: Town, partner: Partner, seed: int) -> None:
    moments, count = random.Random(seed), 60
    async with receiving() as receiver:
        async with town.partners(**INSIDE) as served:
            await partner.register(served)
            added = await Desk(partner, served).add(receiver.url)
        sending = asyncio.create_task(partner.send(*(partner.event(str(number)) for number in range(count))))
        for _ in range(3):
            async with process(town, PARTNERS_WEBHOOK_PRIVATE="true"):
                await asyncio.sleep(2 + moments.random() * 2)
        await sending
        async with process(town, PARTNERS_WEBHOOK_PRIVATE="true"):
            events = "SELECT 1 WHERE (SELECT count(*) FROM delivery WHERE partner = $1 AND status = 'delivered') = $2::int"
            await town.until(events, partner.code, count, within_s=60 + LEASE / timedelta(seconds=1))
        rows = await town.fetch("SELECT event_id FROM delivery WHERE partner = $1", partner.code)
        assert {str(row["event_id"]) for row in rows} == set(receiver.ids())
        assert len(rows) == count
        titles = {event["data"]["after"]["origin"] for event in await receiver.events(count, added.secret)}
        assert titles == {f"{partner.code}:{number}" for number in range(count)}
