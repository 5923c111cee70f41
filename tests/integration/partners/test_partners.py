"""What partners may: designation by the calendar, suspension, types, quotas, mended events and receipts read again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from madang.partners.v1 import partner_pb2, partners_pb2_grpc, received_event_pb2
from madang.partners.v1 import partners_pb2 as pb
from services.kit.database import Database
from services.kit.errors import Kind
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.partners.domain.partner import Partner as State
from services.partners.service.partner import Partners
from services.partners.store.partner import PARTNERS
from tests.integration.partners.conftest import Partner, Town
from tests.serving import MovedClock, Served

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
PROPOSAL = "kr.go.seoul.madang.partner.proposal-submitted.v1"
VOICE = "kr.go.seoul.madang.partner.voice-heard.v1"


@pytest.fixture
def programme() -> str:
    """A programme of the test's own, so that it counts its own partners."""
    return f"sharing_city_{uuid4().hex[:8]}"


Updated = Callable[..., Awaitable[pb.UpdatePartnerResponse]]


def updating(partner: Partner, served: Served) -> Updated:
    """Change what a partner may."""
    return lambda **fields: partner.stub.UpdatePartner(pb.UpdatePartnerRequest(code=partner.code, **fields), metadata=served.caller())


async def designate(served: Served, programme: str, first: int, count: int, until: str) -> None:
    """Register organisations of a programme."""
    stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
    for number in range(first, first + count):
        request = pb.AddPartnerRequest(
            code=f"{programme[-8:]}-{number}", name=f"공유기업 {number}", kind=partner_pb2.PARTNER_KIND_COMPANY, programme=programme,
            designated_from="2026-01-01", designated_until=until,
        )  # fmt: skip
        await stub.AddPartner(request, metadata=served.caller())


async def counted(served: Served, **filters: Any) -> int:
    """How many partners the registry counts, and shows."""
    stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
    whole = await stub.ListPartners(pb.ListPartnersRequest(page_size=500, **filters), metadata=served.caller())
    page = await stub.ListPartners(pb.ListPartnersRequest(page_size=1, **filters), metadata=served.caller())
    assert whole.total == page.total == len(whole.partners)
    return int(whole.total)


async def test_the_designated_organisations_of_a_programme_are_counted_by_the_day(town: Town, programme: str) -> None:
    clock = MovedClock(BEGIN)
    async with town.partners(clock=clock) as served:
        await designate(served, programme, 1, 37, "2026-12-31")
        assert await counted(served, programme=programme, designated=True) == 37
        await designate(served, programme, 38, 20, "")
        assert await counted(served, programme=programme, designated=True) == 57
        clock.at = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
        assert await counted(served, programme=programme, designated=True) == 57
        clock.at = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
        assert await counted(served, programme=programme, designated=True) == 20
        assert await counted(served, programme=programme) == 57


async def test_a_designation_ends_once_by_the_clock_and_a_later_last_day_begins_it_again(town: Town, programme: str) -> None:
    clock = MovedClock(BEGIN)
    async with town.partners(clock=clock) as served:
        await designate(served, programme, 1, 1, "2026-06-30")
        code = f"{programme[-8:]}-1"
        stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
        await a_year_passes(served, clock)
        found = await stub.GetPartner(pb.GetPartnerRequest(code=code), metadata=served.caller())
        assert (found.partner.status, found.written.revision) == (partner_pb2.PARTNER_STATUS_ENDED, 2)
        assert await counted(served, programme=programme, status=partner_pb2.PARTNER_STATUS_ENDED) == 1
        resumed = await served.refusal(stub.ResumePartner(pb.ResumePartnerRequest(code=code), metadata=served.caller()))
        assert resumed.code == "DESIGNATION_ENDED"
        later = pb.UpdatePartnerRequest(code=code, designated_until="2027-12-31")
        again = await stub.UpdatePartner(later, metadata=served.caller())
        assert again.partner.status == partner_pb2.PARTNER_STATUS_ACTIVE


async def a_year_passes(served: Served, clock: MovedClock) -> None:
    """Move the clock month by month, with two schedulers beside the service's own."""
    database = Database(served.dsn, name="second")
    await database.open()
    write = Write(Log(database, service="partners", wake=lambda: None), PARTNERS, clocks=State.clocks)
    partners = Partners(write, PARTNERS, clock, bootstrap="", partitions=1, replication=1)
    schedulers = [Scheduler(database, clock, partners.rings, wake=lambda: None) for _ in range(2)]
    for month in range(1, 14):
        clock.at = BEGIN + timedelta(days=30 * month)
        await asyncio.gather(*(scheduler.ring(clock.at) for scheduler in schedulers))
    await database.close()


async def test_a_suspended_partners_events_are_refused_until_it_is_resumed(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        me = served.caller()
        suspended = await partner.stub.SuspendPartner(pb.SuspendPartnerRequest(code=partner.code, reason="점검"), metadata=me)
        assert suspended.partner.status == partner_pb2.PARTNER_STATUS_SUSPENDED
        await partner.send(partner.event("1"))
        (refused,) = await partner.receipts(1)
        assert (refused["outcome"], refused["code"]) == ("refused", "PARTNER_SUSPENDED")
        assert "점검" in refused["reason"]
        twice = await served.refusal(partner.stub.SuspendPartner(pb.SuspendPartnerRequest(code=partner.code, reason="x"), metadata=me))
        assert (twice.kind, twice.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
        await partner.stub.ResumePartner(pb.ResumePartnerRequest(code=partner.code), metadata=me)
        await partner.send(partner.event("1"))
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]


async def test_a_partner_sends_only_the_types_and_names_only_the_sources_that_it_may(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        update = updating(partner, served)
        await update(event_types=[VOICE], sources=["https://gu.example/desk"])
        await partner.send(partner.event("1"))
        (refused,) = await partner.receipts(1)
        assert (refused["outcome"], refused["code"], refused["field"]) == ("refused", "TYPE_NOT_ALLOWED", "type")
        await update(clear=["event_types"])
        await partner.send(partner.event("1", source="https://gu.example/desk"))
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]
        assert (await served.refusal(update(event_types=["x"]))).code == "EVENT_TYPE_UNKNOWN"
        assert (await served.refusal(update(clear=["code"]))).code == "CLEAR_UNKNOWN"
        assert (await served.refusal(update(sources=["urn:madang:partner:dasan"]))).code == "SOURCE_INVALID"
        assert (await served.refusal(update(designated_until="2026-12-31"))).code == "DESIGNATION_PERIOD"


async def test_what_is_over_the_quota_gets_a_receipt_and_the_next_day_begins_anew(town: Town, partner: Partner) -> None:
    clock = MovedClock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    async with town.partners(clock=clock) as served:
        await partner.register(served)
        await updating(partner, served)(daily_events=2)
        await partner.send(*(partner.event(str(number)) for number in range(3)), partition=0)
        outcomes = {receipt["event_id"]: (receipt["outcome"], receipt["code"]) for receipt in await partner.receipts(3)}
        assert outcomes == {"0": ("accepted", ""), "1": ("accepted", ""), "2": ("refused", "QUOTA_EXCEEDED")}
        found = await partner.stub.GetPartner(pb.GetPartnerRequest(code=partner.code), metadata=served.caller())
        assert (found.usage.day, found.usage.events, found.usage.ends_at.ToJsonString()) == ("2026-11-22", 2, "2026-11-22T15:00:00Z")
        assert found.usage.bytes > 0
        clock.at += timedelta(days=1)
        await partner.send(partner.event("2"))
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]


async def received(partner: Partner, served: Served, **filters: Any) -> list[received_event_pb2.ReceivedEvent]:
    """What the partner has sent, newest first."""
    request = pb.ListReceivedEventsRequest(partner=partner.code, **filters)
    return list((await partner.stub.ListReceivedEvents(request, metadata=served.caller())).events)


async def test_a_refused_event_is_mended_and_sent_again_with_its_history(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1", "  "))
        assert [receipt["code"] for receipt in await partner.receipts(1)] == ["TITLE_REQUIRED"]
        (refused,) = await received(partner, served)
        me = served.caller()
        body = json.dumps(partner.event("1", "그늘막")).encode()
        request = pb.ResendEventRequest(request_id=f"r-{partner.code}", received_id=refused.received_id, body=body)
        other = pb.ResendEventRequest(received_id=refused.received_id, body=json.dumps(partner.event("2")).encode())
        assert (await served.refusal(partner.stub.ResendEvent(other, metadata=me))).code == "EVENT_ID_DIFFERS"
        first = await partner.stub.ResendEvent(request, metadata=me)
        assert first.event.mends == refused.received_id
        again = await partner.stub.ResendEvent(request, metadata=me)
        assert (again.written, again.event.received_id) == (first.written, first.event.received_id)
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]
        await partner.no_more_receipts(0.5)
        assert await town.made_of(partner.code) == ["그늘막"]
        history = await received(partner, served, event_id="1")
        assert [event.mends for event in history] == [refused.received_id, ""]
        once_more = pb.ResendEventRequest(received_id=refused.received_id)
        assert (await served.refusal(partner.stub.ResendEvent(once_more, metadata=me))).code == "ALREADY_RESENT"
        accepted = pb.ResendEventRequest(received_id=first.event.received_id)
        assert (await served.refusal(partner.stub.ResendEvent(accepted, metadata=me))).code == "NOT_REFUSED"
        unknown = pb.ResendEventRequest(received_id=str(uuid4()))
        assert (await served.refusal(partner.stub.ResendEvent(unknown, metadata=me))).code == "NOT_FOUND"


async def test_a_refused_event_is_sent_again_as_it_was_once_the_cause_is_gone(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await updating(partner, served)(event_types=[VOICE])
        await partner.send(partner.event("1", "그대로"))
        assert [receipt["code"] for receipt in await partner.receipts(1)] == ["TYPE_NOT_ALLOWED"]
        await updating(partner, served)(clear=["event_types"])
        (refused,) = await received(partner, served)
        await partner.stub.ResendEvent(pb.ResendEventRequest(received_id=refused.received_id), metadata=served.caller())
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]
        assert await town.made_of(partner.code) == ["그대로"]


async def test_an_event_that_was_too_large_to_keep_is_sent_again_only_with_its_body(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1", "x" * 300_000))
        assert [receipt["code"] for receipt in await partner.receipts(1)] == ["EVENT_TOO_LARGE"]
        (refused,) = await received(partner, served)
        bare = pb.ResendEventRequest(received_id=refused.received_id)
        assert (await served.refusal(partner.stub.ResendEvent(bare, metadata=served.caller()))).code == "BODY_GONE"
        whole = pb.ResendEventRequest(received_id=refused.received_id, body=json.dumps(partner.event("1", "짧게")).encode())
        await partner.stub.ResendEvent(whole, metadata=served.caller())
        assert [receipt["outcome"] for receipt in await partner.receipts(1)] == ["accepted"]


@pytest.fixture
async def reader(town: Town, partner: Partner) -> AIOKafkaConsumer:
    """A consumer in the partner's own group, not started yet."""
    return AIOKafkaConsumer(
        f"madang.partners.{partner.code}.receipts.v1", bootstrap_servers=town.real.bootstrap, group_id=f"partner-{partner.code}",
        enable_auto_commit=False,
    )  # fmt: skip


async def test_a_partner_reads_its_receipts_again_in_a_group_of_its_own(town: Town, partner: Partner, reader: AIOKafkaConsumer) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(*(partner.event(str(number)) for number in range(3)))
        await partner.receipts(3)
        me, own = served.caller(), f"partner-{partner.code}"

        def asked(group: str = own, **fields: Any) -> Any:
            return partner.stub.ReplayAccepted(pb.ReplayAcceptedRequest(code=partner.code, group=group, **fields), metadata=me)

        for group in ("madang-agenda", f"{own}x", "partner-other"):
            assert (await served.refusal(asked(group))).code == "GROUP_FORBIDDEN"
        replayed = await asked()
        assert replayed.receipts == 3
        assert {place.offset for place in replayed.positions} == {0}
        ahead = pb.ReplayAcceptedRequest(code=partner.code, group=f"{own}.later")
        ahead.since.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
        assert (await partner.stub.ReplayAccepted(ahead, metadata=me)).receipts == 0
        await reader.start()
        try:
            async with asyncio.timeout(20):
                read = [json.loads((await reader.getone()).value)["data"]["event_id"] for _ in range(3)]
            assert sorted(read) == ["0", "1", "2"]
            assert (await served.refusal(asked())).code == "GROUP_ACTIVE"
        finally:
            await reader.stop()
