"""From a partner's inbox to the owner of what its event becomes, and back as a receipt."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from madang.log.v1 import log_pb2, log_pb2_grpc
from madang.partners.v1 import partners_pb2 as pb
from madang.partners.v1 import received_event_pb2
from services.kit.ids import agenda_id_of
from services.partners.domain.received import cause_id_of
from tests.integration.partners.conftest import Partner, Town


def by_id(receipts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {receipt["event_id"]: receipt for receipt in receipts}


async def test_an_event_becomes_a_proposal_and_its_receipt_says_which(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1", "버스 정류장"))
        (receipt,) = await partner.receipts(1)
        assert (receipt["outcome"], receipt["code"], receipt["event_id"]) == ("accepted", "", "1")
        result = receipt["result"]
        assert (result["service"], result["kind"]) == ("proposals", "proposal")
        assert result["agenda_id"] == str(agenda_id_of("proposals", result["id"]))
        (row,) = await town.fetch("SELECT proposal_id, title FROM proposal WHERE origin = $1", f"{partner.code}:1", service="proposals")
        assert (str(row["proposal_id"]), row["title"]) == (result["id"], "버스 정류장")


async def test_the_chain_of_causes_goes_on_from_the_partners_event(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1"))
        (receipt,) = await partner.receipts(1)
        (fact,) = await town.fetch(
            """SELECT correlation_id, causation_id FROM (SELECT * FROM outbox UNION ALL
               SELECT sequence, id, aggregatetype, aggregateid, version, type, topic, content_type, payload, correlation_id,
                      causation_id, traceparent, "timestamp" FROM outbox_archive) AS facts WHERE aggregateid = $1::text::uuid""",
            receipt["result"]["id"], service="proposals",
        )  # fmt: skip
        cause = cause_id_of(partner.code, "1")
        assert (fact["correlation_id"], fact["causation_id"]) == (cause, cause)
        causes = await log_pb2_grpc.LogServiceStub(served.channel).ListCauses(
            log_pb2.ListCausesRequest(id=str(cause)), metadata=served.caller()
        )
        assert [event.type for event in causes.events] == ["kr.go.seoul.madang.partner.receipt.v1"]


async def test_the_same_event_again_changes_nothing_and_another_under_its_id_is_refused(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        first = partner.event("1", "하나")
        await partner.send(first)
        (accepted,) = await partner.receipts(1)
        await partner.send(json.dumps(first, indent=3).encode(), partner.event("1", "둘"))
        duplicate, reused = await partner.receipts(2)
        assert (duplicate["outcome"], duplicate["result"]) == ("duplicate", accepted["result"])
        assert (reused["outcome"], reused["code"], reused["field"]) == ("refused", "ID_REUSED", "id")
        assert await town.made_of(partner.code) == ["하나"]


async def test_a_refused_event_can_be_mended_and_sent_again_under_its_id(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1", "  "))
        (refused,) = await partner.receipts(1)
        assert (refused["outcome"], refused["code"], refused["field"]) == ("refused", "TITLE_REQUIRED", "title")
        owner_refuses = partner.event("1", "제목")
        owner_refuses["data"]["districtCode"] = "99999"
        await partner.send(owner_refuses)
        (refused,) = await partner.receipts(1)
        assert (refused["outcome"], refused["code"], refused["field"]) == ("refused", "DISTRICT_UNKNOWN", "district_code")
        await partner.send(partner.event("1", "고친 제목"))
        (accepted,) = await partner.receipts(1)
        assert accepted["outcome"] == "accepted"
        assert await town.made_of(partner.code) == ["고친 제목"]


async def test_poison_of_every_kind_gets_its_receipt_and_the_good_events_among_it_arrive(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        good = [partner.event(f"good-{number}") for number in range(12)]
        poison: list[tuple[Any, str]] = [
            (b"\xff\x00\xfe", "DECODE_FAILED"),
            (b"", "DECODE_FAILED"),
            (None, "DECODE_FAILED"),
            (b'{"id": "deep", "data": ' + b"[" * 100_000, "DECODE_FAILED"),
            (b'{"id": "twice", "id": "twice"}', "DECODE_FAILED"),
            (b'{"id": "bad\\u0000id"}', "TEXT_FORBIDDEN_CHAR"),
            (b'{"id": "half \\ud800"}', "TEXT_FORBIDDEN_CHAR"),
            ((b"{}", [("ce_id", b"\xff")]), "DECODE_FAILED"),
            ((b"{}", [("ce_\x00", b"1"), ("ce_id", b"nul-header")]), "ATTRIBUTE_MISSING"),
            ((json.dumps(partner.event("odd-header")).encode(), [("\x00", b"1"), ("content-type", b"\xff")]), "DECODE_FAILED"),
            (json.dumps(partner.event("large")).replace('"plain":', '"plain": "' + "x" * 263_168 + '", "y":').encode(), "EVENT_TOO_LARGE"),
            (partner.event("other", source="urn:madang:partner:dasan"), "SOURCE_MISMATCH"),
            (partner.event("ahead", time="2199-01-01T00:00:00Z"), "TIME_SKEW"),
            (partner.event("type\x07", type="x"), "TEXT_FORBIDDEN_CHAR"),
            (partner.event("unknown", type="kr.go.seoul.madang.partner.unheard.v1"), "TYPE_UNSUPPORTED"),
        ]
        mixed = [item for pair in zip(good, [item for item, _ in poison], strict=False) for item in pair] + [
            item for item, _ in poison[12:]
        ]
        await partner.send(*mixed, partition=0)
        receipts = await partner.receipts(len(mixed))
        expected = Counter(code for _, code in poison) + Counter({"": len(good)})
        assert Counter(receipt["code"] for receipt in receipts) == expected
        assert {f"good-{number}" for number in range(12)} <= {receipt["event_id"] for receipt in receipts if not receipt["code"]}
        assert {"deep", "twice", "large", "other", "ahead", "unknown", ""} <= set(by_id(receipts))
        assert len(await town.made_of(partner.code)) == len(good)


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_a_bomb_is_refused_and_what_follows_it_arrives(town: Town, partner: Partner, codec: str) -> None:
    async with town.partners() as served:
        await partner.register(served)
        bomb = json.dumps(partner.event("bomb", "x" * (16 << 20 if codec == "snappy" else 100 << 20))).encode()
        await partner.send(bomb, compression_type=codec, partition=0)
        await partner.send(partner.event("after"), partition=0)
        receipts = by_id(await partner.receipts(2))
        assert {event_id: (receipt["outcome"], receipt["code"]) for event_id, receipt in receipts.items()} == {
            "bomb": ("refused", "EVENT_TOO_LARGE"),
            "after": ("accepted", ""),
        }


async def test_five_hundred_broken_records_in_a_row_are_answered_and_nothing_stops(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        producer = AIOKafkaProducer(bootstrap_servers=town.real.bootstrap)
        await producer.start()
        for number in range(500):
            await producer.send(partner.inbox, number.to_bytes(4, "big") * 3, partition=0)
        await producer.stop()
        await partner.send(partner.event("after"), partition=0)
        receipts = await partner.receipts(501)
        assert Counter(receipt["outcome"] for receipt in receipts) == {"refused": 500, "accepted": 1}


async def test_an_owner_that_is_down_delays_its_own_events_only_and_at_last_gets_a_code_of_its_own(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        subject = "one-subject"
        await partner.send(partner.event("voice", kind="voice-heard", subject=subject), partner.event("proposal", subject=subject))
        receipts = by_id(await partner.receipts(2))
        assert {event_id: (receipt["outcome"], receipt["code"]) for event_id, receipt in receipts.items()} == {
            "proposal": ("accepted", ""),
            "voice": ("refused", "OWNER_UNAVAILABLE"),
        }
        settled = "SELECT event_id FROM received_event WHERE partner = $1 ORDER BY settled_at"
        assert [row["event_id"] for row in await town.fetch(settled, partner.code)] == ["proposal", "voice"]


async def test_events_of_one_subject_are_handed_over_in_their_order(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(*(partner.event(str(number), f"제목 {number:02}", subject="case") for number in range(20)), partition=0)
        receipts = await partner.receipts(20)
        assert {receipt["outcome"] for receipt in receipts} == {"accepted"}
        rows = await town.fetch(
            "SELECT title FROM proposal WHERE origin LIKE $1 || ':%' ORDER BY proposal_id", partner.code, service="proposals"
        )
        assert [row["title"] for row in rows] == [f"제목 {number:02}" for number in range(20)]


async def test_two_dispatchers_at_once_hand_each_event_over_once(town: Town, partner: Partner) -> None:
    async with town.partners() as served, town.partners(instance="1"):
        await partner.register(served)
        await partner.send(*(partner.event(str(number), f"제목 {number:03}") for number in range(120)))
        receipts = await partner.receipts(120)
        assert {receipt["outcome"] for receipt in receipts} == {"accepted"}
        assert len(by_id(receipts)) == 120
        await partner.no_more_receipts()
        assert len(await town.made_of(partner.code)) == 120


async def test_what_a_partner_takes_back_in_a_transaction_was_never_sent_and_nobody_waits_for_it(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        producer = AIOKafkaProducer(bootstrap_servers=town.real.bootstrap, transactional_id=partner.code)
        await producer.start()
        await producer.begin_transaction()
        await producer.send_and_wait(partner.inbox, json.dumps(partner.event("kept")).encode(), partition=0)
        await producer.commit_transaction()
        await producer.begin_transaction()
        await producer.send_and_wait(partner.inbox, json.dumps(partner.event("taken-back")).encode(), partition=0)
        await producer.abort_transaction()
        await producer.stop()
        await asyncio.wait_for(partner.stub.DrainInboxes(pb.DrainInboxesRequest(), metadata=served.caller()), 20)
        (receipt,) = await partner.receipts(1)
        assert receipt["event_id"] == "kept"
        await partner.no_more_receipts()


async def test_draining_waits_until_everything_sent_before_has_its_outcome(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(*(partner.event(str(number)) for number in range(60)))
        await partner.stub.DrainInboxes(pb.DrainInboxesRequest(), metadata=served.caller())
        assert len(await town.made_of(partner.code)) == 60


async def test_an_unknown_type_is_kept_whole_and_can_be_tried_again(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1", type="kr.go.seoul.madang.partner.tomorrow.v1"))
        await partner.receipts(1)
        log = log_pb2_grpc.LogServiceStub(served.channel)
        letters = (await log.ListDeadLetters(log_pb2.ListDeadLettersRequest(), metadata=served.caller())).letters
        letter = next(item for item in letters if item.topic == partner.inbox)
        again = await log.ResendDeadLetter(log_pb2.ResendDeadLetterRequest(letter_id=letter.letter_id), metadata=served.caller())
        assert (letter.code, again.applied, again.code) == ("TYPE_UNSUPPORTED", False, "TYPE_UNSUPPORTED")


async def test_what_stood_in_an_inbox_before_its_partner_was_registered_is_kept_for_it(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await town.fetch("DELETE FROM partner WHERE code = $1", partner.code)
        await partner.send(partner.event("early"))
        letters = await town.until("SELECT letter_id, code FROM dead_letter WHERE topic = $1", partner.inbox)
        await town.fetch("DELETE FROM aggregate WHERE kind = 'partner' AND id NOT IN (SELECT partner_id FROM partner)")
        await partner.register(served)
        resend = log_pb2.ResendDeadLetterRequest(letter_id=letters[0]["letter_id"])
        await log_pb2_grpc.LogServiceStub(served.channel).ResendDeadLetter(resend, metadata=served.caller())
        (receipt,) = await partner.receipts(1)
        assert (letters[0]["code"], receipt["outcome"]) == ("PARTNER_UNKNOWN", "accepted")


async def test_what_was_received_is_listed_by_partner_outcome_id_and_chain(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)
        await partner.send(partner.event("1"), partner.event("2", " "))
        await partner.receipts(2)

        async def listed(**filters: Any) -> list[str]:
            request = pb.ListReceivedEventsRequest(partner=partner.code, **filters)
            return [event.event_id for event in (await partner.stub.ListReceivedEvents(request, metadata=served.caller())).events]

        assert sorted(await listed()) == ["1", "2"]
        assert await listed(outcome=received_event_pb2.OUTCOME_REFUSED) == ["2"]
        assert await listed(event_id="1") == ["1"]
        assert await listed(chain_id=str(cause_id_of(partner.code, "1"))) == ["1"]
        page = await partner.stub.ListReceivedEvents(
            pb.ListReceivedEventsRequest(partner=partner.code, page_size=1), metadata=served.caller()
        )
        more = await listed(page_size=1, page_token=page.next_page_token)
        assert sorted([page.events[0].event_id, *more]) == ["1", "2"]


async def test_validating_says_what_the_inbox_would_say_and_leaves_nothing(town: Town, partner: Partner) -> None:
    async with town.partners() as served:
        await partner.register(served)

        async def said(event: dict[str, Any]) -> tuple[bool, str, str]:
            request = pb.ValidateEventRequest(value=json.dumps(event).encode())
            reply = await partner.stub.ValidateEvent(request, metadata=served.caller())
            return reply.valid, reply.receipt.outcome, reply.receipt.code

        assert await said(partner.event("1")) == (True, "accepted", "")
        assert await said(partner.event("1", " ")) == (False, "refused", "TITLE_REQUIRED")
        assert not await town.fetch("SELECT 1 FROM received_event WHERE partner = $1", partner.code)
        await partner.send(partner.event("1"))
        await partner.receipts(1)
        assert await said(partner.event("1")) == (True, "duplicate", "")
        assert await said(partner.event("1", "다른")) == (False, "refused", "ID_REUSED")
