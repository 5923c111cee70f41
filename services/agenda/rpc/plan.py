"""PlanService: map, call, map. Its methods are documented in the proto."""

from typing import Any

from madang.agenda.v1 import agenda_pb2, plan_pb2_grpc
from madang.agenda.v1 import plan_pb2 as pb
from services.agenda.queries.plan import PlanQueries
from services.agenda.service.plan import Plans
from services.agenda.wire import plan as wire
from services.kit.actor import call_of
from services.kit.clock import Clock
from services.kit.policy import may_call
from services.kit.wire import written_to_wire

LIST_ITEMS = agenda_pb2.DESCRIPTOR.services_by_name["AgendaService"].methods_by_name["ListItems"]


class PlanServicer(plan_pb2_grpc.PlanServiceServicer):
    """The whole service."""

    def __init__(self, plans: Plans, queries: PlanQueries, clock: Clock) -> None:
        self._plans, self._queries, self._clock = plans, queries, clock

    async def ImportPlan(self, request: pb.ImportPlanRequest, context: Any) -> pb.ImportPlanResponse:
        written = await self._plans.take_in(call_of(context), wire.import_from_wire(request, self._clock.now()))
        return pb.ImportPlanResponse(written=written_to_wire(written))

    async def GetPlan(self, request: pb.GetPlanRequest, context: Any) -> pb.GetPlanResponse:
        plan, written = await self._queries.plan(request.plan)
        return pb.GetPlanResponse(plan=wire.plan_to_wire(plan), written=written_to_wire(written))

    async def GetPlanProgress(self, request: pb.GetPlanProgressRequest, context: Any) -> pb.GetPlanProgressResponse:
        with_items = may_call(call_of(context).actor, LIST_ITEMS)
        return wire.progress_to_wire(await self._queries.progress(request.plan, request.year, with_items=with_items))

    async def ListPlanTasks(self, request: pb.ListPlanTasksRequest, context: Any) -> pb.ListPlanTasksResponse:
        plan, year = await self._queries.year(request.plan, request.year)
        return pb.ListPlanTasksResponse(tasks=[wire.task_to_wire(plan, node, year) for node in plan.part(request.below)])
