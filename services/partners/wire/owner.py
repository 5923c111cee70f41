"""Requests to the owners of what events become."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import meeting_messages_pb2
from madang.events.partners.v1 import partners_pb2 as events_pb
from madang.proposals.v1 import proposal_pb2, proposals_pb2
from madang.voices.v1 import voices_pb2
from services.kit.wire import time_to_wire
from services.partners.domain.received import request_id_of


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
