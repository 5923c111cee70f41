"""Methods on activities."""

from typing import Any

from madang.voices.v1 import voices_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, written_to_wire
from services.voices.rpc.parts import Methods
from services.voices.wire import activity as wire


class ActivityMethods(Methods):
    """Activities."""

    async def PlanActivity(self, request: pb.PlanActivityRequest, context: Any) -> pb.PlanActivityResponse:
        written = await self._parts.activities.plan(call_of(context), wire.planned_from_wire(request, new_id()))
        return pb.PlanActivityResponse(written=written_to_wire(written))

    async def HoldActivity(self, request: pb.HoldActivityRequest, context: Any) -> pb.HoldActivityResponse:
        written = await self._parts.activities.hold(call_of(context), target_from_wire(request, "activity_id"))
        return pb.HoldActivityResponse(written=written_to_wire(written))

    async def ReportActivity(self, request: pb.ReportActivityRequest, context: Any) -> pb.ReportActivityResponse:
        written = await self._parts.activities.report(call_of(context), target_from_wire(request, "activity_id"), request.attendee_count)
        return pb.ReportActivityResponse(written=written_to_wire(written))

    async def CancelActivity(self, request: pb.CancelActivityRequest, context: Any) -> pb.CancelActivityResponse:
        written = await self._parts.activities.cancel(call_of(context), target_from_wire(request, "activity_id"), request.reason)
        return pb.CancelActivityResponse(written=written_to_wire(written))

    async def GetActivity(self, request: pb.GetActivityRequest, context: Any) -> pb.GetActivityResponse:
        activity, written = await self._parts.queries.activity(id_from(request.activity_id, "activity_id"))
        return pb.GetActivityResponse(activity=wire.activity_to_wire(activity), written=written_to_wire(written))

    async def ListActivities(self, request: pb.ListActivitiesRequest, context: Any) -> pb.ListActivitiesResponse:
        activities, token = await self._parts.queries.activities(wire.activities_from_wire(request))
        return pb.ListActivitiesResponse(activities=map(wire.activity_to_wire, activities), next_page_token=token)
