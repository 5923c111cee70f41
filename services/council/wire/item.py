"""Agenda items on the wire."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import agenda_item_pb2
from madang.council.v1 import item_messages_pb2 as pb
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.item import AgendaItem, Decision, Document, ItemResult, VoteBase, Votes
from services.council.domain.meeting import Sitting
from services.council.service.agenda import ProposedFor, ProposedItem
from services.council.wire.meeting import sitting_from_wire
from services.kit.ids import id_from, id_or_none, id_text
from services.kit.text import one_line
from services.kit.wire import GROUPS, EnumWire, district_from_wire, fact_to_wire, text_or_none, text_to_wire, time_or_none, time_to_wire

RESULTS = EnumWire(agenda_item_pb2.ItemResult, ItemResult)
BASES = EnumWire(agenda_item_pb2.VoteBase, VoteBase)
PROPOSED_FOR = EnumWire(pb.ProposedFor, ProposedFor)
FACTS: dict[type[Any], type[Any]] = {
    events.ItemPlaced: events_pb.ItemPlaced,
    events.ItemDecided: events_pb.ItemDecided,
    events.ItemMoved: events_pb.ItemMoved,
}


def event_of(fact: events.ItemFact, after: AgendaItem) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], item_to_wire(after))


def item_to_wire(item: AgendaItem, *, whole: bool = False) -> agenda_item_pb2.AgendaItem:
    """The public state of an item; with `whole` also the words of one that is not public."""
    sitting, decision, shown = item.sitting, item.decision, item.public or whole
    return agenda_item_pb2.AgendaItem(
        item_id=str(item.id), meeting_id=str(sitting.meeting_id), council_id=str(sitting.council_id), number=item.number, order=item.order,
        name=item.name, text=text_to_wire(item.text if shown else None), public=item.public, result=RESULTS.to_wire(decision.result),
        result_original=decision.original, votes=votes_to_wire(decision.votes),
        resolution_text=text_to_wire(decision.resolution_text if shown else None), themes=item.themes,
        represented_groups=map(GROUPS.to_wire, item.represented_groups), matters=map(str, item.matters),
        raised_at=time_to_wire(sitting.start), quarter=sitting.quarter, district_code=item.district_code or "",
        meeting_name=sitting.meeting_name, council_name=sitting.council_name, presenter_role=item.presenter_role, origin=item.origin,
        documents=documents_to_wire(item.documents if shown else ()),
        carried_from=id_text(item.carried_from), decided_at=time_to_wire(item.decided_at),
    )  # fmt: skip


def item_from_wire(message: agenda_item_pb2.AgendaItem) -> AgendaItem:
    """The public state as the domain has it."""
    return AgendaItem(
        id=UUID(message.item_id), sitting=sitting_from_wire(message, "raised_at"), number=message.number, order=message.order,
        name=message.name, text=text_or_none(message.text), public=message.public,
        decision=decision_from_wire(message), presenter_role=message.presenter_role, matters=tuple(UUID(item) for item in message.matters),
        themes=tuple(message.themes), represented_groups=GROUPS.many(message.represented_groups, "represented_groups"),
        district_code=district_from_wire(message.district_code, "district_code"), origin=message.origin,
        documents=documents_from_wire(message.documents),
        carried_from=id_or_none(message.carried_from, "carried_from"), decided_at=time_or_none(message.decided_at, "decided_at"),
    )  # fmt: skip


def documents_to_wire(documents: Iterable[Document]) -> list[agenda_item_pb2.Document]:
    """Documents as the wire has them."""
    return [agenda_item_pb2.Document(name=one.name, url=one.url, media_type=one.media_type) for one in documents]


def documents_from_wire(messages: Iterable[agenda_item_pb2.Document]) -> tuple[Document, ...]:
    """Documents from the wire."""
    return tuple(Document(message.name, message.url, message.media_type) for message in messages)


def votes_to_wire(votes: Votes | None) -> agenda_item_pb2.Votes | None:
    """A vote; none stays absent."""
    if votes is None:
        return None
    return agenda_item_pb2.Votes(
        yes=votes.yes, no=votes.no, abstain=votes.abstain, base=BASES.to_wire(votes.base), base_count=votes.base_count
    )


def votes_from_wire(message: agenda_item_pb2.Votes) -> Votes:
    """A vote from the wire."""
    return Votes(message.yes, message.no, message.abstain, BASES.optional(message.base, "votes.base"), message.base_count)


def decision_from_wire(message: Any) -> Decision:
    """What the meeting made of an item, out of whatever message says so."""
    votes = votes_from_wire(message.votes) if message.HasField("votes") else None
    return Decision(RESULTS.from_wire(message.result, "result"), votes, message.result_original, text_or_none(message.resolution_text))


def added_from_wire(request: pb.AddAgendaItemRequest, identity: UUID, sitting: Sitting) -> AgendaItem:
    """A new item of a meeting."""
    return AgendaItem(
        id=identity, sitting=sitting, number=request.number, order=request.order, name=one_line(request.name),
        text=text_or_none(request.text), public=request.public, presenter_role=request.presenter_role,
        matters=tuple(id_from(item, "matters") for item in request.matters), themes=tuple(request.themes),
        represented_groups=GROUPS.many(request.represented_groups, "represented_groups"),
        district_code=district_from_wire(request.district_code, "district_code"), presenter_ref=request.presenter_ref,
        carried_from=id_or_none(request.carried_from, "carried_from"),
    )  # fmt: skip


def proposed_to_wire(item: ProposedItem) -> pb.ProposedItem:
    """Something that the next agenda could hold."""
    return pb.ProposedItem(
        council_id=str(item.council.id), council_name=item.council.name, proposed_for=PROPOSED_FOR.to_wire(item.proposed_for),
        name=item.name, carried_from=id_text(item.carried_from), action_id=id_text(item.action_id), matters=map(str, item.matters),
    )  # fmt: skip
