"""Indicators on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import indicator_pb2
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.ids import id_from
from services.kit.text import one_line
from services.kit.wire import EnumWire, fact_to_wire, time_from_wire, time_or_none, time_to_wire
from services.workshops import events
from services.workshops.domain.indicator import Indicator, Measurement, MeasuringPeriod

PERIODS = EnumWire(indicator_pb2.MeasuringPeriod, MeasuringPeriod)
FACTS: dict[type[Any], type[Any]] = {
    events.IndicatorDefined: events_pb.IndicatorDefined,
    events.IndicatorMeasured: events_pb.IndicatorMeasured,
    events.MeasurementMissed: events_pb.MeasurementMissed,
}


def event_of(fact: events.WorkshopsFact, after: Indicator) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], indicator_to_wire(after))


def indicator_to_wire(indicator: Indicator) -> indicator_pb2.Indicator:
    """The public state of an indicator, which is all of it, and how far it has come."""
    return indicator_pb2.Indicator(
        indicator_id=str(indicator.id), innovation_id=str(indicator.innovation_id), name=indicator.name, unit=indicator.unit,
        baseline=indicator.baseline, target=indicator.target, method=indicator.method, defined_at=time_to_wire(indicator.defined_at),
        measurement=measurement_to_wire(indicator.measurement) if indicator.measurement else None,
        earlier=map(measurement_to_wire, indicator.earlier), progress=indicator.progress,
        measured_every=PERIODS.to_wire(indicator.measured_every), measurement_due_at=time_to_wire(indicator.measurement_due_at),
        missed_measurements=indicator.missed_measurements,
    )  # fmt: skip


def indicator_from_wire(message: indicator_pb2.Indicator) -> Indicator:
    """The state as the domain has it; how far it has come follows from it."""
    return Indicator(
        UUID(message.indicator_id), UUID(message.innovation_id), message.name, message.unit, message.baseline, message.target,
        message.method, time_from_wire(message.defined_at, "defined_at"),
        measured_from_wire(message.measurement) if message.HasField("measurement") else None,
        tuple(map(measured_from_wire, message.earlier)), PERIODS.optional(message.measured_every, "measured_every"),
        time_or_none(message.measurement_due_at, "measurement_due_at"), message.missed_measurements,
    )  # fmt: skip


def measurement_to_wire(found: Measurement) -> indicator_pb2.Measurement:
    """A measurement."""
    return indicator_pb2.Measurement(
        value=found.value, period=found.period, measured_by=found.measured_by, measured_at=time_to_wire(found.measured_at)
    )


def measured_from_wire(message: indicator_pb2.Measurement) -> Measurement:
    """A measurement that was taken."""
    return Measurement(message.value, message.period, message.measured_by, time_from_wire(message.measured_at, "measured_at"))


def defined_from_wire(request: pb.DefineIndicatorRequest, identity: UUID, now: datetime) -> Indicator:
    """A new indicator."""
    return Indicator(
        identity, id_from(request.innovation_id, "innovation_id"), one_line(request.name), request.unit, request.baseline, request.target,
        request.method, now, measured_every=PERIODS.optional(request.measured_every, "measured_every"),
    )  # fmt: skip


def measurement_from_wire(request: pb.MeasureIndicatorRequest, now: datetime) -> Measurement:
    """A measurement."""
    measured_at = time_or_none(request.measured_at, "measured_at") or now
    return Measurement(request.value, request.period, one_line(request.measured_by), measured_at)
