"""From a fact to a partner's own address: signed, tried again, given up, sent again; and to nobody whom it does not concern."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from aiohttp import web
from google.protobuf.timestamp_pb2 import Timestamp
from standardwebhooks.webhooks import Webhook as Verifier

from madang.partners.v1 import partners_pb2
from madang.partners.v1 import webhook_messages_pb2 as pb
from madang.partners.v1 import webhook_pb2 as hooks_pb
from services.kit.ids import new_id
from services.partners.domain.visible import VISIBLE
from services.partners.domain.webhook import TEST_TYPE
from tests.integration.partners.conftest import Partner, Town
from tests.integration.partners.hooks import INSIDE, Desk, works
from tests.integration.partners.receiver import Receiver, receiving, status
from tests.serving import MovedClock, free_address

RECEIVED = "kr.go.seoul.madang.proposal.received.v1"
WAITING, DELIVERED, GIVEN_UP = hooks_pb.DELIVERY_STATUS_WAITING, hooks_pb.DELIVERY_STATUS_DELIVERED, hooks_pb.DELIVERY_STATUS_GIVEN_UP
ACTIVE, FAILING, PAUSED = hooks_pb.WEBHOOK_STATUS_ACTIVE, hooks_pb.WEBHOOK_STATUS_FAILING, hooks_pb.WEBHOOK_STATUS_PAUSED


async def settled(desk: Desk, status: hooks_pb.DeliveryStatus.ValueType, count: int = 1) -> list[hooks_pb.Delivery]:
    """The partner's deliveries, once as many as that have a status."""
    async with asyncio.timeout(30):
        while len(found := await desk.deliveries(status=status)) < count:  # noqa: ASYNC110 - rows do not call
            await asyncio.sleep(0.05)
    return found


async def failed(desk: Desk, tries: int) -> hooks_pb.Delivery:
    """The partner's only delivery, once so many tries have failed."""
    async with asyncio.timeout(30):
        while True:
            (found,) = await desk.deliveries()
            if found.tries == tries and found.error:
                return found
            await asyncio.sleep(0.05)


async def test_a_partners_event_becomes_a_signed_fact_at_its_own_address_and_at_nobody_elses(town: Town, partner: Partner) -> None:
    other = Partner(town, f"o-{uuid4().hex[:10]}")
    async with town.partners(**INSIDE) as served, receiving() as receiver, receiving() as foreign:
        await partner.register(served)
        await other.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        await Desk(other, served).add(foreign.url)
        await partner.send(partner.event("1", "버스 정류장"))
        (event,) = await receiver.events(1, added.secret)
        assert (event["type"], event["source"]) == (RECEIVED, "urn:madang:proposals")
        assert (event["data"]["after"]["title"], event["data"]["after"]["origin"]) == ("버스 정류장", f"{partner.code}:1")
        (receipt,) = await partner.receipts(1)
        assert event["subject"] == receipt["result"]["id"]
        (delivery,) = await settled(desk, DELIVERED)
        assert (delivery.event_id, delivery.event_type, delivery.subject) == (event["id"], RECEIVED, event["subject"])
        assert (delivery.tries, delivery.status_code, delivery.error) == (1, 204, "")
        assert receiver.ids() == [event["id"]]
        assert foreign.heard == []
        assert await Desk(other, served).deliveries() == []


async def test_what_fails_is_tried_again_later_and_the_webhook_says_so_until_something_arrives(town: Town, partner: Partner) -> None:
    clock = MovedClock(datetime.now(UTC))
    async with town.partners(clock=clock, **INSIDE) as served, receiving(status(500)) as receiver:
        await partner.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        await desk.call(pb.TestWebhookRequest(webhook_id=added.webhook.webhook_id))
        once = await failed(desk, 1)
        wait = once.next_try_at.ToDatetime(UTC) - clock.at
        assert timedelta(seconds=5) <= wait <= timedelta(seconds=6)
        assert (once.status, once.status_code, once.error) == (WAITING, 500, "it answered 500")
        hook = await desk.webhook(added.webhook.webhook_id)
        assert (hook.status, hook.reason) == (FAILING, "it answered 500")
        assert hook.gives_up_at.ToDatetime(UTC) == clock.at + timedelta(days=5)
        receiver.answer = status(200)
        clock.at += timedelta(seconds=6)
        (delivery,) = await settled(desk, DELIVERED)
        assert (delivery.tries, delivery.status_code, delivery.error) == (2, 200, "")
        hook = await desk.webhook(added.webhook.webhook_id)
        assert (hook.status, hook.reason, hook.HasField("gives_up_at")) == (ACTIVE, "", False)
        assert len(set(receiver.ids())) == 1
        assert [event["type"] for event in await receiver.events(2, added.secret)] == [TEST_TYPE] * 2


async def test_after_the_last_try_it_is_given_up_and_can_be_sent_again(town: Town, partner: Partner) -> None:
    clock = MovedClock(datetime.now(UTC))
    async with town.partners(clock=clock, **INSIDE) as served, receiving(status(503)) as receiver:
        await partner.register(served)
        desk = Desk(partner, served)
        webhook_id = (await desk.add(receiver.url)).webhook.webhook_id
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        for tries in range(1, 8):
            at = (await failed(desk, tries)).next_try_at.ToDatetime(UTC)
            assert at > clock.at
            clock.at = at
        (delivery,) = await settled(desk, GIVEN_UP)
        assert (delivery.tries, delivery.HasField("next_try_at")) == (8, False)
        receiver.answer = status(200)
        again = pb.RedeliverWebhookRequest(request_id="again", webhook_id=webhook_id)
        assert (await desk.call(again)).deliveries == 1
        (delivery,) = await settled(desk, DELIVERED)
        assert delivery.tries == 1
        assert len(receiver.heard) == 9
        assert len(set(receiver.ids())) == 1
        assert (await desk.call(again)).deliveries == 0  # the same call
        assert (await desk.call(pb.RedeliverWebhookRequest(webhook_id=webhook_id))).deliveries == 0
        one = pb.RedeliverWebhookRequest(webhook_id=webhook_id, delivery_id=delivery.delivery_id)
        assert (await desk.call(one)).deliveries == 1
        await _heard(receiver, 10)
        assert len(set(receiver.ids())) == 1


async def _heard(receiver: Receiver, count: int) -> None:
    async with asyncio.timeout(20):
        while len(receiver.heard) < count:  # noqa: ASYNC110 - requests do not call
            await asyncio.sleep(0.05)


async def test_who_answers_that_it_is_gone_is_left_alone_at_once(town: Town, partner: Partner) -> None:
    async with town.partners(**INSIDE) as served, receiving(status(410)) as receiver:
        await partner.register(served)
        desk = Desk(partner, served)
        webhook_id = (await desk.add(receiver.url)).webhook.webhook_id
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        assert (await failed(desk, 1)).status_code == 410
        hook = await desk.webhook(webhook_id)
        assert (hook.status, hook.reason) == (PAUSED, "it answered that it is gone (410)")
        assert await desk.refusal(pb.TestWebhookRequest(webhook_id=webhook_id)) == "WEBHOOK_PAUSED"


async def test_one_that_failed_for_five_days_is_paused_by_the_clock(town: Town, partner: Partner) -> None:
    clock = MovedClock(datetime.now(UTC))
    async with town.partners(clock=clock, **INSIDE) as served:
        await partner.register(served)
        desk = Desk(partner, served)
        webhook_id = (await desk.add(f"http://{free_address()}/")).webhook.webhook_id
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        assert (await failed(desk, 1)).error == "it cannot be reached: ClientConnectorError"
        async with works(town, clock) as parts:
            clock.at += timedelta(days=4, hours=23)
            await parts.ring()
            assert (await desk.webhook(webhook_id)).status == FAILING
            clock.at += timedelta(hours=1)
            await parts.ring()
        async with asyncio.timeout(10):  # the service's own scheduler may have been faster, or have it under its lock
            while (hook := await desk.webhook(webhook_id)).status != PAUSED:  # noqa: ASYNC110 - rows do not call
                await asyncio.sleep(0.1)
        assert hook.reason == "nothing arrived for days: it cannot be reached: ClientConnectorError"
        await desk.call(pb.ResumeWebhookRequest(webhook_id=webhook_id))
        assert (await desk.webhook(webhook_id)).reason == ""


async def test_what_waits_is_kept_for_a_paused_webhook_and_what_happens_meanwhile_is_not(town: Town, partner: Partner) -> None:
    async with receiving(status(500)) as receiver, town.partners(**INSIDE) as served:
        await partner.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        webhook_id = added.webhook.webhook_id
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        waiting = await failed(desk, 1)
        await desk.call(pb.PauseWebhookRequest(webhook_id=webhook_id, reason="이사"))
        assert (await desk.webhook(webhook_id)).reason == "이사"
        assert await desk.refusal(pb.PauseWebhookRequest(webhook_id=webhook_id)) == "TRANSITION_FORBIDDEN"
        assert await desk.refusal(pb.ResumeWebhookRequest(webhook_id=webhook_id, etag=1)) == "VERSION_CONFLICT"
        receiver.answer = status(200)
        await desk.call(pb.RedeliverWebhookRequest(webhook_id=webhook_id, delivery_id=waiting.delivery_id))
        await partner.send(partner.event("meanwhile"))
        await partner.receipts(1)
        await town.until(
            """SELECT 1 FROM consumer_offset WHERE consumer = 'partners-facts' AND topic = 'madang.proposals.facts.v1'
               GROUP BY consumer HAVING sum(next_offset) >= (SELECT count(*) FROM received_event WHERE partner = $1)""", partner.code,
        )  # fmt: skip
        assert len(receiver.heard) == 1
        await desk.call(pb.ResumeWebhookRequest(webhook_id=webhook_id))
        (delivery,) = await settled(desk, DELIVERED)
        assert delivery.event_id == waiting.event_id
        await partner.send(partner.event("after"))
        events = await receiver.events(3, added.secret)
        assert [event["data"].get("after", {}).get("origin") for event in events] == [None, None, f"{partner.code}:after"]


async def test_a_suspended_partner_is_sent_nothing_until_it_is_heard_again(town: Town, partner: Partner) -> None:
    async with receiving() as receiver, town.partners(**INSIDE) as served:
        await partner.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        await desk.call(partners_pb2.SuspendPartnerRequest(code=partner.code, reason="점검"))
        assert await desk.refusal(pb.AddWebhookRequest(code=partner.code, url=receiver.url)) == "PARTNER_SUSPENDED"
        await desk.call(pb.TestWebhookRequest(webhook_id=added.webhook.webhook_id))
        await asyncio.sleep(1)
        assert receiver.heard == []
        await desk.call(partners_pb2.ResumePartnerRequest(code=partner.code))
        await settled(desk, DELIVERED)


async def test_two_secrets_sign_until_the_clock_ends_the_old_one(town: Town, partner: Partner) -> None:
    clock = MovedClock(datetime.now(UTC))
    async with town.partners(clock=clock, partners_secret_overlap_hours=1, **INSIDE) as served, receiving() as receiver:
        await partner.register(served)
        desk = Desk(partner, served)
        added = await desk.add(receiver.url)
        webhook_id = added.webhook.webhook_id
        rotate = pb.RotateWebhookSecretRequest(request_id="rotate", webhook_id=webhook_id)
        rotated, again = await desk.call(rotate), await desk.call(rotate)
        assert (again.secret, again.written) == ("", rotated.written)
        ends_at = (await desk.webhook(webhook_id)).old_secret_ends_at.ToDatetime(UTC)
        assert ends_at == clock.at + timedelta(hours=1)
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        for secret in (added.secret, rotated.secret):
            await receiver.events(1, secret)
        async with works(town, clock) as parts:
            clock.at = ends_at
            await parts.ring()
        await town.until("SELECT 1 FROM webhook WHERE webhook_id = $1 AND old_secret = ''", added.webhook.webhook_id)
        await desk.call(pb.TestWebhookRequest(webhook_id=webhook_id))
        await _heard(receiver, 2)
        headers, body = receiver.heard[1]
        assert len(headers["webhook-signature"].split(" ")) == 1
        assert Verifier(rotated.secret).sign(headers["webhook-id"], ends_at, body.decode()) == headers["webhook-signature"]
        past = Timestamp()
        past.FromDatetime(clock.at)
        assert await desk.refusal(pb.RotateWebhookSecretRequest(webhook_id=webhook_id, ends_at=past)) == "ENDS_AT_PAST"


async def test_a_secret_is_answered_once_and_shown_by_nothing_else(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        desk = Desk(partner, served)
        request = pb.AddWebhookRequest(
            request_id=f"r-{partner.code}", code=partner.code, url="https://dasan.example/facts", event_types=[RECEIVED]
        )
        added, again = await desk.call(request), await desk.call(request)
        assert added.secret.startswith("whsec_")
        assert (again.secret, again.webhook, again.written) == ("", added.webhook, added.written)
        found = await desk.call(pb.ListWebhooksRequest(partner=partner.code, status=ACTIVE))
        assert list(found.webhooks) == [added.webhook]
        assert added.secret not in str(found)
        assert list(added.webhook.event_types) == [RECEIVED]
        assert list((await desk.call(pb.ListWebhooksRequest(partner=partner.code, status=PAUSED))).webhooks) == []


async def test_what_cannot_be_done_is_refused_with_its_code(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        desk = Desk(partner, served)
        for url in ("http://dasan.example", "https://127.0.0.1", "https://u:p@dasan.example", "nonsense"):
            assert await desk.refusal(pb.AddWebhookRequest(code=partner.code, url=url)) == "URL_INVALID"
        fine = pb.AddWebhookRequest(code=partner.code, url="https://dasan.example", event_types=["kr.go.seoul.madang.minutes.approved.v1"])
        assert await desk.refusal(fine) == "EVENT_TYPE_NOT_ALLOWED"
        assert await desk.refusal(pb.AddWebhookRequest(code="nobody", url="https://dasan.example")) == "NOT_FOUND"
        added = await desk.add("https://dasan.example")
        nobody = str(uuid4())
        for request in (
            pb.GetWebhookRequest(webhook_id=nobody), pb.PauseWebhookRequest(webhook_id=nobody), pb.ResumeWebhookRequest(webhook_id=nobody),
            pb.RotateWebhookSecretRequest(webhook_id=nobody), pb.TestWebhookRequest(webhook_id=nobody),
            pb.RedeliverWebhookRequest(webhook_id=nobody),
            pb.RedeliverWebhookRequest(webhook_id=added.webhook.webhook_id, delivery_id=nobody),
        ):  # fmt: skip
            assert await desk.refusal(request) == "NOT_FOUND", request
        assert await desk.refusal(pb.RedeliverWebhookRequest(webhook_id=added.webhook.webhook_id, delivery_id="x")) == "ID_INVALID"
        assert await desk.refusal(pb.ListDeliveriesRequest(page_size=501)) == "PAGE_SIZE_RANGE"
        assert await desk.refusal(pb.ResumeWebhookRequest(webhook_id=added.webhook.webhook_id)) == "TRANSITION_FORBIDDEN"
        assert RECEIVED in VISIBLE


async def test_a_slow_webhook_holds_up_nobody_but_itself(town: Town, partner: Partner) -> None:
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(4)
        return web.Response(status=200)

    async with receiving(slow) as stuck, receiving() as receiver, town.partners(**INSIDE) as served:
        await partner.register(served)
        desk = Desk(partner, served)
        late, early = await desk.add(stuck.url), await desk.add(receiver.url)
        for _ in range(6):
            await desk.call(pb.TestWebhookRequest(webhook_id=late.webhook.webhook_id))
        await _heard(stuck, 1)
        for _ in range(6):
            await desk.call(pb.TestWebhookRequest(webhook_id=early.webhook.webhook_id))
        await receiver.events(6, early.secret, within_s=3)
        assert len(stuck.heard) <= 4
        await settled(desk, DELIVERED, 12)


@pytest.mark.parametrize("instances", [2])
async def test_two_deliverers_send_each_delivery_once(town: Town, partner: Partner, instances: int) -> None:
    async with receiving() as receiver, town.partners(**INSIDE) as served, town.partners("1", **INSIDE):
        await partner.register(served)
        desk = Desk(partner, served)
        webhook_ids = [(await desk.add(f"{receiver.url}/{number}")).webhook.webhook_id for number in range(3)]
        await asyncio.gather(*(desk.call(pb.TestWebhookRequest(webhook_id=webhook_ids[number % 3])) for number in range(90)))
        await settled(desk, DELIVERED, 50)
        await town.until("SELECT 1 WHERE NOT EXISTS (SELECT FROM delivery WHERE partner = $1 AND status <> 'delivered')", partner.code)
        assert set(Counter(receiver.ids()).values()) == {1}
        assert len(receiver.heard) == 90
        assert new_id() not in receiver.ids()
