"""Meetings on the wire."""

from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import council_pb2, meeting_pb2
from madang.council.v1 import meeting_messages_pb2 as pb
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.council import Council
from services.council.domain.meeting import Attendance, CountryCount, Meeting, MeetingStatus, MeetingType, Presence, Sitting
from services.council.queries.meeting import MeetingListing
from services.council.service.meeting import NewDay
from services.kit.ids import id_or_none
from services.kit.text import one_line
from services.kit.wire import EnumWire, fact_to_wire, page_from_wire, time_from_wire, time_or_none, time_to_wire

STATUSES = EnumWire(meeting_pb2.MeetingStatus, MeetingStatus)
TYPES = EnumWire(meeting_pb2.MeetingType, MeetingType)
FACTS: dict[type[Any], type[Any]] = {
    events.MeetingScheduled: events_pb.MeetingScheduled,
    events.MeetingInvited: events_pb.MeetingInvited,
    events.MeetingHeld: events_pb.MeetingHeld,
    events.MeetingClosed: events_pb.MeetingClosed,
    events.MeetingCancelled: events_pb.MeetingCancelled,
    events.MeetingPostponed: events_pb.MeetingPostponed,
    events.MeetingRescheduled: events_pb.MeetingRescheduled,
    events.InvitationLate: events_pb.InvitationLate,
    events.AttendanceUpdated: events_pb.AttendanceUpdated,
}


def event_of(fact: events.MeetingFact, after: Meeting) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], meeting_to_wire(after))


def meeting_to_wire(meeting: Meeting) -> meeting_pb2.Meeting:
    """The public state of a meeting: of the members who were there only how many, and how many from which country."""
    there = meeting.attendance
    return meeting_pb2.Meeting(
        meeting_id=str(meeting.id), council_id=str(meeting.council_id), council_name=meeting.council_name, name=meeting.name,
        meeting_type=TYPES.to_wire(meeting.meeting_type), status=STATUSES.to_wire(meeting.status), start=time_to_wire(meeting.start),
        end=time_to_wire(meeting.end), location=meeting.location, quarter=meeting.sitting.quarter,
        attendance=there.people if there else None, quorum_needed=there.quorum_needed if there else None,
        quorum_present=there.quorum_present if there else None, cancellation_reason=meeting.cancellation_reason, origin=meeting.origin,
        postponement_reason=meeting.postponement_reason, invite_by=time_to_wire(meeting.invite_by),
        invitation_late=meeting.invitation_late,
        present_by_country=[council_pb2.CountryCount(country=item.country, count=item.count) for item in meeting.presence.by_country],
    )  # fmt: skip


def meeting_from_wire(message: meeting_pb2.Meeting) -> Meeting:
    """A meeting as the domain has it."""
    there = Attendance(message.attendance, message.quorum_needed, message.quorum_present) if message.HasField("attendance") else None
    return Meeting(
        UUID(message.meeting_id), UUID(message.council_id), message.council_name, message.name,
        TYPES.from_wire(message.meeting_type, "meeting_type"), time_from_wire(message.start, "start"), time_or_none(message.end, "end"),
        message.location, STATUSES.from_wire(message.status, "status"), there, message.cancellation_reason, message.origin,
        message.postponement_reason, time_or_none(message.invite_by, "invite_by"), message.invitation_late,
        Presence((), tuple(CountryCount(item.country, item.count) for item in message.present_by_country)),
    )  # fmt: skip


def sitting_from_wire(message: Any, start: str) -> Sitting:
    """What a message keeps of its meeting; `start` is the field that holds its beginning."""
    return Sitting(
        UUID(message.meeting_id), UUID(message.council_id), message.meeting_name, message.council_name,
        time_from_wire(getattr(message, start), start),
    )  # fmt: skip


def scheduled_from_wire(request: pb.ScheduleMeetingRequest, identity: UUID, council: Council) -> Meeting:
    """A new meeting of a council."""
    return Meeting(
        identity, council.id, council.name, one_line(request.name), TYPES.from_wire(request.meeting_type, "meeting_type"),
        time_from_wire(request.start, "start"), time_or_none(request.end, "end"), request.location, origin=request.origin,
    )  # fmt: skip


def attendance_from_wire(request: pb.HoldMeetingRequest) -> Attendance:
    """Who was there, in numbers."""
    return Attendance(request.attendance, request.quorum_needed, request.quorum_present)


def new_day_from_wire(request: pb.RescheduleMeetingRequest) -> NewDay:
    """When and where a postponed meeting takes place."""
    return NewDay(time_from_wire(request.start, "start"), time_or_none(request.end, "end"), request.location)


def listing_from_wire(request: pb.ListMeetingsRequest) -> MeetingListing:
    """Which meetings are asked for."""
    status = STATUSES.optional(request.status, "status")
    return MeetingListing(id_or_none(request.council_id, "council_id"), request.quarter, status, page_from_wire(request))
