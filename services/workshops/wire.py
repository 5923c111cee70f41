"""Pairs between the wire and the domain of innovation agendas, advice notes, indicators and workshops, tested both ways."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import advice_note_pb2, indicator_pb2, innovation_agenda_pb2, participant_sector_pb2, workshop_pb2, workshops_pb2
from services.kit.ids import id_from, id_or_none
from services.kit.queries import Page
from services.kit.text import one_line
from services.kit.wire import (
    FIELDS,
    GROUPS,
    EnumWire,
    district_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.kit.write import Target
from services.workshops import events
from services.workshops.domain import (
    Adopted,
    AdoptedService,
    AdviceNote,
    DiscoverySource,
    Indicator,
    Innovation,
    Measurement,
    Output,
    OutputKind,
    ParticipantSector,
    Phase,
    Workshop,
)
from services.workshops.queries import InnovationListing, PartListing, WorkshopListing
from services.workshops.routing import Override, OwnerType, Routing

PHASES = EnumWire(innovation_agenda_pb2.Phase, Phase)
DISCOVERY_SOURCES = EnumWire(innovation_agenda_pb2.DiscoverySource, DiscoverySource)
ADOPTED_SERVICES = EnumWire(innovation_agenda_pb2.AdoptedService, AdoptedService)
OWNER_TYPES = EnumWire(innovation_agenda_pb2.OwnerType, OwnerType)
SECTORS = EnumWire(participant_sector_pb2.ParticipantSector, ParticipantSector)
OUTPUT_KINDS = EnumWire(workshop_pb2.OutputKind, OutputKind)
FACTS = {
    events.InnovationProposed: events_pb.InnovationProposed,
    events.InnovationPhaseChanged: events_pb.InnovationPhaseChanged,
    events.OwnerAssigned: events_pb.OwnerAssigned,
    events.PlanWritten: events_pb.PlanWritten,
    events.AdviceRecorded: events_pb.AdviceRecorded,
    events.IndicatorDefined: events_pb.IndicatorDefined,
    events.IndicatorMeasured: events_pb.IndicatorMeasured,
    events.WorkshopHeld: events_pb.WorkshopHeld,
}


def event_of(fact: events.WorkshopsFact, after: Innovation | AdviceNote | Indicator | Workshop) -> Message:
    """The fact with the whole state after it."""
    message: Any = FACTS[type(fact)](after=_state(after), occurred_at=time_to_wire(fact.occurred_at))
    if isinstance(fact, events.InnovationPhaseChanged):
        message.left, message.reason = PHASES.to_wire(Phase(fact.left)), fact.reason
    return message  # type: ignore[no-any-return]


def _state(after: Innovation | AdviceNote | Indicator | Workshop) -> Message:
    match after:
        case Innovation():
            return innovation_to_wire(after)
        case AdviceNote():
            return advice_note_to_wire(after)
        case Indicator():
            return indicator_to_wire(after)
        case Workshop():
            return workshop_to_wire(after)


def innovation_to_wire(innovation: Innovation) -> innovation_agenda_pb2.InnovationAgenda:
    """The public state of an innovation agenda, which is all of it."""
    routing = innovation.routing
    routed: dict[str, Any] = {}
    if routing:
        routed = {
            "owner_type": OWNER_TYPES.to_wire(routing.owner_type), "owner": routing.owner, "routing_rule_version": routing.rule_version,
            "routing_reason": routing.reason, "routing_overridden": routing.overridden,
        }  # fmt: skip
    return innovation_agenda_pb2.InnovationAgenda(
        innovation_id=str(innovation.id), phase=PHASES.to_wire(innovation.phase), title=innovation.title,
        summary=text_to_wire(innovation.summary), innovation_field=FIELDS.to_wire(innovation.innovation_field),
        discovery_source=DISCOVERY_SOURCES.to_wire(innovation.discovery_source), adopted_from=adopted_to_wire(innovation.adopted_from),
        departments=innovation.departments, in_business_plan=innovation.in_business_plan, themes=innovation.themes,
        represented_groups=map(GROUPS.to_wire, innovation.represented_groups), district_code=innovation.district_code or "",
        plan=text_to_wire(innovation.plan), proposed_at=time_to_wire(innovation.proposed_at), **routed,
    )  # fmt: skip


def innovation_from_wire(message: innovation_agenda_pb2.InnovationAgenda) -> Innovation:
    """The state as the domain has it."""
    return Innovation(
        id=UUID(message.innovation_id), phase=PHASES.from_wire(message.phase, "phase"), title=message.title,
        summary=text_from_wire(message.summary), innovation_field=FIELDS.from_wire(message.innovation_field, "innovation_field"),
        discovery_source=DISCOVERY_SOURCES.from_wire(message.discovery_source, "discovery_source"),
        proposed_at=time_from_wire(message.proposed_at, "proposed_at"), adopted_from=adopted_from_wire(message),
        departments=tuple(message.departments), in_business_plan=message.in_business_plan, themes=tuple(message.themes),
        represented_groups=GROUPS.many(message.represented_groups, "represented_groups"),
        district_code=district_from_wire(message.district_code, "district_code"), routing=routing_from_wire(message),
        plan=text_or_none(message.plan),
    )  # fmt: skip


def routing_from_wire(message: innovation_agenda_pb2.InnovationAgenda) -> Routing | None:
    """The owner of an innovation agenda, none while nobody owns it."""
    if not message.owner:
        return None
    return Routing(
        OWNER_TYPES.from_wire(message.owner_type, "owner_type"), message.owner, message.routing_rule_version, message.routing_reason,
        message.routing_overridden,
    )  # fmt: skip


def adopted_to_wire(adopted: Adopted | None) -> innovation_agenda_pb2.AdoptedFrom | None:
    """What something was adopted from; none stays absent."""
    if adopted is None:
        return None
    return innovation_agenda_pb2.AdoptedFrom(service=ADOPTED_SERVICES.to_wire(adopted.service), source_id=str(adopted.source_id))


def adopted_from_wire(message: Any) -> Adopted | None:
    """What the innovation agenda in a message was adopted from, none where it began here."""
    if not message.HasField("adopted_from"):
        return None
    adopted = message.adopted_from
    return Adopted(
        ADOPTED_SERVICES.from_wire(adopted.service, "adopted_from.service"), id_from(adopted.source_id, "adopted_from.source_id")
    )  # fmt: skip


def advice_note_to_wire(note: AdviceNote) -> advice_note_pb2.AdviceNote:
    """The public state of an advice note, which is all of it."""
    return advice_note_pb2.AdviceNote(
        advice_id=str(note.id), innovation_id=str(note.innovation_id), sector=SECTORS.to_wire(note.sector), institution=note.institution,
        opinion=text_to_wire(note.opinion), given_at=time_to_wire(note.given_at),
    )  # fmt: skip


def advice_note_from_wire(message: advice_note_pb2.AdviceNote) -> AdviceNote:
    """The state as the domain has it."""
    return AdviceNote(
        UUID(message.advice_id), UUID(message.innovation_id), SECTORS.from_wire(message.sector, "sector"), message.institution,
        text_from_wire(message.opinion), time_from_wire(message.given_at, "given_at"),
    )  # fmt: skip


def indicator_to_wire(indicator: Indicator) -> indicator_pb2.Indicator:
    """The public state of an indicator, which is all of it."""
    found = indicator.measurement
    return indicator_pb2.Indicator(
        indicator_id=str(indicator.id), innovation_id=str(indicator.innovation_id), name=indicator.name, unit=indicator.unit,
        baseline=indicator.baseline, target=indicator.target, method=indicator.method, defined_at=time_to_wire(indicator.defined_at),
        measurement=indicator_pb2.Measurement(
            value=found.value, period=found.period, measured_by=found.measured_by, measured_at=time_to_wire(found.measured_at)
        ) if found else None,
    )  # fmt: skip


def indicator_from_wire(message: indicator_pb2.Indicator) -> Indicator:
    """The state as the domain has it."""
    found = message.measurement
    measured_at = time_or_none(found.measured_at, "measured_at")
    return Indicator(
        UUID(message.indicator_id), UUID(message.innovation_id), message.name, message.unit, message.baseline, message.target,
        message.method, time_from_wire(message.defined_at, "defined_at"),
        Measurement(found.value, found.period, found.measured_by, measured_at) if measured_at else None,
    )  # fmt: skip


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
        workshop_id=str(workshop.id), quarter=workshop.quarter, held_at=time_to_wire(workshop.held_at), participants=participants,
        innovation_ids=map(str, workshop.innovation_ids), outputs=outputs,
    )  # fmt: skip


def workshop_from_wire(message: workshop_pb2.Workshop) -> Workshop:
    """The state as the domain has it."""
    return _workshop(message, UUID(message.workshop_id), time_from_wire(message.held_at, "held_at"))


def held_from_wire(request: workshops_pb2.HoldWorkshopRequest, identity: UUID, now: datetime) -> Workshop:
    """A workshop that was held."""
    return _workshop(request, identity, time_or_none(request.held_at, "held_at") or now)


def _workshop(message: Any, identity: UUID, held_at: datetime) -> Workshop:
    outputs = tuple(
        Output(OUTPUT_KINDS.from_wire(item.kind, "kind"), id_from(item.innovation_id, "innovation_id"), text_from_wire(item.note))
        for item in message.outputs
    )
    participants = tuple((SECTORS.from_wire(item.sector, "sector"), item.count) for item in message.participants)
    innovation_ids = tuple(id_from(item, "innovation_ids") for item in message.innovation_ids)
    return Workshop(identity, message.quarter, held_at, participants, innovation_ids, outputs)


def proposed_from_wire(request: workshops_pb2.ProposeInnovationRequest, identity: UUID, now: datetime) -> Innovation:
    """A new innovation agenda."""
    return Innovation(
        id=identity, phase=Phase.PROPOSED, title=one_line(request.title), summary=text_from_wire(request.summary),
        innovation_field=FIELDS.from_wire(request.innovation_field, "innovation_field"),
        discovery_source=DISCOVERY_SOURCES.from_wire(request.discovery_source, "discovery_source"),
        proposed_at=time_or_none(request.proposed_at, "proposed_at") or now, adopted_from=adopted_from_wire(request),
        departments=tuple(request.departments), in_business_plan=request.in_business_plan, themes=tuple(request.themes),
        represented_groups=GROUPS.many(request.represented_groups, "represented_groups"),
        district_code=district_from_wire(request.district_code, "district_code"),
    )  # fmt: skip


def innovation_target(request: Any) -> Target:
    """The innovation agenda that a command means."""
    return Target(id_from(request.innovation_id, "innovation_id"), request.etag)


def indicator_target(request: workshops_pb2.MeasureIndicatorRequest) -> Target:
    """The indicator that a command means."""
    return Target(id_from(request.indicator_id, "indicator_id"), request.etag)


def override_from_wire(request: workshops_pb2.AssignInnovationOwnerRequest) -> Override:
    """Who is to own it against the rule."""
    return Override(one_line(request.override_department), request.override_reason)


def recorded_from_wire(request: workshops_pb2.RecordAdviceRequest, identity: UUID, now: datetime) -> AdviceNote:
    """A new advice note."""
    return AdviceNote(
        identity, id_from(request.innovation_id, "innovation_id"), SECTORS.from_wire(request.sector, "sector"),
        one_line(request.institution), text_from_wire(request.opinion), time_or_none(request.given_at, "given_at") or now,
    )  # fmt: skip


def defined_from_wire(request: workshops_pb2.DefineIndicatorRequest, identity: UUID, now: datetime) -> Indicator:
    """A new indicator."""
    return Indicator(
        identity, id_from(request.innovation_id, "innovation_id"), one_line(request.name), request.unit, request.baseline, request.target,
        request.method, now,
    )  # fmt: skip


def measurement_from_wire(request: workshops_pb2.MeasureIndicatorRequest, now: datetime) -> Measurement:
    """A measurement."""
    measured_at = time_or_none(request.measured_at, "measured_at") or now
    return Measurement(request.value, request.period, one_line(request.measured_by), measured_at)


def innovations_from_wire(request: workshops_pb2.ListInnovationsRequest) -> InnovationListing:
    """Which innovation agendas are asked for."""
    return InnovationListing(
        Page(request.page_size, request.page_token),
        PHASES.optional(request.phase, "phase"),
        FIELDS.optional(request.innovation_field, "innovation_field"),
        request.owner or None,
    )


def parts_from_wire(request: Any) -> PartListing:
    """Which advice notes or indicators are asked for."""
    return PartListing(Page(request.page_size, request.page_token), id_or_none(request.innovation_id, "innovation_id"))


def workshops_from_wire(request: workshops_pb2.ListWorkshopsRequest) -> WorkshopListing:
    """Which workshops are asked for."""
    return WorkshopListing(Page(request.page_size, request.page_token), request.quarter or None)
