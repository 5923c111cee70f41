"""Voices on the wire."""

from uuid import UUID

from google.protobuf.message import Message

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import voice_pb2, voices_pb2
from services.kit.ids import id_or_none, id_text
from services.kit.wire import (
    GROUPS,
    EnumWire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.voices import events
from services.voices.domain.voice import Answer, Consent, Heard, Sensitivity, Voice, VoiceStatus
from services.voices.queries import VoiceListing

STATUSES = EnumWire(voice_pb2.VoiceStatus, VoiceStatus)
CONSENTS = EnumWire(voice_pb2.Consent, Consent)
SENSITIVITIES = EnumWire(voice_pb2.Sensitivity, Sensitivity)
FACTS: dict[type[events.VoiceFact], type[Message]] = {
    events.VoiceRelayed: events_pb.VoiceRelayed,
    events.VoiceWithdrawn: events_pb.VoiceWithdrawn,
    events.VoiceMarkedDuplicate: events_pb.VoiceMarkedDuplicate,
    events.VoiceLinked: events_pb.VoiceLinked,
    events.VoiceAnswered: events_pb.VoiceAnswered,
    events.VoiceClosed: events_pb.VoiceClosed,
}


def event_of(fact: events.VoiceFact, after: Voice) -> Message:
    """The fact with the state after it as everybody may see it."""
    return fact_to_wire(fact, FACTS[type(fact)], voice_to_wire(after.published()))


def voice_to_wire(voice: Voice) -> voice_pb2.Voice:
    """A voice with the words that it is given with: `published` and `seen_by` say which those are."""
    return voice_pb2.Voice(
        voice_id=str(voice.id), status=STATUSES.to_wire(voice.status), activity_id=id_text(voice.activity_id),
        mandate_id=id_text(voice.mandate_id), represented_group=GROUPS.to_wire(voice.represented_group), text=text_to_wire(voice.text),
        themes=voice.themes, consent=CONSENTS.to_wire(voice.consent), sensitivity=SENSITIVITIES.to_wire(voice.sensitivity),
        district_code=voice.district_code or "", raised_at=time_to_wire(voice.raised_at), origin=voice.origin,
        relayed_at=time_to_wire(voice.relayed_at), answer=answer_to_wire(voice.answer), duplicate_of=id_text(voice.duplicate_of),
    )  # fmt: skip


def voice_from_wire(message: voice_pb2.Voice) -> Voice:
    """The state as the domain has it."""
    return Voice(
        id=UUID(message.voice_id), status=STATUSES.from_wire(message.status, "status"),
        represented_group=GROUPS.from_wire(message.represented_group, "represented_group"), text=text_or_none(message.text),
        raised_at=time_from_wire(message.raised_at, "raised_at"), activity_id=id_or_none(message.activity_id, "activity_id"),
        mandate_id=id_or_none(message.mandate_id, "mandate_id"), themes=tuple(message.themes),
        consent=CONSENTS.optional(message.consent, "consent"), sensitivity=SENSITIVITIES.optional(message.sensitivity, "sensitivity"),
        district_code=district_from_wire(message.district_code, "district_code"), origin=message.origin,
        relayed_at=time_or_none(message.relayed_at, "relayed_at"),
        answer=answer_from_wire(message.answer) if message.HasField("answer") else None,
        duplicate_of=id_or_none(message.duplicate_of, "duplicate_of"),
    )  # fmt: skip


def answer_to_wire(answer: Answer | None) -> voice_pb2.VoiceAnswer | None:
    """An answer as the wire has it; none stays absent."""
    if answer is None:
        return None
    return voice_pb2.VoiceAnswer(
        text=text_to_wire(answer.text), department=answer.department, answered_at=time_to_wire(answer.answered_at)
    )  # fmt: skip


def answer_from_wire(message: voice_pb2.VoiceAnswer) -> Answer:
    """An answer from the wire."""
    return Answer(text_from_wire(message.text), message.department, time_from_wire(message.answered_at, "answered_at"))


def heard_from_wire(request: voices_pb2.CaptureVoiceRequest) -> Heard:
    """What was written down of a voice."""
    return Heard(
        text=text_from_wire(request.text), activity_id=id_or_none(request.activity_id, "activity_id"),
        represented_group=GROUPS.optional(request.represented_group, "represented_group"), themes=tuple(request.themes),
        consent=CONSENTS.optional(request.consent, "consent"), sensitivity=SENSITIVITIES.optional(request.sensitivity, "sensitivity"),
        district_code=district_from_wire(request.district_code, "district_code"),
        raised_at=time_or_none(request.raised_at, "raised_at"), origin=request.origin,
    )  # fmt: skip


def voices_from_wire(request: voices_pb2.ListVoicesRequest) -> VoiceListing:
    """Which voices are asked for."""
    return VoiceListing(
        page_from_wire(request),
        STATUSES.optional(request.status, "status"),
        GROUPS.optional(request.represented_group, "represented_group"),
        id_or_none(request.activity_id, "activity_id"),
        request.quarter,
        only_public=request.only_public,
    )
