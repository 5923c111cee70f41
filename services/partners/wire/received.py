"""What partners sent on the wire, and receipts as partners read them."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf import json_format

from madang.partners.v1 import partners_pb2, receipt_pb2, received_event_pb2
from services.kit.contracts import event_type_of
from services.kit.dead_letters import KeptRecord
from services.kit.envelope import STRUCTURED
from services.kit.ids import derived_id, id_or_none, id_text
from services.kit.wire import EnumWire, page_from_wire, time_to_wire
from services.kit.write import Notice
from services.partners.cloudevents import glimpse
from services.partners.domain.partner import INBOX, RECEIPTS
from services.partners.domain.received import Outcome, Position, Received, Result, Verdict
from services.partners.queries import Listing

OUTCOMES = EnumWire(received_event_pb2.Outcome, Outcome)
RECEIPT_TYPE = event_type_of(receipt_pb2.Receipt)


def notice_of(received: Received, notice_id: UUID, at: datetime) -> Notice:
    """The receipt for a record, on its way to the partner. Receipts for one event have one key, and so their order."""
    about = derived_id("partner-receipt", received.partner, received.event_id) if received.event_id else received.id
    event = {
        "specversion": "1.0", "id": str(notice_id), "source": "urn:madang:partners", "type": RECEIPT_TYPE, "time": at.isoformat(),
        "subject": received.event_id or str(received.id), "datacontenttype": "application/json",
        "correlationid": str(received.correlation_id), "causationid": str(received.cause_id),
        "data": receipt_to_json(receipt_to_wire(received.event_id, received.verdict, received.position)),
    }  # fmt: skip
    return Notice(
        notice_id, about, "receipt", RECEIPT_TYPE, RECEIPTS.format(received.partner), f"{STRUCTURED}+json",
        json.dumps(event, ensure_ascii=False).encode(), received.correlation_id, received.cause_id,
    )  # fmt: skip


def receipt_to_json(receipt: receipt_pb2.Receipt) -> dict[str, Any]:
    """A receipt as a partner reads it: every member there, `result` null where it became nothing."""
    data = json_format.MessageToDict(receipt, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    data.setdefault("result", None)
    data["position"]["offset"] = receipt.position.offset
    return data


def receipt_to_wire(event_id: str, verdict: Verdict, position: Position) -> receipt_pb2.Receipt:
    """The answer to one event."""
    return receipt_pb2.Receipt(
        event_id=event_id, outcome=verdict.outcome, code=verdict.code, field=verdict.field, reason=verdict.reason,
        result=result_to_wire(verdict.result), position=position_to_wire(position),
    )  # fmt: skip


def result_to_wire(result: Result | None) -> receipt_pb2.Result | None:
    """What an event became; nothing stays absent."""
    if result is None:
        return None
    return receipt_pb2.Result(service=result.service, kind=result.kind, id=str(result.id), agenda_id=id_text(result.agenda_id))


def position_to_wire(position: Position) -> receipt_pb2.InboxPosition:
    """A place in the log."""
    return receipt_pb2.InboxPosition(partition=position.partition, offset=position.offset)


def received_to_wire(received: Received) -> received_event_pb2.ReceivedEvent:
    """A record of an inbox."""
    verdict = received.verdict
    return received_event_pb2.ReceivedEvent(
        received_id=str(received.id), partner=received.partner, event_id=received.event_id, type=received.type,
        subject=received.subject, outcome=OUTCOMES.to_wire(verdict.outcome), code=verdict.code, field=verdict.field,
        reason=verdict.reason, result=result_to_wire(verdict.result), position=position_to_wire(received.position),
        tries=received.tries, correlation_id=str(received.correlation_id), cause_id=str(received.cause_id),
        event_time=time_to_wire(received.event_time), received_at=time_to_wire(received.received_at),
        settled_at=time_to_wire(received.settled_at), mends=id_text(received.mends),
    )  # fmt: skip


def record_from_wire(request: partners_pb2.ValidateEventRequest) -> KeptRecord:
    """The record that a partner would send; to the inbox of the partner in its source unless another is named."""
    headers = [(header.name, header.value) for header in request.headers]
    record = KeptRecord("", 0, 0, None, request.value, headers)
    return replace(record, topic=INBOX.format(request.partner or glimpse(record).get("source", "").rpartition(":")[2]))


def listing_from_wire(request: partners_pb2.ListReceivedEventsRequest) -> Listing:
    """Which received events are asked for."""
    return Listing(
        page_from_wire(request), request.partner or None, OUTCOMES.optional(request.outcome, "outcome"),
        request.event_id or None, id_or_none(request.chain_id, "chain_id"),
    )  # fmt: skip
