"""Methods on town projects."""

from typing import Any

from madang.proposals.v1 import town_project_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import day_or_refused, target_from_wire, text_from_wire, written_to_wire
from services.proposals.rpc.parts import Methods
from services.proposals.wire import town_project as wire


class TownProjectMethods(Methods):
    """Town projects."""

    async def ProposeTownProject(self, request: pb.ProposeTownProjectRequest, context: Any) -> pb.ProposeTownProjectResponse:
        project = wire.proposed_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.town_projects.propose(call_of(context), project)
        return pb.ProposeTownProjectResponse(written=written_to_wire(written))

    async def CounselTownProject(self, request: pb.CounselTownProjectRequest, context: Any) -> pb.CounselTownProjectResponse:
        written = await self._parts.town_projects.counsel(
            call_of(context), target_from_wire(request, "project_id"), request.counsellor_ref, request.department
        )
        return pb.CounselTownProjectResponse(written=written_to_wire(written))

    async def ApplyTownProject(self, request: pb.ApplyTownProjectRequest, context: Any) -> pb.ApplyTownProjectResponse:
        written = await self._parts.town_projects.apply(
            call_of(context), target_from_wire(request, "project_id"), wire.application_from_wire(request)
        )
        return pb.ApplyTownProjectResponse(written=written_to_wire(written))

    async def InspectTownProject(self, request: pb.InspectTownProjectRequest, context: Any) -> pb.InspectTownProjectResponse:
        day = day_or_refused(request.inspected_on, "inspected_on")
        written = await self._parts.town_projects.inspect(
            call_of(context), target_from_wire(request, "project_id"), text_from_wire(request.note), day
        )
        return pb.InspectTownProjectResponse(written=written_to_wire(written))

    async def ReviewTownProject(self, request: pb.ReviewTownProjectRequest, context: Any) -> pb.ReviewTownProjectResponse:
        written = await self._parts.town_projects.review(
            call_of(context), target_from_wire(request, "project_id"), tuple(map(wire.sheet_from_wire, request.sheets))
        )
        return pb.ReviewTownProjectResponse(written=written_to_wire(written))

    async def SelectTownProject(self, request: pb.SelectTownProjectRequest, context: Any) -> pb.SelectTownProjectResponse:
        written = await self._parts.town_projects.select(call_of(context), target_from_wire(request, "project_id"))
        return pb.SelectTownProjectResponse(written=written_to_wire(written))

    async def RejectTownProject(self, request: pb.RejectTownProjectRequest, context: Any) -> pb.RejectTownProjectResponse:
        written = await self._parts.town_projects.reject(
            call_of(context), target_from_wire(request, "project_id"), text_from_wire(request.reason)
        )
        return pb.RejectTownProjectResponse(written=written_to_wire(written))

    async def AgreeTownProject(self, request: pb.AgreeTownProjectRequest, context: Any) -> pb.AgreeTownProjectResponse:
        written = await self._parts.town_projects.agree(
            call_of(context), target_from_wire(request, "project_id"), wire.agreement_from_wire(request)
        )
        return pb.AgreeTownProjectResponse(written=written_to_wire(written))

    async def StartTownProject(self, request: pb.StartTownProjectRequest, context: Any) -> pb.StartTownProjectResponse:
        written = await self._parts.town_projects.start(call_of(context), target_from_wire(request, "project_id"))
        return pb.StartTownProjectResponse(written=written_to_wire(written))

    async def ReportTownProject(self, request: pb.ReportTownProjectRequest, context: Any) -> pb.ReportTownProjectResponse:
        written = await self._parts.town_projects.report(
            call_of(context), target_from_wire(request, "project_id"), text_from_wire(request.report)
        )
        return pb.ReportTownProjectResponse(written=written_to_wire(written))

    async def SettleTownProject(self, request: pb.SettleTownProjectRequest, context: Any) -> pb.SettleTownProjectResponse:
        spent = request.grant_spent, request.own_spent, request.returned
        written = await self._parts.town_projects.settle(call_of(context), target_from_wire(request, "project_id"), *spent)
        return pb.SettleTownProjectResponse(written=written_to_wire(written))

    async def ContinueTownProject(self, request: pb.ContinueTownProjectRequest, context: Any) -> pb.ContinueTownProjectResponse:
        written = await self._parts.town_projects.carry_on(call_of(context), target_from_wire(request, "project_id"))
        return pb.ContinueTownProjectResponse(written=written_to_wire(written))

    async def EndTownProject(self, request: pb.EndTownProjectRequest, context: Any) -> pb.EndTownProjectResponse:
        written = await self._parts.town_projects.end(call_of(context), target_from_wire(request, "project_id"))
        return pb.EndTownProjectResponse(written=written_to_wire(written))

    async def GetTownProject(self, request: pb.GetTownProjectRequest, context: Any) -> pb.GetTownProjectResponse:
        project, written = await self._parts.town_queries.project(id_from(request.project_id, "project_id"))
        return pb.GetTownProjectResponse(project=wire.project_to_wire(project), written=written_to_wire(written))

    async def ListTownProjects(self, request: pb.ListTownProjectsRequest, context: Any) -> pb.ListTownProjectsResponse:
        projects, token = await self._parts.town_queries.projects(wire.listing_from_wire(request))
        return pb.ListTownProjectsResponse(projects=map(wire.project_to_wire, projects), next_page_token=token)

    async def GetTownProjectBoard(self, request: pb.GetTownProjectBoardRequest, context: Any) -> pb.GetTownProjectBoardResponse:
        totals = await self._parts.town_queries.board(request.year or None)
        return pb.GetTownProjectBoardResponse(rows=[wire.total_to_wire(total, request.year) for total in totals])
