"""Workshops and their series on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import workshop_pb2, workshop_series_pb2
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.clock import quarter_of
from services.kit.ids import id_from
from services.kit.text import one_line
from services.kit.wire import (
    EnumWire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.workshops import events
from services.workshops.domain.workshop import Output, OutputKind, Session, Workshop, WorkshopKind, WorkshopSeries, WorkshopStatus
from services.workshops.queries import WorkshopListing
from services.workshops.wire.sector import SECTORS

OUTPUT_KINDS = EnumWire(workshop_pb2.OutputKind, OutputKind)
KINDS = EnumWire(workshop_pb2.WorkshopKind, WorkshopKind)
STATUSES = EnumWire(workshop_pb2.WorkshopStatus, WorkshopStatus)
FACTS: dict[type[Any], type[Any]] = {
    events.WorkshopPlanned: events_pb.WorkshopPlanned,
    events.WorkshopHeld: events_pb.WorkshopHeld,
}
SERIES_FACTS = {events.QuarterWithoutWorkshop: events_pb.QuarterWithoutWorkshop}


def event_of(fact: events.WorkshopsFact, after: Workshop) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], workshop_to_wire(after))


def series_event_of(fact: events.QuarterWithoutWorkshop, after: WorkshopSeries) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, SERIES_FACTS[type(fact)], series_to_wire(after))


def workshop_to_wire(workshop: Workshop) -> workshop_pb2.Workshop:
    """The public state of a workshop, which is all of it."""
    participants = [workshop_pb2.Attendance(sector=SECTORS.to_wire(sector), count=count) for sector, count in workshop.participants]
    outputs = [
        workshop_pb2.Output(
            kind=OUTPUT_KINDS.to_wire(output.kind), innovation_id=str(output.innovation_id), note=text_to_wire(output.note)
        )
        for output in workshop.outputs
    ]  # fmt: skip
    return workshop_pb2.Workshop(
        workshop_id=str(workshop.id), kind=KINDS.to_wire(workshop.kind), status=STATUSES.to_wire(workshop.status),
        quarter=workshop.quarter, starts_at=time_to_wire(workshop.starts_at), location=workshop.location,
        held_at=time_to_wire(workshop.held_at), participants=participants, innovation_ids=map(str, workshop.innovation_ids),
        outputs=outputs,
    )  # fmt: skip


def workshop_from_wire(message: workshop_pb2.Workshop) -> Workshop:
    """The state as the domain has it."""
    return Workshop(
        UUID(message.workshop_id), KINDS.from_wire(message.kind, "kind"), STATUSES.from_wire(message.status, "status"), message.quarter,
        time_from_wire(message.starts_at, "starts_at"), message.location, time_or_none(message.held_at, "held_at"),
        _participants(message), _innovation_ids(message), _outputs(message),
    )  # fmt: skip


def series_to_wire(series: WorkshopSeries) -> workshop_series_pb2.WorkshopSeries:
    """The public state of the series, which is all of it."""
    return workshop_series_pb2.WorkshopSeries(
        series_id=str(series.id), quarter=series.quarter, quarter_ends_at=time_to_wire(series.quarter_ends_at),
        quarters_without=series.quarters_without, begun_at=time_to_wire(series.begun_at),
    )  # fmt: skip


def series_from_wire(message: workshop_series_pb2.WorkshopSeries) -> WorkshopSeries:
    """The state as the domain has it; when its quarter ends follows from it."""
    begun_at = time_from_wire(message.begun_at, "begun_at")
    return WorkshopSeries(UUID(message.series_id), message.quarter, begun_at, tuple(message.quarters_without))


def planned_from_wire(request: pb.PlanWorkshopRequest, identity: UUID) -> Workshop:
    """A workshop that is planned."""
    starts_at = time_from_wire(request.starts_at, "starts_at")
    return Workshop(
        identity, _kind(request), WorkshopStatus.PLANNED, quarter_of(starts_at), starts_at, one_line(request.location),
        innovation_ids=_innovation_ids(request),
    )  # fmt: skip


def session_from_wire(request: pb.HoldWorkshopRequest, now: datetime) -> Session:
    """How a workshop went."""
    return Session(
        time_or_none(request.held_at, "held_at") or now, _participants(request), _innovation_ids(request), _outputs(request),
        request.quarter, one_line(request.location),
    )  # fmt: skip


def unplanned_from_wire(request: pb.HoldWorkshopRequest, identity: UUID, session: Session) -> Workshop:
    """A workshop that took place without having been planned here."""
    quarter = session.quarter or quarter_of(session.held_at)
    return Workshop(identity, _kind(request), WorkshopStatus.PLANNED, quarter, session.held_at)


def workshops_from_wire(request: pb.ListWorkshopsRequest) -> WorkshopListing:
    """Which workshops are asked for."""
    return WorkshopListing(
        page_from_wire(request), request.quarter or None, KINDS.optional(request.kind, "kind"), STATUSES.optional(request.status, "status")
    )


def _kind(request: Any) -> WorkshopKind:
    return KINDS.optional(request.kind, "kind") or WorkshopKind.QUARTERLY


def _participants(message: Any) -> tuple[Any, ...]:
    return tuple((SECTORS.from_wire(item.sector, "sector"), item.count) for item in message.participants)


def _innovation_ids(message: Any) -> tuple[UUID, ...]:
    return tuple(id_from(item, "innovation_ids") for item in message.innovation_ids)


def _outputs(message: Any) -> tuple[Output, ...]:
    return tuple(
        Output(OUTPUT_KINDS.from_wire(item.kind, "kind"), id_from(item.innovation_id, "innovation_id"), text_from_wire(item.note))
        for item in message.outputs
    )
