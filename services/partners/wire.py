"""Pairs between the wire and the domain of partners; requests to the owners of events; receipts as partners read them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import meeting_messages_pb2
from madang.events.partners.v1 import partners_pb2 as events_pb
from madang.partners.v1 import partner_pb2, partners_pb2, receipt_pb2, received_event_pb2
from madang.proposals.v1 import proposal_pb2, proposals_pb2
from madang.voices.v1 import voices_pb2
from services.kit.contracts import event_type_of
from services.kit.dead_letters import KeptRecord
from services.kit.envelope import STRUCTURED
from services.kit.ids import derived_id, id_or_none, id_text
from services.kit.queries import Page
from services.kit.text import one_line
from services.kit.wire import EnumWire, time_from_wire, time_to_wire
from services.kit.write import Notice
from services.partners.cloudevents import glimpse
from services.partners.domain import (
    INBOX,
    RECEIPTS,
    Outcome,
    Partner,
    PartnerKind,
    Position,
    Received,
    Result,
    Verdict,
    partner_id_of,
    request_id_of,
)
from services.partners.queries import Listing

KINDS = EnumWire(partner_pb2.PartnerKind, PartnerKind)
OUTCOMES = EnumWire(received_event_pb2.Outcome, Outcome)
RECEIPT_TYPE = event_type_of(receipt_pb2.Receipt)


@dataclass(frozen=True, slots=True)
class Owner:
    """The method that takes an event in, and what the event becomes there."""

    service: str
    method: str
    kind: str
    reply: Callable[[bytes], Any]


OWNERS = {
    "proposals": Owner(
        "proposals", "/madang.proposals.v1.ProposalService/SubmitProposal", "proposal", proposals_pb2.SubmitProposalResponse.FromString
    ),
    "voices": Owner("voices", "/madang.voices.v1.VoiceService/CaptureVoice", "voice", voices_pb2.CaptureVoiceResponse.FromString),
    "council": Owner(
        "council", "/madang.council.v1.CouncilService/ScheduleMeeting", "meeting", meeting_messages_pb2.ScheduleMeetingResponse.FromString
    ),
}


def to_owner(message: Message, partner: str, event_id: str, at: datetime) -> tuple[str, bytes]:
    """Whom an event is for, and the request's bytes: the same event, the same bytes."""
    service, request = _request_of(message, at)
    request.request_id, request.origin = request_id_of(partner, event_id), f"{partner}:{event_id}"
    return service, request.SerializeToString(deterministic=True)


def _request_of(message: Any, at: datetime) -> tuple[str, Any]:
    if isinstance(message, events_pb.ProposalSubmitted):
        return "proposals", proposals_pb2.SubmitProposalRequest(
            channel=proposal_pb2.CHANNEL_PARTNER, service_code=message.service_code, title=message.title,
            description=message.description, represented_groups=message.represented_groups, themes=message.themes,
            innovation_field=message.innovation_field, district_code=message.district_code,
            requested_at=_given_or(message, "requested_at", at),
        )  # fmt: skip
    if isinstance(message, events_pb.VoiceHeard):
        return "voices", voices_pb2.CaptureVoiceRequest(
            represented_group=message.represented_group, text=message.text, themes=message.themes, consent=message.consent,
            sensitivity=message.sensitivity, district_code=message.district_code, raised_at=_given_or(message, "raised_at", at),
        )  # fmt: skip
    assert isinstance(message, events_pb.MeetingAnnounced), "every type that a partner may send has its owner"
    return "council", meeting_messages_pb2.ScheduleMeetingRequest(
        council_id=message.council_id, name=message.name, meeting_type=message.meeting_type, start=message.start,
        end=message.end if message.HasField("end") else None, location=message.location,
    )  # fmt: skip


def _given_or(message: Message, field: str, at: datetime) -> Timestamp | None:
    return getattr(message, field) if message.HasField(field) else time_to_wire(at)


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
        settled_at=time_to_wire(received.settled_at),
    )  # fmt: skip


def partner_to_wire(partner: Partner) -> partner_pb2.Partner:
    """A partner with its topics."""
    return partner_pb2.Partner(
        partner_id=str(partner.id), code=partner.code, name=partner.name, kind=KINDS.to_wire(partner.kind), inbox=partner.inbox,
        receipts=partner.receipts, added_at=time_to_wire(partner.added_at),
    )  # fmt: skip


def partner_from_wire(message: partner_pb2.Partner) -> Partner:
    """A partner; its topics follow from its code."""
    return Partner(
        id=UUID(message.partner_id), code=message.code, name=message.name, kind=KINDS.from_wire(message.kind, "kind"),
        added_at=time_from_wire(message.added_at, "added_at"),
    )  # fmt: skip


def added_from_wire(request: partners_pb2.AddPartnerRequest, now: datetime) -> Partner:
    """A new partner."""
    kind = KINDS.from_wire(request.kind, "kind")
    return Partner(partner_id_of(request.code), request.code, one_line(request.name), kind, now)


def record_from_wire(request: partners_pb2.ValidateEventRequest) -> KeptRecord:
    """The record that a partner would send; to the inbox of the partner in its source unless another is named."""
    headers = [(header.name, header.value) for header in request.headers]
    record = KeptRecord("", 0, 0, None, request.value, headers)
    return replace(record, topic=INBOX.format(request.partner or glimpse(record).get("source", "").rpartition(":")[2]))


def listing_from_wire(request: partners_pb2.ListReceivedEventsRequest) -> Listing:
    """Which received events are asked for."""
    return Listing(
        Page(request.page_size, request.page_token), request.partner or None, OUTCOMES.optional(request.outcome, "outcome"),
        request.event_id or None, id_or_none(request.chain_id, "chain_id"),
    )  # fmt: skip
