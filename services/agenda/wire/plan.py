"""Plans: what is imported, their fact, and a year of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import agenda_pb2, figure_pb2
from madang.agenda.v1 import plan_pb2 as pb
from madang.events.agenda.v1 import plan_pb2 as events_pb
from services.agenda.domain.plan import NodeProgress, Plan, PlanLevel, PlanNode, PlanYear, in_order, plan_id, plan_tags
from services.agenda.events import PlanImported
from services.agenda.queries.plan import YearOfPlan
from services.agenda.wire.item import STATUSES
from services.agenda.wire.label import label_from_wire, label_to_wire
from services.kit.errors import invalid
from services.kit.vocabulary import HrObjective
from services.kit.wire import EnumWire, fact_to_wire, time_from_wire, time_to_wire

LEVELS = EnumWire(pb.PlanLevel, PlanLevel)


def plan_event(fact: PlanImported, after: Plan) -> Message:
    """A fact about a plan, with the whole plan."""
    return fact_to_wire(fact, events_pb.PlanImported, plan_to_wire(after))


def plan_to_wire(plan: Plan) -> pb.Plan:
    """A plan."""
    return pb.Plan(
        plan_id=str(plan.id), code=plan.code, title=label_to_wire(plan.title), from_year=plan.from_year, to_year=plan.to_year,
        nodes=map(_node_to_wire, plan.nodes), imported_at=time_to_wire(plan.imported_at),
    )  # fmt: skip


def plan_from_wire(message: pb.Plan) -> Plan:
    """A plan as the domain has it."""
    return Plan(
        UUID(message.plan_id), message.code, label_from_wire(message.title), message.from_year, message.to_year,
        in_order(map(_node_from_wire, message.nodes)), time_from_wire(message.imported_at, "imported_at"),
    )  # fmt: skip


def import_from_wire(request: pb.ImportPlanRequest, now: datetime) -> Plan:
    """A plan that is taken in."""
    return Plan(
        plan_id(request.code), request.code, label_from_wire(request.title), request.from_year, request.to_year,
        in_order(map(_node_from_wire, request.nodes)), now,
    )  # fmt: skip


def progress_to_wire(found: YearOfPlan) -> pb.GetPlanProgressResponse:
    """A year of a plan, node by node, each figure with what opens it."""
    rows = [_row_to_wire(found, row) for row in found.rows]
    return pb.GetPlanProgressResponse(plan=found.plan.code, year=found.year, rows=rows)


def task_to_wire(plan: Plan, node: PlanNode, year: int) -> pb.PlanTask:
    """A detailed task in one year."""
    one = node.in_year(year)
    return pb.PlanTask(
        reference=f"{plan.code}/{node.code}", title=label_to_wire(node.title), department=node.department, year=year, target=one.target,
        progress=one.progress, note=one.note,
    )  # fmt: skip


def _row_to_wire(found: YearOfPlan, row: NodeProgress) -> pb.PlanProgress:
    node = row.node
    return pb.PlanProgress(
        code=node.code, level=LEVELS.to_wire(node.level), title=label_to_wire(node.title), tasks=row.tasks, target=row.target,
        progress=row.progress, records=pb.ListPlanTasksRequest(plan=found.plan.code, below=node.code, year=found.year),
        items=_figures(found, node),
    )  # fmt: skip


def _figures(found: YearOfPlan, node: PlanNode) -> Iterator[figure_pb2.Figure]:
    """How many items are tagged with a node: all of them, and those of each status that any stands in; nothing where none were counted."""
    if (counts := found.items.get(node.code)) is None:
        return
    yield _figure(found, node, "items", sum(counts.values()))
    for number, status in STATUSES.items():
        if counts.get(status):
            yield _figure(found, node, str(status), counts[status], status=number)


def _figure(found: YearOfPlan, node: PlanNode, name: str, value: int, **more: Any) -> figure_pb2.Figure:
    tag = plan_tags(f"{found.plan.code}/{node.code}")[-1]
    as_of = time_to_wire(found.as_of)
    records = agenda_pb2.ListItemsRequest(tags=[tag], as_of=as_of, count_all=True, **more)
    return figure_pb2.Figure(name=name, value=value, unit="items", records=records, as_of=as_of)


def _node_to_wire(node: PlanNode) -> pb.PlanNode:
    years = [pb.PlanYear(year=one.year, target=one.target, progress=one.progress, note=one.note) for one in node.years]
    return pb.PlanNode(
        code=node.code, title=label_to_wire(node.title), objective=node.objective or "", department=node.department, years=years
    )  # fmt: skip


def _node_from_wire(message: pb.PlanNode) -> PlanNode:
    if message.objective and message.objective not in set(HrObjective):
        words = f"{message.code} has no objective {message.objective!r}; it may be {', '.join(HrObjective)}"
        raise invalid("ENUM_UNKNOWN", words, "nodes", node=message.code)
    objective = HrObjective(message.objective) if message.objective else None
    years = sorted(map(_year_from_wire, message.years), key=lambda one: one.year)
    return PlanNode(message.code, label_from_wire(message.title), objective, message.department, tuple(years))


def _year_from_wire(message: pb.PlanYear) -> PlanYear:
    return PlanYear(
        message.year, message.target if message.HasField("target") else None,
        message.progress if message.HasField("progress") else None, message.note,
    )  # fmt: skip
