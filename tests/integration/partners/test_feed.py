"""Which facts are put on their way, and for whom: what stands in a fact is believed only as far as the partner's own inbox says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.message import Message

from madang.agenda.v1 import item_pb2
from madang.council.v1 import minutes_pb2
from madang.events.agenda.v1 import agenda_pb2
from madang.events.council.v1 import council_pb2
from madang.events.proposals.v1 import proposals_pb2
from madang.events.voices.v1 import voices_pb2
from madang.log.v1 import log_pb2, log_pb2_grpc
from madang.partners.v1 import webhook_messages_pb2 as pb
from madang.proposals.v1 import proposal_pb2
from madang.voices.v1 import voice_pb2
from services.kit.contracts import event_type_of
from services.kit.dead_letters import KeptRecord
from services.kit.envelope import Envelope, to_headers
from services.kit.errors import Kind, Refused
from services.kit.grpc_client import Caller
from services.kit.write import Log
from services.partners.clients import Owners
from services.partners.dispatcher import Dispatcher
from services.partners.domain.received import Result
from tests.integration.partners.conftest import NOBODY, Partner, Town
from tests.integration.partners.hooks import INSIDE, Desk, Works, works

MINUTES, RECEIVED = "kr.go.seoul.madang.minutes.published.v1", "kr.go.seoul.madang.proposal.received.v1"
ANSWERED, LINKED = "kr.go.seoul.madang.agenda-item.answered.v1", "kr.go.seoul.madang.agenda-link.linked.v1"
AWAY = "http://127.0.0.1:1/"


def fact(message: Message, subject: UUID, *, at: datetime | None = None, service: str = "proposals", version: int = 1) -> KeptRecord:
    """A record on a facts topic."""
    envelope = Envelope(
        uuid4(), f"urn:madang:{service}", event_type_of(message), at or datetime.now(UTC), subject, version, uuid4(), uuid4()
    )  # fmt: skip
    return KeptRecord(f"madang.{service}.facts.v1", 0, uuid4().int % 2**40, None, message.SerializeToString(), to_headers(envelope))


def received(origin: str, subject: UUID, **more: Any) -> KeptRecord:
    """A proposal that says where it came from."""
    return fact(proposals_pb2.ProposalReceived(after=proposal_pb2.Proposal(proposal_id=str(subject), origin=origin)), subject, **more)


def answered(agenda_id: UUID, **more: Any) -> KeptRecord:
    """An item of the agenda was answered."""
    return fact(agenda_pb2.AgendaAnswered(after=item_pb2.AgendaDecision(agenda_id=str(agenda_id))), agenda_id, service="agenda", **more)


def linked(agenda_id: UUID, source_id: UUID, link_id: UUID, *, removed: bool = False, **more: Any) -> KeptRecord:
    """A source became part of an item, or is none any more."""
    link = item_pb2.SourceLink(link_id=str(link_id), agenda_id=str(agenda_id), source_id=str(source_id), removed=removed)
    message = agenda_pb2.AgendaUnlinked(after=link) if removed else agenda_pb2.AgendaLinked(after=link)
    return fact(message, link_id, service="agenda", **more)


@dataclass
class Scene:
    """A partner with one webhook for everything, one accepted event, and the feed in the test's hands."""

    desk: Desk
    parts: Works
    result_id: UUID

    async def apply(self, *records: KeptRecord) -> None:
        """What the consumer does with a batch."""
        async with self.parts.database.transaction() as connection:
            await self.parts.feed.apply(connection, records)

    async def put(self) -> list[str]:
        """The types of what was put on its way, oldest first."""
        return [delivery.event_type for delivery in await self.desk.deliveries() if delivery.event_type != RECEIVED]


@asynccontextmanager
async def scene(town: Town, partner: Partner, *event_types: str) -> AsyncIterator[Scene]:
    """The partner's event 1 became a proposal, whose first fact is on its way."""
    async with town.partners(**INSIDE) as served, works(town) as parts:
        await partner.register(served)
        desk = Desk(partner, served)
        await desk.add(AWAY, *event_types)
        await partner.send(partner.event("1"))
        (receipt,) = await partner.receipts(1)
        yield Scene(desk, parts, UUID(receipt["result"]["id"]))


async def test_what_is_public_goes_to_everybody_who_wants_it(town: Town, partner: Partner) -> None:
    async with scene(town, partner, MINUTES) as there:
        minutes = fact(council_pb2.MinutesPublished(after=minutes_pb2.Minutes(minutes_id=str(uuid4()))), uuid4(), service="council")
        await there.apply(minutes, minutes)
        await there.apply(minutes)
        (delivery,) = await there.desk.deliveries()
        assert delivery.event_type == MINUTES


async def test_what_nobody_may_see_goes_to_nobody_and_is_not_even_decoded(town: Town, partner: Partner) -> None:
    async with scene(town, partner) as there:
        closed = fact(council_pb2.MinutesApproved(after=minutes_pb2.Minutes(minutes_id=str(uuid4()))), uuid4(), service="council")
        broken = KeptRecord(closed.topic, 1, 1, None, b"\xff\xff\xff", closed.headers)
        await there.apply(closed, broken)
        assert await there.put() == []
        assert await town.fetch("SELECT 1 FROM dead_letter WHERE partition = 1 AND topic = $1", closed.topic) == []


@pytest.mark.parametrize("origin", ["{other}:1", "{own}:2", "petitions:1", "", "{own}", ":1"])
async def test_a_fact_of_somebody_else_or_of_nobody_is_not_seen(town: Town, partner: Partner, origin: str) -> None:
    async with scene(town, partner) as there:
        said = origin.format(own=partner.code, other="somebody")
        await there.apply(received(said, uuid4()), received(said, there.result_id))
        assert len([delivery for delivery in await there.desk.deliveries() if delivery.subject != str(there.result_id)]) == 0
        assert len(await there.desk.deliveries()) <= 1  # its own first fact, out of Kafka


async def test_a_fact_that_only_says_that_it_is_the_partners_is_not_believed(town: Town, partner: Partner) -> None:
    async with scene(town, partner) as there:
        forged = uuid4()
        origin = f"{partner.code}:1"
        voice = voices_pb2.VoiceRelayed(after=voice_pb2.Voice(voice_id=str(there.result_id), origin=origin))
        await there.apply(received(origin, forged), fact(voice, there.result_id, service="voices"))
        assert await there.put() == []
        assert {delivery.subject for delivery in await there.desk.deliveries()} <= {str(there.result_id)}
        own = received(origin, there.result_id, version=2)
        await there.apply(own)
        assert dict(own.headers)["ce_id"].decode() in {delivery.event_id for delivery in await there.desk.deliveries()}


async def test_what_happened_before_a_webhook_was_there_is_not_sent_however_often_the_log_is_read(town: Town, partner: Partner) -> None:
    async with scene(town, partner) as there:
        old = received(f"{partner.code}:1", there.result_id, at=datetime.now(UTC) - timedelta(hours=1))
        await there.apply(old)
        assert dict(old.headers)["ce_id"].decode() not in {delivery.event_id for delivery in await there.desk.deliveries()}


@pytest.mark.parametrize("link_first", [True, False])
async def test_a_decision_reaches_who_sent_a_source_of_the_item_whichever_fact_comes_first(
    town: Town, partner: Partner, link_first: bool
) -> None:
    async with scene(town, partner) as there:
        agenda_id, link_id, now = uuid4(), uuid4(), datetime.now(UTC)
        before = answered(agenda_id, at=now)
        link = linked(agenda_id, there.result_id, link_id, at=now + timedelta(seconds=1))
        after = answered(agenda_id, at=now + timedelta(seconds=2), version=2)
        await there.apply(before)
        for record in (link, after) if link_first else (after, link):
            await there.apply(record)
        assert sorted(await there.put()) == [ANSWERED, LINKED]
        await there.apply(linked(agenda_id, there.result_id, link_id, removed=True, version=2, at=now + timedelta(seconds=3)))
        await there.apply(answered(agenda_id, version=3, at=now + timedelta(seconds=4)))
        assert sorted(await there.put()) == [ANSWERED, LINKED, "kr.go.seoul.madang.agenda-link.unlinked.v1"]


async def test_items_of_the_agenda_that_are_not_linked_to_its_own_are_not_seen(town: Town, partner: Partner) -> None:
    async with scene(town, partner) as there:
        agenda_id = uuid4()
        await there.apply(linked(agenda_id, uuid4(), uuid4()), answered(agenda_id))
        assert await there.put() == []


async def test_a_record_that_cannot_be_read_is_a_dead_letter_and_can_be_applied_again(town: Town, partner: Partner) -> None:
    async with scene(town, partner) as there:
        whole = received(f"{partner.code}:1", there.result_id)
        nameless = KeptRecord(whole.topic, 7, whole.offset, None, whole.value, [("content-type", b"x")])
        broken = KeptRecord(whole.topic, 7, whole.offset + 1, None, b"\xff\xff\xff", whole.headers)
        idless = fact(agenda_pb2.AgendaLinked(after=item_pb2.SourceLink(agenda_id="x")), uuid4(), service="agenda")
        await there.apply(nameless, broken, idless, whole)
        assert await town.fetch("SELECT 1 FROM dead_letter WHERE topic = $1 AND code = 'DECODE_FAILED'", idless.topic)
        rows = await town.fetch('SELECT letter_id, code FROM dead_letter WHERE topic = $1 AND partition = 7 ORDER BY "offset"', whole.topic)
        assert [row["code"] for row in rows[-2:]] == ["ATTRIBUTE_MISSING", "DECODE_FAILED"]
        await town.fetch("UPDATE dead_letter SET value = $2 WHERE letter_id = $1", rows[-1]["letter_id"], whole.value)
        stub: Any = log_pb2_grpc.LogServiceStub(there.desk.served.channel)
        request = log_pb2.ResendDeadLetterRequest(letter_id=rows[-1]["letter_id"])
        assert (await stub.ResendDeadLetter(request, metadata=there.desk.served.caller())).applied
        event_id = dict(whole.headers)["ce_id"].decode()
        assert [delivery.event_id for delivery in await there.desk.deliveries()].count(event_id) == 1


class Answers(Owners):
    """An owner that has committed long ago and answers when the test says so."""

    def __init__(self, town: Town, answer: Result | Refused) -> None:
        super().__init__({}, Caller(str(town.folder / "key.pem"), "partners"))
        self._answer = answer

    async def hand_over(self, *_: object) -> Result:
        if isinstance(self._answer, Refused):
            raise self._answer
        return self._answer


@asynccontextmanager
async def answering(town: Town, parts: Works, answer: Result | Refused) -> AsyncIterator[None]:
    """The dispatcher hears of the owner's answer, until the block ends."""
    log = Log(parts.database, service="partners", wake=lambda: None)
    dispatcher = Dispatcher(parts.database, log, Answers(town, answer), parts.clock, tries=9, longest_wait_s=0.2)
    running = asyncio.create_task(dispatcher.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_fact_that_is_faster_than_its_owners_answer_is_held_until_that_is_known(
    town: Town, partner: Partner, accepted: bool
) -> None:
    true_id, forged_id = uuid4(), uuid4()
    async with town.partners(proposals_address=NOBODY, partners_tries=1000, **INSIDE) as served:
        await partner.register(served)
        desk = Desk(partner, served)
        await desk.add(AWAY)
        await partner.send(partner.event("1"))
        await town.until("SELECT 1 FROM received_event WHERE partner = $1 AND outcome = 'waiting'", partner.code)
        async with works(town) as parts, parts.database.transaction() as connection:
            await parts.feed.apply(connection, [received(f"{partner.code}:1", subject) for subject in (forged_id, true_id)])
        held = await desk.deliveries(status=1)
        assert {delivery.subject for delivery in held} == {str(true_id), str(forged_id)}
        assert not any(delivery.HasField("next_try_at") or delivery.tries for delivery in held)
        again = pb.RedeliverWebhookRequest(webhook_id=held[0].webhook_id, delivery_id=held[0].delivery_id)
        assert await desk.refusal(again) == "NOT_FOUND"
    answer = Result("proposals", "proposal", true_id) if accepted else Refused(Kind.INVALID, "DISTRICT_UNKNOWN", "no district")
    async with works(town) as parts, answering(town, parts, answer):
        await town.until("SELECT 1 FROM received_event WHERE partner = $1 AND outcome <> 'waiting'", partner.code)
    rows = await town.fetch("SELECT subject, held_for, next_try_at FROM delivery WHERE partner = $1", partner.code)
    assert [(row["subject"], row["held_for"]) for row in rows] == ([(true_id, None)] if accepted else [])
    assert all(row["next_try_at"] for row in rows)
