"""Pairs between the wire and the domain of mandates, activities and voices, tested both ways."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import activity_pb2, mandate_pb2, voice_pb2, voices_pb2
from services.kit.ids import id_from, id_or_none, id_text
from services.kit.queries import Page
from services.kit.text import one_line
from services.kit.wire import (
    GROUPS,
    EnumWire,
    day_from_wire,
    day_or_refused,
    day_to_wire,
    district_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.kit.write import Target
from services.voices import events
from services.voices.domain import (
    Activity,
    ActivityKind,
    ActivityStatus,
    Consent,
    Heard,
    Mandate,
    MandateStatus,
    Sensitivity,
    Voice,
    VoiceStatus,
)
from services.voices.queries import ActivityListing, MandateListing, VoiceListing

MANDATE_STATUSES = EnumWire(mandate_pb2.MandateStatus, MandateStatus)
ACTIVITY_STATUSES = EnumWire(activity_pb2.ActivityStatus, ActivityStatus)
ACTIVITY_KINDS = EnumWire(activity_pb2.ActivityKind, ActivityKind)
VOICE_STATUSES = EnumWire(voice_pb2.VoiceStatus, VoiceStatus)
CONSENTS = EnumWire(voice_pb2.Consent, Consent)
SENSITIVITIES = EnumWire(voice_pb2.Sensitivity, Sensitivity)
FACTS = {
    events.MandateAppointed: events_pb.MandateAppointed,
    events.ActivityPlanned: events_pb.ActivityPlanned,
    events.ActivityReported: events_pb.ActivityReported,
    events.ActivityCancelled: events_pb.ActivityCancelled,
    events.VoiceRelayed: events_pb.VoiceRelayed,
    events.VoiceWithdrawn: events_pb.VoiceWithdrawn,
}


def event_of(fact: events.VoicesFact, after: Mandate | Activity | Voice) -> Message:
    """The fact with the whole public state after it."""
    message: Any = FACTS[type(fact)](after=_public(after), occurred_at=time_to_wire(fact.occurred_at))
    if isinstance(fact, events.ActivityCancelled):
        message.reason = fact.reason
    return message  # type: ignore[no-any-return]


def _public(after: Mandate | Activity | Voice) -> Message:
    match after:
        case Mandate():
            return mandate_to_wire(after)
        case Activity():
            return activity_to_wire(after)
        case Voice():
            return voice_to_wire(after.published())


def mandate_to_wire(mandate: Mandate) -> mandate_pb2.Mandate:
    """The public state of a mandate: everything but the person."""
    return mandate_pb2.Mandate(
        mandate_id=str(mandate.id), status=MANDATE_STATUSES.to_wire(mandate.status),
        represented_group=GROUPS.to_wire(mandate.represented_group), start_date=day_to_wire(mandate.start_date),
        end_date=day_to_wire(mandate.end_date), nominated_by=mandate.nominated_by, appointed_at=time_to_wire(mandate.appointed_at),
    )  # fmt: skip


def mandate_from_wire(message: mandate_pb2.Mandate) -> Mandate:
    """The public state as the domain has it."""
    return Mandate(
        id=UUID(message.mandate_id), represented_group=GROUPS.from_wire(message.represented_group, "represented_group"),
        start_date=day_or_refused(message.start_date, "start_date"), appointed_at=time_from_wire(message.appointed_at, "appointed_at"),
        end_date=day_from_wire(message.end_date, "end_date"), nominated_by=message.nominated_by,
        status=MANDATE_STATUSES.from_wire(message.status, "status"),
    )  # fmt: skip


def activity_to_wire(activity: Activity) -> activity_pb2.Activity:
    """The public state of an activity."""
    return activity_pb2.Activity(
        activity_id=str(activity.id), mandate_id=str(activity.mandate_id), status=ACTIVITY_STATUSES.to_wire(activity.status),
        activity_kind=ACTIVITY_KINDS.to_wire(activity.activity_kind), title=activity.title, starts_at=time_to_wire(activity.starts_at),
        ends_at=time_to_wire(activity.ends_at), location=activity.location, district_code=activity.district_code or "",
        host_department=activity.host_department, attendee_count=activity.attendee_count,
    )  # fmt: skip


def activity_from_wire(message: activity_pb2.Activity) -> Activity:
    """The public state as the domain has it."""
    return Activity(
        id=UUID(message.activity_id), mandate_id=UUID(message.mandate_id),
        activity_kind=ACTIVITY_KINDS.from_wire(message.activity_kind, "activity_kind"), title=message.title,
        starts_at=time_from_wire(message.starts_at, "starts_at"), ends_at=time_or_none(message.ends_at, "ends_at"),
        location=message.location, district_code=district_from_wire(message.district_code, "district_code"),
        host_department=message.host_department, attendee_count=message.attendee_count,
        status=ACTIVITY_STATUSES.from_wire(message.status, "status"),
    )  # fmt: skip


def voice_to_wire(voice: Voice) -> voice_pb2.Voice:
    """A voice with the words that it is given with: `published` and `seen_by` say which those are."""
    return voice_pb2.Voice(
        voice_id=str(voice.id), status=VOICE_STATUSES.to_wire(voice.status), activity_id=id_text(voice.activity_id),
        mandate_id=id_text(voice.mandate_id), represented_group=GROUPS.to_wire(voice.represented_group), text=text_to_wire(voice.text),
        themes=voice.themes, consent=CONSENTS.to_wire(voice.consent), sensitivity=SENSITIVITIES.to_wire(voice.sensitivity),
        district_code=voice.district_code or "", raised_at=time_to_wire(voice.raised_at), origin=voice.origin,
    )  # fmt: skip


def voice_from_wire(message: voice_pb2.Voice) -> Voice:
    """The state as the domain has it."""
    return Voice(
        id=UUID(message.voice_id), status=VOICE_STATUSES.from_wire(message.status, "status"),
        represented_group=GROUPS.from_wire(message.represented_group, "represented_group"), text=text_or_none(message.text),
        raised_at=time_from_wire(message.raised_at, "raised_at"), activity_id=id_or_none(message.activity_id, "activity_id"),
        mandate_id=id_or_none(message.mandate_id, "mandate_id"), themes=tuple(message.themes),
        consent=CONSENTS.optional(message.consent, "consent"), sensitivity=SENSITIVITIES.optional(message.sensitivity, "sensitivity"),
        district_code=district_from_wire(message.district_code, "district_code"), origin=message.origin,
    )  # fmt: skip


def activity_target(request: Any) -> Target:
    """The activity that a command means."""
    return Target(id_from(request.activity_id, "activity_id"), request.etag)


def voice_target(request: Any) -> Target:
    """The voice that a command means."""
    return Target(id_from(request.voice_id, "voice_id"), request.etag)


def appointed_from_wire(request: voices_pb2.AppointMandateRequest, identity: UUID, now: datetime) -> Mandate:
    """A new mandate."""
    return Mandate(
        id=identity, represented_group=GROUPS.from_wire(request.represented_group, "represented_group"),
        start_date=day_or_refused(request.start_date, "start_date"), appointed_at=now,
        end_date=day_from_wire(request.end_date, "end_date"), nominated_by=one_line(request.nominated_by), person_ref=request.person_ref,
    )  # fmt: skip


def planned_from_wire(request: voices_pb2.PlanActivityRequest, identity: UUID) -> Activity:
    """A new activity."""
    return Activity(
        id=identity, mandate_id=id_from(request.mandate_id, "mandate_id"),
        activity_kind=ACTIVITY_KINDS.from_wire(request.activity_kind, "activity_kind"), title=one_line(request.title),
        starts_at=time_from_wire(request.starts_at, "starts_at"), ends_at=time_or_none(request.ends_at, "ends_at"),
        location=one_line(request.location), district_code=district_from_wire(request.district_code, "district_code"),
        host_department=request.host_department,
    )  # fmt: skip


def heard_from_wire(request: voices_pb2.CaptureVoiceRequest) -> Heard:
    """What was written down of a voice."""
    return Heard(
        text=text_from_wire(request.text), activity_id=id_or_none(request.activity_id, "activity_id"),
        represented_group=GROUPS.optional(request.represented_group, "represented_group"), themes=tuple(request.themes),
        consent=CONSENTS.optional(request.consent, "consent"), sensitivity=SENSITIVITIES.optional(request.sensitivity, "sensitivity"),
        district_code=district_from_wire(request.district_code, "district_code"),
        raised_at=time_or_none(request.raised_at, "raised_at"), origin=request.origin,
    )  # fmt: skip


def mandates_from_wire(request: voices_pb2.ListMandatesRequest) -> MandateListing:
    """Which mandates are asked for."""
    return MandateListing(
        Page(request.page_size, request.page_token), GROUPS.optional(request.represented_group, "represented_group")
    )  # fmt: skip


def activities_from_wire(request: voices_pb2.ListActivitiesRequest) -> ActivityListing:
    """Which activities are asked for."""
    return ActivityListing(
        Page(request.page_size, request.page_token),
        id_or_none(request.mandate_id, "mandate_id"),
        ACTIVITY_STATUSES.optional(request.status, "status"),
    )


def voices_from_wire(request: voices_pb2.ListVoicesRequest) -> VoiceListing:
    """Which voices are asked for."""
    return VoiceListing(
        Page(request.page_size, request.page_token),
        VOICE_STATUSES.optional(request.status, "status"),
        GROUPS.optional(request.represented_group, "represented_group"),
        id_or_none(request.activity_id, "activity_id"),
    )
