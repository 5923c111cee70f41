"""Pairs between the wire and the agenda's domain, tested both ways; and answers out of the store's rows, which have no way back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2 as events_pb
from madang.type.v1 import vocabulary_pb2
from services.agenda import events
from services.agenda.domain import UNDECIDED, AgendaItem, Answer, Link, Relation, Service, Status
from services.agenda.facts import TYPES, code_in
from services.agenda.freshness import Freshness
from services.agenda.grams import words_of
from services.agenda.projection import NEVER
from services.agenda.queries import Filters, Found, FoundPage, Listing, check_period, quarter
from services.agenda.service import Opening, Source
from services.kit.database import Row
from services.kit.ids import id_from, id_text
from services.kit.queries import Page
from services.kit.text import Text, one_line
from services.kit.vocabulary import InnovationField, RepresentedGroup
from services.kit.wire import (
    FIELDS,
    GROUPS,
    EnumWire,
    day_from_wire,
    day_to_wire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    texts_from_wire,
    texts_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)

STATUSES = EnumWire(item_pb2.AgendaStatus, Status)
RELATIONS = EnumWire(item_pb2.Relation, Relation)
SERVICES = EnumWire(vocabulary_pb2.SourceService, Service)
FACTS = {
    events.AgendaItemOpened: events_pb.AgendaItemOpened,
    events.AgendaStatusChanged: events_pb.AgendaStatusChanged,
    events.AgendaOwnerAssigned: events_pb.AgendaOwnerAssigned,
    events.AgendaAnswered: events_pb.AgendaAnswered,
    events.AgendaLinked: events_pb.AgendaLinked,
    events.AgendaUnlinked: events_pb.AgendaUnlinked,
}
STATES = ("status", "phase", "result")


def item_event(fact: events.ItemFact, after: AgendaItem) -> Message:
    """A fact about an item, with all that is decided about it."""
    return fact_to_wire(fact, FACTS[type(fact)], decision_to_wire(after))


def link_event(fact: events.LinkFact, after: Link) -> Message:
    """A fact about a link, with the whole link."""
    return fact_to_wire(fact, FACTS[type(fact)], link_to_wire(after))


def decision_to_wire(item: AgendaItem) -> item_pb2.AgendaDecision:
    """What officers decided about an item."""
    return item_pb2.AgendaDecision(
        agenda_id=str(item.id), title=item.title, summary=item.summary.plain, language=item.summary.language,
        status=STATUSES.to_wire(item.status), owner=item.owner or "", themes=item.themes, due_on=day_to_wire(item.due_on),
        opened_at=time_to_wire(item.opened_at), answer=answer_to_wire(item.answer),
    )  # fmt: skip


def decision_from_wire(message: item_pb2.AgendaDecision) -> AgendaItem:
    """An item as the domain has it."""
    return AgendaItem(
        id=UUID(message.agenda_id), title=message.title, summary=Text(message.summary, message.language),
        opened_at=time_from_wire(message.opened_at, "opened_at"), status=STATUSES.from_wire(message.status, "status"),
        owner=message.owner or None, themes=tuple(message.themes), due_on=day_from_wire(message.due_on, "due_on"),
        answer=answer_from_wire(message.answer) if message.HasField("answer") else None,
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


def opening_from_wire(request: pb.OpenItemRequest, identity: UUID) -> Opening:
    """A new item."""
    return Opening(
        identity, one_line(request.title), text_from_wire(request.summary), tuple(request.themes), day_from_wire(request.due_on, "due_on"),
        [source_from_wire(source) for source in request.sources],
    )  # fmt: skip


def source_from_wire(message: Any) -> Source:
    """A source, and what it is to an item: it raised the matter where nothing else is said."""
    relation = RELATIONS.optional(getattr(message, "relation", 0), "relation") or Relation.RAISED
    return Source(SERVICES.from_wire(message.service, "service"), id_from(message.source_id, "source_id"), relation)


def listing_from_wire(request: pb.ListItemsRequest) -> Listing:
    """Which items are asked for."""
    since, until = time_or_none(request.since, "since"), time_or_none(request.until, "until")
    check_period(since, until)
    if request.quarter:
        begin, end = quarter(request.quarter)
        since, until = max(since or begin, begin), min(until or end, end)
    status = STATUSES.optional(request.status, "status")
    source = SERVICES.optional(request.source, "source")
    group, field = GROUPS.optional(request.group, "group"), FIELDS.optional(request.field, "field")
    wanted = (
        ("source", source), ("group", group), ("field", field), ("theme", request.theme),
        ("district", district_from_wire(request.district_code, "district_code")), ("language", request.language),
    )  # fmt: skip
    filters = Filters(
        words=tuple(words_of(request.query)), tags=tuple(f"{kind}:{value}" for kind, value in wanted if value),
        statuses=(status,) if status else (), owner=request.owner, overdue=request.overdue, since=since, until=until,
    )  # fmt: skip
    return Listing(filters, page_from_wire(request), request.sort)


def candidates_from_wire(request: pb.ListCandidatesRequest) -> Listing:
    """What a council may take up."""
    group, status = GROUPS.optional(request.group, "group"), STATUSES.optional(request.status, "status")
    tags = tuple(f"{kind}:{value}" for kind, value in (("group", group), ("theme", request.theme)) if value)
    return Listing(Filters(tags=tags, statuses=(status,) if status else UNDECIDED), Page(request.page_size))


def page_to_wire(page: FoundPage, freshness: Freshness) -> pb.ListItemsResponse:
    """A page of items."""
    return pb.ListItemsResponse(
        items=map(found_to_wire, page.items), total=pb.Total(value=page.total, exact=page.is_exact), next_page_token=page.next_token,
        freshness=freshness_to_wire(freshness),
    )  # fmt: skip


def found_to_wire(found: Found) -> pb.AgendaItem:
    """An item out of its rows."""
    row = found.row
    tags = _by_kind(row["tags"])
    return pb.AgendaItem(
        agenda_id=str(row["agenda_id"]), title=row["title"], summary=row["body"], status=STATUSES.to_wire(Status(row["status"])),
        owner=row["owner"], sources=map(_source_to_wire, found.sources), themes=tags.get("theme", ()),
        represented_groups=[GROUPS.to_wire(RepresentedGroup(code)) for code in tags.get("group", ())],
        innovation_fields=[FIELDS.to_wire(InnovationField(code)) for code in tags.get("field", ())],
        district_codes=tags.get("district", ()), languages=tags.get("language", ()), due_on=_due_to_wire(row["due_on"]),
        first_raised_at=time_to_wire(row["first_raised_at"]), last_event_at=time_to_wire(row["last_event_at"]),
        part_of=id_text(row["part_of"]),
    )  # fmt: skip


def step_to_wire(row: Row) -> pb.TimelineStep:
    """An event out of the ledger; what its payload says of state, owner and reason goes along."""
    message: Any = TYPES[row["type"]].FromString(row["payload"])
    return pb.TimelineStep(
        at=time_to_wire(row["occurred_at"]), service=row["service"], type=row["type"], aggregate_id=str(row["aggregate_id"]),
        version=row["version"], event_id=str(row["event_id"]), correlation_id=str(row["correlation_id"]),
        causation_id=str(row["causation_id"]), state=_state(message.after), owner=_first_text(message.after, ("owner", "department")),
        reason=_first_text(message, ("reason",)),
    )  # fmt: skip


def freshness_to_wire(freshness: Freshness) -> pb.Freshness:
    """Up to when an answer is complete."""
    return pb.Freshness(
        as_of=time_to_wire(freshness.as_of), lag_ms=freshness.lag // timedelta(milliseconds=1), stale=freshness.is_stale
    )  # fmt: skip


def _source_to_wire(row: Row) -> pb.ItemSource:
    return pb.ItemSource(
        service=SERVICES.to_wire(Service(row["service"])), source_id=str(row["source_id"]),
        relation=RELATIONS.to_wire(Relation(row["relation"])), confidence=row["confidence"], agenda_id=str(row["source_item"]),
        title=row["title"], status=row["source_status"], raised_at=time_to_wire(row["own_raised_at"]),
    )  # fmt: skip


def _by_kind(tags: Sequence[str]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for kind, _, value in (tag.partition(":") for tag in tags):
        kinds.setdefault(kind, []).append(value)
    return kinds


def _due_to_wire(due_on: date) -> str:
    return day_to_wire(due_on if due_on < NEVER else None)


def _state(after: Any) -> str:
    if isinstance(after, item_pb2.SourceLink):
        return "" if after.removed else code_in(after, "relation")
    fields = after.DESCRIPTOR.fields_by_name
    return next((code_in(after, name) for name in STATES if name in fields and fields[name].enum_type), "")


def _first_text(message: Any, names: Sequence[str]) -> str:
    return next((value for name in names if isinstance(value := getattr(message, name, ""), str) and value), "")
