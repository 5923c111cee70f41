"""Receipts as partners read them, and partners on the wire and back."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from google.protobuf.json_format import ParseDict

from madang.partners.v1 import partners_pb2, receipt_pb2
from services.kit.errors import Kind, Refused, Violation
from services.partners.dispatcher import refusal_of
from services.partners.domain.partner import Partner, PartnerKind, PartnerStatus, partner_id_of
from services.partners.domain.received import Outcome, Position, Received, Result, Verdict
from services.partners.wire import partner as partner_wire
from services.partners.wire import received as received_wire
from tests.unit.partners.records import example

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "protos/examples/madang.partners.receipts.v1/kr.go.seoul.madang.partner.receipt.v1.json"
RESULT = Result("proposals", "proposal", uuid4())


def received(verdict: Verdict, event_id: str = "1") -> Received:
    return Received(uuid4(), "dasan", event_id, "", "", verdict, Position(2, 17), 1, uuid4(), uuid4(), NOW, NOW, NOW)


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(Outcome.ACCEPTED, result=RESULT),
        Verdict(Outcome.DUPLICATE, result=RESULT),
        Verdict(Outcome.DUPLICATE),
        Verdict(Outcome.REFUSED, "TITLE_REQUIRED", "title", "a title is required"),
    ],
)
def test_a_receipt_has_every_member_whatever_it_says(verdict: Verdict) -> None:
    notice = received_wire.notice_of(received(verdict), uuid4(), NOW)
    event = json.loads(notice.payload)
    assert {"event_id", "outcome", "code", "field", "reason", "result", "position"} == set(event["data"])
    assert event["data"]["outcome"] == verdict.outcome
    assert event["data"]["position"] == {"partition": 2, "offset": 17}
    assert (event["data"]["result"] or {}).get("id") == (str(verdict.result.id) if verdict.result else None)
    assert (notice.topic, notice.content_type) == ("madang.partners.dasan.receipts.v1", "application/cloudevents+json")
    assert (event["id"], event["type"]) == (str(notice.id), notice.type)


def test_the_example_of_a_receipt_is_one() -> None:
    event = json.loads(EXAMPLE.read_text())
    receipt = ParseDict(event["data"], receipt_pb2.Receipt())
    assert event["type"] == EXAMPLE.stem == received_wire.RECEIPT_TYPE
    assert received_wire.receipt_to_json(receipt) == event["data"]


def test_receipts_for_one_event_keep_their_order_and_those_without_an_id_have_none() -> None:
    verdict = Verdict(Outcome.DUPLICATE)
    about = [received_wire.notice_of(received(verdict, event_id), uuid4(), NOW).about for event_id in ("1", "1", "2", "", "")]
    assert about[0] == about[1]
    assert len(set(about)) == 4


def test_a_partner_is_the_same_after_the_wire() -> None:
    partner = Partner(partner_id_of("dasan"), "dasan", "120다산콜재단", PartnerKind.CALL_CENTRE, NOW)
    message = partner_wire.partner_to_wire(partner)
    assert partner_wire.partner_from_wire(message) == partner
    assert (message.inbox, message.receipts) == ("madang.partners.dasan.inbox.v1", "madang.partners.dasan.receipts.v1")


@pytest.mark.parametrize("status", PartnerStatus)
def test_what_a_partner_may_is_the_same_after_the_wire_and_its_contact_never_leaves(status: PartnerStatus) -> None:
    partner = Partner(
        partner_id_of("nanum"), "nanum", "나눔카", PartnerKind.COMPANY, NOW, status, "점검", date(2026, 1, 1), date(2026, 12, 31),
        "sharing_city", "", ("a",), ("https://nanum.example",), 10, 1000,
    )  # fmt: skip
    assert partner_wire.partner_from_wire(partner_wire.partner_to_wire(partner)) == partner
    assert "contact_ref" not in partner_wire.partner_to_wire(partner).DESCRIPTOR.fields_by_name


def test_an_event_to_be_validated_goes_to_the_inbox_of_its_source_unless_another_is_named() -> None:
    value = json.dumps(example()).encode()
    assert received_wire.record_from_wire(partners_pb2.ValidateEventRequest(value=value)).topic == "madang.partners.dasan.inbox.v1"
    named = partners_pb2.ValidateEventRequest(value=value, partner="other")
    assert received_wire.record_from_wire(named).topic == "madang.partners.other.inbox.v1"


def test_an_owners_refusal_is_passed_on_with_code_field_and_reason() -> None:
    refused = Refused(Kind.INVALID, "DISTRICT_UNKNOWN", "no district", violations=[Violation("district_code", "DISTRICT_UNKNOWN", "…")])
    assert refusal_of(refused) == Verdict(Outcome.REFUSED, "DISTRICT_UNKNOWN", "district_code", "no district")
    assert refusal_of(Refused(Kind.EXISTS, "IDEMPOTENCY_MISMATCH", "…")).code == "ID_REUSED"


def test_a_meeting_has_no_place_on_the_agenda() -> None:
    message = received_wire.result_to_wire(Result("council", "meeting", UUID(int=1)))
    assert message is not None
    assert message.agenda_id == ""
