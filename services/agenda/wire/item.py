"""Items: what is decided about them, their facts, and what opens one."""

from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2 as events_pb
from services.agenda import events
from services.agenda.domain.item import AgendaItem, Answer, Status, Tags
from services.agenda.service.item import Opening
from services.agenda.service.together import Splitting
from services.agenda.wire.link import source_from_wire
from services.kit.ids import id_or_none, id_text
from services.kit.text import Text, one_line
from services.kit.wire import (
    EnumWire,
    day_from_wire,
    day_to_wire,
    fact_to_wire,
    text_from_wire,
    texts_from_wire,
    texts_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)

STATUSES = EnumWire(item_pb2.AgendaStatus, Status)
FACTS = {
    events.AgendaItemOpened: events_pb.AgendaItemOpened,
    events.AgendaStatusChanged: events_pb.AgendaStatusChanged,
    events.AgendaOwnerAssigned: events_pb.AgendaOwnerAssigned,
    events.AgendaAnswered: events_pb.AgendaAnswered,
    events.AgendaInterimReplied: events_pb.AgendaInterimReplied,
    events.AgendaMerged: events_pb.AgendaMerged,
    events.AgendaMergeUndone: events_pb.AgendaMergeUndone,
    events.AgendaSplit: events_pb.AgendaSplit,
    events.AgendaTagged: events_pb.AgendaTagged,
    events.AgendaDeadlineMissed: events_pb.AgendaDeadlineMissed,
}


def item_event(fact: events.ItemFact, after: AgendaItem) -> Message:
    """A fact about an item, with all that is decided about it."""
    return fact_to_wire(fact, FACTS[type(fact)], decision_to_wire(after))


def decision_to_wire(item: AgendaItem) -> item_pb2.AgendaDecision:
    """What officers decided about an item."""
    return item_pb2.AgendaDecision(
        agenda_id=str(item.id), title=item.title, summary=item.summary.plain, language=item.summary.language,
        status=STATUSES.to_wire(item.status), owner=item.owner or "", themes=item.themes, due_on=day_to_wire(item.due_on),
        opened_at=time_to_wire(item.opened_at), answer=answer_to_wire(item.answer), interim_reply=answer_to_wire(item.interim_reply),
        merged_into=id_text(item.merged_into), moved_links=map(str, item.moved_links), shared_links=map(str, item.shared_links),
        split_from=id_text(item.split_from), plan_tasks=item.plan_tasks, owned_at=time_to_wire(item.owned_at),
        first_answered_at=time_to_wire(item.first_answered_at), decided_at=time_to_wire(item.decided_at),
        measured_at=time_to_wire(item.measured_at), missed_on=day_to_wire(item.missed_on),
    )  # fmt: skip


def decision_from_wire(message: item_pb2.AgendaDecision) -> AgendaItem:
    """An item as the domain has it."""
    return AgendaItem(
        id=UUID(message.agenda_id), title=message.title, summary=Text(message.summary, message.language),
        opened_at=time_from_wire(message.opened_at, "opened_at"), status=STATUSES.from_wire(message.status, "status"),
        owner=message.owner or None, themes=tuple(message.themes), due_on=day_from_wire(message.due_on, "due_on"),
        answer=answer_from_wire(message.answer) if message.HasField("answer") else None,
        interim_reply=answer_from_wire(message.interim_reply) if message.HasField("interim_reply") else None,
        merged_into=id_or_none(message.merged_into, "merged_into"), moved_links=tuple(map(UUID, message.moved_links)),
        shared_links=tuple(map(UUID, message.shared_links)), split_from=id_or_none(message.split_from, "split_from"),
        plan_tasks=tuple(message.plan_tasks), owned_at=time_or_none(message.owned_at, "owned_at"),
        first_answered_at=time_or_none(message.first_answered_at, "first_answered_at"),
        decided_at=time_or_none(message.decided_at, "decided_at"), measured_at=time_or_none(message.measured_at, "measured_at"),
        missed_on=day_from_wire(message.missed_on, "missed_on"),
    )  # fmt: skip


def answer_to_wire(answer: Answer | None) -> item_pb2.ItemAnswer | None:
    """An answer as the wire has it; none stays absent."""
    if answer is None:
        return None
    return item_pb2.ItemAnswer(
        texts=texts_to_wire(answer.texts), department=answer.department, answered_at=time_to_wire(answer.answered_at)
    )


def answer_from_wire(message: item_pb2.ItemAnswer) -> Answer:
    """An answer from the wire."""
    return Answer(texts_from_wire(message.texts), message.department, time_from_wire(message.answered_at, "answered_at"))


def opening_from_wire(request: pb.OpenItemRequest, identity: UUID) -> Opening:
    """A new item."""
    return Opening(
        identity, one_line(request.title), text_from_wire(request.summary), tuple(request.themes), day_from_wire(request.due_on, "due_on"),
        [source_from_wire(source) for source in request.sources],
    )  # fmt: skip


def splitting_from_wire(request: pb.SplitItemRequest, identity: UUID) -> Splitting:
    """A new item made of sources of another one."""
    return Splitting(
        identity, one_line(request.title), text_from_wire(request.summary), [source_from_wire(source) for source in request.sources],
        request.reason,
    )  # fmt: skip


def tags_from_wire(request: pb.TagItemRequest) -> tuple[Tags, Tags]:
    """Themes, and tasks of plans, to give and to take."""
    return (
        Tags(tuple(request.themes), tuple(request.without_themes)), Tags(tuple(request.plan_tasks), tuple(request.without_plan_tasks)),
    )  # fmt: skip
