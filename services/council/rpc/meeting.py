"""Methods on meetings."""

from functools import partial
from typing import Any

from madang.council.v1 import meeting_messages_pb2 as pb
from services.council.rpc.parts import Methods
from services.council.wire import meeting as wire
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, written_to_wire


class MeetingMethods(Methods):
    """Meetings."""

    async def ScheduleMeeting(self, request: pb.ScheduleMeetingRequest, context: Any) -> pb.ScheduleMeetingResponse:
        council_id, make = id_from(request.council_id, "council_id"), partial(wire.scheduled_from_wire, request, new_id())
        written = await self._parts.meetings.schedule(call_of(context), council_id, make)
        return pb.ScheduleMeetingResponse(written=written_to_wire(written))

    async def InviteMeeting(self, request: pb.InviteMeetingRequest, context: Any) -> pb.InviteMeetingResponse:
        written = await self._parts.meetings.invite(call_of(context), target_from_wire(request, "meeting_id"))
        return pb.InviteMeetingResponse(written=written_to_wire(written))

    async def HoldMeeting(self, request: pb.HoldMeetingRequest, context: Any) -> pb.HoldMeetingResponse:
        target, people = target_from_wire(request, "meeting_id"), tuple(request.members_present)
        written = await self._parts.meetings.hold(call_of(context), target, wire.attendance_from_wire(request), people)
        return pb.HoldMeetingResponse(written=written_to_wire(written))

    async def CloseMeeting(self, request: pb.CloseMeetingRequest, context: Any) -> pb.CloseMeetingResponse:
        written = await self._parts.meetings.close(call_of(context), target_from_wire(request, "meeting_id"))
        return pb.CloseMeetingResponse(written=written_to_wire(written))

    async def CancelMeeting(self, request: pb.CancelMeetingRequest, context: Any) -> pb.CancelMeetingResponse:
        written = await self._parts.meetings.cancel(call_of(context), target_from_wire(request, "meeting_id"), request.reason)
        return pb.CancelMeetingResponse(written=written_to_wire(written))

    async def GetMeeting(self, request: pb.GetMeetingRequest, context: Any) -> pb.GetMeetingResponse:
        meeting, written = await self._parts.queries.meeting(id_from(request.meeting_id, "meeting_id"))
        return pb.GetMeetingResponse(meeting=wire.meeting_to_wire(meeting), written=written_to_wire(written))

    async def ListMeetings(self, request: pb.ListMeetingsRequest, context: Any) -> pb.ListMeetingsResponse:
        meetings, token = await self._parts.queries.meetings(wire.listing_from_wire(request))
        return pb.ListMeetingsResponse(meetings=map(wire.meeting_to_wire, meetings), next_page_token=token)

    async def PostponeMeeting(self, request: pb.PostponeMeetingRequest, context: Any) -> pb.PostponeMeetingResponse:
        written = await self._parts.meetings.postpone(call_of(context), target_from_wire(request, "meeting_id"), request.reason)
        return pb.PostponeMeetingResponse(written=written_to_wire(written))

    async def RescheduleMeeting(self, request: pb.RescheduleMeetingRequest, context: Any) -> pb.RescheduleMeetingResponse:
        target, day = target_from_wire(request, "meeting_id"), wire.new_day_from_wire(request)
        return pb.RescheduleMeetingResponse(written=written_to_wire(await self._parts.meetings.reschedule(call_of(context), target, day)))

    async def UpdateAttendance(self, request: pb.UpdateAttendanceRequest, context: Any) -> pb.UpdateAttendanceResponse:
        target, people = target_from_wire(request, "meeting_id"), tuple(request.members_present)
        written = await self._parts.meetings.update_attendance(call_of(context), target, request.attendance, request.quorum_present, people)
        return pb.UpdateAttendanceResponse(written=written_to_wire(written))
