"""Activities on the wire."""

from uuid import UUID

from google.protobuf.message import Message

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import activity_pb2, voices_pb2
from services.kit.ids import id_from, id_or_none
from services.kit.text import one_line
from services.kit.wire import (
    GROUPS,
    EnumWire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.voices import events
from services.voices.domain.activity import Activity, ActivityKind, ActivityStatus
from services.voices.queries import ActivityListing

STATUSES = EnumWire(activity_pb2.ActivityStatus, ActivityStatus)
KINDS = EnumWire(activity_pb2.ActivityKind, ActivityKind)
FACTS: dict[type[events.ActivityFact], type[Message]] = {
    events.ActivityPlanned: events_pb.ActivityPlanned,
    events.ActivityHeld: events_pb.ActivityHeld,
    events.ActivityReported: events_pb.ActivityReported,
    events.ActivityCancelled: events_pb.ActivityCancelled,
}


def event_of(fact: events.ActivityFact, after: Activity) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], activity_to_wire(after))


def activity_to_wire(activity: Activity) -> activity_pb2.Activity:
    """The public state of an activity."""
    return activity_pb2.Activity(
        activity_id=str(activity.id), mandate_id=str(activity.mandate_id), status=STATUSES.to_wire(activity.status),
        activity_kind=KINDS.to_wire(activity.activity_kind), title=activity.title, starts_at=time_to_wire(activity.starts_at),
        ends_at=time_to_wire(activity.ends_at), location=activity.location, district_code=activity.district_code or "",
        host_department=activity.host_department, attendee_count=activity.attendee_count,
    )  # fmt: skip


def activity_from_wire(message: activity_pb2.Activity) -> Activity:
    """The public state as the domain has it."""
    return Activity(
        id=UUID(message.activity_id), mandate_id=UUID(message.mandate_id),
        activity_kind=KINDS.from_wire(message.activity_kind, "activity_kind"), title=message.title,
        starts_at=time_from_wire(message.starts_at, "starts_at"), ends_at=time_or_none(message.ends_at, "ends_at"),
        location=message.location, district_code=district_from_wire(message.district_code, "district_code"),
        host_department=message.host_department, attendee_count=message.attendee_count,
        status=STATUSES.from_wire(message.status, "status"),
    )  # fmt: skip


def planned_from_wire(request: voices_pb2.PlanActivityRequest, identity: UUID) -> Activity:
    """A new activity."""
    return Activity(
        id=identity, mandate_id=id_from(request.mandate_id, "mandate_id"),
        activity_kind=KINDS.from_wire(request.activity_kind, "activity_kind"), title=one_line(request.title),
        starts_at=time_from_wire(request.starts_at, "starts_at"), ends_at=time_or_none(request.ends_at, "ends_at"),
        location=one_line(request.location), district_code=district_from_wire(request.district_code, "district_code"),
        host_department=request.host_department,
    )  # fmt: skip


def activities_from_wire(request: voices_pb2.ListActivitiesRequest) -> ActivityListing:
    """Which activities are asked for."""
    return ActivityListing(
        page_from_wire(request),
        id_or_none(request.mandate_id, "mandate_id"),
        STATUSES.optional(request.status, "status"),
        GROUPS.optional(request.represented_group, "represented_group"),
        request.quarter,
        took_place=request.took_place,
    )
