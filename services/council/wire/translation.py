"""Translations on the wire."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import translation_messages_pb2 as messages
from madang.council.v1 import translation_pb2 as pb
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.minutes import MinutesPart
from services.council.domain.translation import TranslatedPart, Translation, TranslationStatus
from services.council.queries.minutes import TranslationListing
from services.council.wire.meeting import sitting_from_wire
from services.council.wire.minutes import PARTS, TRAVELLING
from services.council.wire.passage import passage_from_wire, spans_to_wire
from services.kit.ids import id_or_none
from services.kit.wire import EnumWire, fact_to_wire, page_from_wire, text_to_wire, time_from_wire, time_or_none, time_to_wire

STATUSES = EnumWire(pb.TranslationStatus, TranslationStatus)
FACTS: dict[type[Any], type[Any]] = {
    events.TranslationPublished: events_pb.TranslationPublished,
    events.TranslationUpdated: events_pb.TranslationUpdated,
}


def event_of(fact: events.TranslationFact, after: Translation) -> Message:
    """The fact with the public state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], translation_to_wire(after, TRAVELLING))


def translation_to_wire(translation: Translation, parts: Iterable[MinutesPart], *, whole: bool = False) -> pb.Translation:
    """A translation with the words of these parts; with `whole` also the private ones."""
    sitting = translation.sitting
    return pb.Translation(
        translation_id=str(translation.id), minutes_id=str(translation.minutes_id), meeting_id=str(sitting.meeting_id),
        council_id=str(sitting.council_id), meeting_name=sitting.meeting_name, council_name=sitting.council_name,
        meeting_start=time_to_wire(sitting.start), language=translation.language, status=STATUSES.to_wire(translation.status),
        parts=[_part_to_wire(part, translation.parts[part], whole) for part in parts if part in translation.parts],
        started_at=time_to_wire(translation.started_at), published_at=time_to_wire(translation.published_at),
    )  # fmt: skip


def translation_from_wire(message: pb.Translation) -> Translation:
    """A translation as the domain has it, with the parts that are in the message."""
    return Translation(
        UUID(message.translation_id), UUID(message.minutes_id), sitting_from_wire(message, "meeting_start"), message.language,
        time_from_wire(message.started_at, "started_at"), STATUSES.from_wire(message.status, "status"),
        {PARTS.from_wire(part.part, "part"): _part_from_wire(part) for part in message.parts},
        time_or_none(message.published_at, "published_at"),
    )  # fmt: skip


def standing_to_wire(
    translation: Translation, changed: Iterable[MinutesPart], parts: Iterable[MinutesPart], *, whole: bool = False
) -> pb.Translation:
    """A translation with what its original says differently since."""
    message = translation_to_wire(translation, parts, whole=whole)
    message.changed_parts.extend(PARTS.to_wire(part) for part in changed)
    message.behind = bool(message.changed_parts)
    return message


def begun_as(request: messages.StartTranslationRequest) -> TranslationStatus:
    """How a translation begins."""
    return TranslationStatus.MACHINE if request.machine else TranslationStatus.DRAFT


def listing_from_wire(request: messages.ListTranslationsRequest) -> TranslationListing:
    """Which translations are asked for."""
    minutes_id, status = id_or_none(request.minutes_id, "minutes_id"), STATUSES.optional(request.status, "status")
    return TranslationListing(minutes_id, request.language, status, page_from_wire(request))


def _part_to_wire(part: MinutesPart, translated: TranslatedPart, whole: bool) -> pb.TranslatedPart:
    passage = translated.passage if whole else translated.passage.public
    return pb.TranslatedPart(
        part=PARTS.to_wire(part), text=text_to_wire(passage.text), spans=spans_to_wire(passage.spans),
        source_edition=translated.source_edition, source_hash=translated.source_hash,
    )  # fmt: skip


def _part_from_wire(message: pb.TranslatedPart) -> TranslatedPart:
    return TranslatedPart(passage_from_wire(message.text, message.spans), message.source_edition, message.source_hash)
