"""Links between items and their sources."""

from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2 as events_pb
from madang.type.v1 import vocabulary_pb2
from services.agenda import events
from services.agenda.domain.link import Link, Relation, Service
from services.agenda.service.item import Source
from services.kit.ids import id_from
from services.kit.wire import EnumWire, fact_to_wire, time_from_wire, time_to_wire

RELATIONS = EnumWire(item_pb2.Relation, Relation)
SERVICES = EnumWire(vocabulary_pb2.SourceService, Service)
FACTS = {events.AgendaLinked: events_pb.AgendaLinked, events.AgendaUnlinked: events_pb.AgendaUnlinked}


def link_event(fact: events.LinkFact, after: Link) -> Message:
    """A fact about a link, with the whole link."""
    return fact_to_wire(fact, FACTS[type(fact)], link_to_wire(after))


def link_to_wire(link: Link) -> item_pb2.SourceLink:
    """A link."""
    return item_pb2.SourceLink(
        link_id=str(link.id), agenda_id=str(link.agenda_id), service=SERVICES.to_wire(link.service), source_id=str(link.source_id),
        relation=RELATIONS.to_wire(link.relation), confidence=link.confidence, removed=link.removed, linked_by=link.linked_by,
        linked_at=time_to_wire(link.linked_at),
    )  # fmt: skip


def link_from_wire(message: item_pb2.SourceLink) -> Link:
    """A link as the domain has it; its id follows from its ends."""
    return Link(
        agenda_id=UUID(message.agenda_id), service=SERVICES.from_wire(message.service, "service"), source_id=UUID(message.source_id),
        relation=RELATIONS.from_wire(message.relation, "relation"), linked_by=message.linked_by,
        linked_at=time_from_wire(message.linked_at, "linked_at"), confidence=message.confidence, removed=message.removed,
    )  # fmt: skip


def source_from_wire(message: Any) -> Source:
    """A source, and what it is to an item: it raised the matter where nothing else is said."""
    relation = RELATIONS.optional(getattr(message, "relation", 0), "relation") or Relation.RAISED
    return Source(SERVICES.from_wire(message.service, "service"), id_from(message.source_id, "source_id"), relation)
