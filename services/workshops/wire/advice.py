"""Advice notes on the wire."""

from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import advice_note_pb2
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.ids import id_from
from services.kit.text import one_line
from services.kit.wire import fact_to_wire, text_from_wire, text_to_wire, time_from_wire, time_or_none, time_to_wire
from services.workshops import events
from services.workshops.domain.advice import AdviceNote
from services.workshops.wire.sector import SECTORS

FACTS = {events.AdviceRecorded: events_pb.AdviceRecorded}


def event_of(fact: events.AdviceRecorded, after: AdviceNote) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], advice_note_to_wire(after))


def advice_note_to_wire(note: AdviceNote) -> advice_note_pb2.AdviceNote:
    """The public state of an advice note, which is all of it."""
    return advice_note_pb2.AdviceNote(
        advice_id=str(note.id), innovation_id=str(note.innovation_id), sector=SECTORS.to_wire(note.sector), institution=note.institution,
        opinion=text_to_wire(note.opinion), given_at=time_to_wire(note.given_at),
    )  # fmt: skip


def advice_note_from_wire(message: advice_note_pb2.AdviceNote) -> AdviceNote:
    """The state as the domain has it."""
    return AdviceNote(
        UUID(message.advice_id), UUID(message.innovation_id), SECTORS.from_wire(message.sector, "sector"), message.institution,
        text_from_wire(message.opinion), time_from_wire(message.given_at, "given_at"),
    )  # fmt: skip


def recorded_from_wire(request: pb.RecordAdviceRequest, identity: UUID, now: datetime) -> AdviceNote:
    """A new advice note."""
    return AdviceNote(
        identity, id_from(request.innovation_id, "innovation_id"), SECTORS.from_wire(request.sector, "sector"),
        one_line(request.institution), text_from_wire(request.opinion), time_or_none(request.given_at, "given_at") or now,
    )  # fmt: skip
