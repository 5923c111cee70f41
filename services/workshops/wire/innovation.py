"""Innovation agendas on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import innovation_agenda_pb2
from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.ids import id_from, id_or_none, id_text
from services.kit.text import one_line
from services.kit.wire import (
    FIELDS,
    GROUPS,
    EnumWire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.workshops import events
from services.workshops.domain.innovation import (
    Adopted,
    AdoptedService,
    CoOwner,
    CoOwnerKind,
    DiscoverySource,
    Innovation,
    Ownership,
    Phase,
)
from services.workshops.domain.routing import Override, OwnerType, Routing
from services.workshops.queries import InnovationListing

PHASES = EnumWire(innovation_agenda_pb2.Phase, Phase)
DISCOVERY_SOURCES = EnumWire(innovation_agenda_pb2.DiscoverySource, DiscoverySource)
ADOPTED_SERVICES = EnumWire(innovation_agenda_pb2.AdoptedService, AdoptedService)
OWNER_TYPES = EnumWire(innovation_agenda_pb2.OwnerType, OwnerType)
CO_OWNER_KINDS = EnumWire(innovation_agenda_pb2.CoOwnerKind, CoOwnerKind)
FACTS: dict[type[Any], type[Any]] = {
    events.InnovationProposed: events_pb.InnovationProposed,
    events.InnovationPhaseChanged: events_pb.InnovationPhaseChanged,
    events.OwnerAssigned: events_pb.OwnerAssigned,
    events.CoOwnersSet: events_pb.CoOwnersSet,
    events.PlanWritten: events_pb.PlanWritten,
}


def event_of(fact: events.WorkshopsFact, after: Innovation) -> Message:
    """The fact with the whole state after it."""
    if isinstance(fact, events.InnovationPhaseChanged):
        left = PHASES.to_wire(Phase(fact.left))
        return events_pb.InnovationPhaseChanged(
            after=innovation_to_wire(after), occurred_at=time_to_wire(fact.occurred_at), left=left, reason=fact.reason
        )
    return fact_to_wire(fact, FACTS[type(fact)], innovation_to_wire(after))


def innovation_to_wire(innovation: Innovation) -> innovation_agenda_pb2.InnovationAgenda:
    """The public state of an innovation agenda, which is all of it."""
    routed = routing_to_wire(innovation.routing) if innovation.routing else {}
    return innovation_agenda_pb2.InnovationAgenda(
        innovation_id=str(innovation.id), phase=PHASES.to_wire(innovation.phase), title=innovation.title,
        summary=text_to_wire(innovation.summary), innovation_field=FIELDS.to_wire(innovation.innovation_field),
        discovery_source=DISCOVERY_SOURCES.to_wire(innovation.discovery_source), adopted_from=adopted_to_wire(innovation.adopted_from),
        departments=innovation.departments, in_business_plan=innovation.in_business_plan, themes=innovation.themes,
        represented_groups=map(GROUPS.to_wire, innovation.represented_groups), district_code=innovation.district_code or "",
        plan=text_to_wire(innovation.plan), proposed_at=time_to_wire(innovation.proposed_at), bounce_count=innovation.bounce_count,
        owners=map(ownership_to_wire, innovation.owners), co_owners=map(co_owner_to_wire, innovation.co_owners),
        phase_left=PHASES.to_wire(innovation.phase_left), set_aside_reason=innovation.set_aside_reason, **routed,
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
        district_code=district_from_wire(message.district_code, "district_code"),
        routing=routing_from_wire(message) if message.owner else None, plan=text_or_none(message.plan),
        bounce_count=message.bounce_count, owners=tuple(map(ownership_from_wire, message.owners)),
        co_owners=co_owners_from_wire(message), phase_left=PHASES.optional(message.phase_left, "phase_left"),
        set_aside_reason=message.set_aside_reason,
    )  # fmt: skip


def routing_to_wire(routing: Routing) -> dict[str, Any]:
    """An owner as the fields of whatever message says so."""
    return {
        "owner_type": OWNER_TYPES.to_wire(routing.owner_type), "owner": routing.owner, "routing_rule_version": routing.rule_version,
        "routing_reason": routing.reason, "routing_overridden": routing.overridden,
    }  # fmt: skip


def routing_from_wire(message: Any) -> Routing:
    """An owner, out of whatever message says so."""
    return Routing(
        OWNER_TYPES.from_wire(message.owner_type, "owner_type"), message.owner, message.routing_rule_version, message.routing_reason,
        message.routing_overridden,
    )  # fmt: skip


def ownership_to_wire(ownership: Ownership) -> innovation_agenda_pb2.Ownership:
    """Who owned it from a moment on."""
    return innovation_agenda_pb2.Ownership(since=time_to_wire(ownership.since), **routing_to_wire(ownership.routing))


def ownership_from_wire(message: innovation_agenda_pb2.Ownership) -> Ownership:
    """The same as the domain has it."""
    return Ownership(routing_from_wire(message), time_from_wire(message.since, "since"))


def co_owner_to_wire(co_owner: CoOwner) -> innovation_agenda_pb2.CoOwner:
    """A co-owner."""
    return innovation_agenda_pb2.CoOwner(kind=CO_OWNER_KINDS.to_wire(co_owner.kind), name=co_owner.name)


def co_owners_from_wire(message: Any) -> tuple[CoOwner, ...]:
    """The co-owners in a message."""
    return tuple(CoOwner(CO_OWNER_KINDS.from_wire(item.kind, "kind"), one_line(item.name)) for item in message.co_owners)


def adopted_to_wire(adopted: Adopted | None) -> innovation_agenda_pb2.AdoptedFrom | None:
    """What something was adopted from; none stays absent."""
    if adopted is None:
        return None
    return innovation_agenda_pb2.AdoptedFrom(
        service=ADOPTED_SERVICES.to_wire(adopted.service), source_id=str(adopted.source_id), resolution_id=id_text(adopted.resolution_id)
    )


def adopted_from_wire(message: Any) -> Adopted | None:
    """What the innovation agenda in a message was adopted from, none where it began here."""
    if not message.HasField("adopted_from"):
        return None
    adopted = message.adopted_from
    return Adopted(
        ADOPTED_SERVICES.from_wire(adopted.service, "adopted_from.service"),
        id_from(adopted.source_id, "adopted_from.source_id"),
        id_or_none(adopted.resolution_id, "adopted_from.resolution_id"),
    )


def proposed_from_wire(request: pb.ProposeInnovationRequest, identity: UUID, now: datetime) -> Innovation:
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


def override_from_wire(request: pb.AssignInnovationOwnerRequest) -> Override:
    """Who is to own it against the rule."""
    return Override(one_line(request.override_department), request.override_reason)


def innovations_from_wire(request: pb.ListInnovationsRequest) -> InnovationListing:
    """Which innovation agendas are asked for."""
    return InnovationListing(
        page_from_wire(request),
        PHASES.optional(request.phase, "phase"),
        FIELDS.optional(request.innovation_field, "innovation_field"),
        request.owner or None,
        DISCOVERY_SOURCES.optional(request.discovery_source, "discovery_source"),
        owned=request.owned or None,
        advised=request.advised or None,
        measured=request.measured or None,
    )
