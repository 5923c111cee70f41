"""Steps of a timeline."""

from collections.abc import Sequence
from typing import Any

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from services.agenda.projection.facts import TYPES, code_in
from services.kit.database import Row
from services.kit.wire import time_to_wire

STATES = ("status", "phase", "result")


def decision_of_event(row: Row) -> item_pb2.AgendaDecision:
    """What an event of an item says was decided."""
    message: Any = TYPES[row["type"]].FromString(row["payload"])
    decision: item_pb2.AgendaDecision = message.after
    return decision


def step_to_wire(row: Row) -> pb.TimelineStep:
    """An event out of the ledger; what its payload says of state, owner and reason goes along."""
    message: Any = TYPES[row["type"]].FromString(row["payload"])
    return pb.TimelineStep(
        at=time_to_wire(row["occurred_at"]), service=row["service"], type=row["type"], aggregate_id=str(row["aggregate_id"]),
        version=row["version"], event_id=str(row["event_id"]), correlation_id=str(row["correlation_id"]),
        causation_id=str(row["causation_id"]), state=_state(message.after), owner=_first_text(message.after, ("owner", "department")),
        reason=_first_text(message, ("reason",)),
    )  # fmt: skip


def _state(after: Any) -> str:
    if isinstance(after, item_pb2.SourceLink):
        return "" if after.removed else code_in(after, "relation")
    fields = after.DESCRIPTOR.fields_by_name
    return next((code_in(after, name) for name in STATES if name in fields and fields[name].enum_type), "")


def _first_text(message: Any, names: Sequence[str]) -> str:
    return next((value for name in names if isinstance(value := getattr(message, name, ""), str) and value), "")
