"""Which items are asked for, and the pages that answer."""

from collections.abc import Sequence
from datetime import date, datetime

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.domain.item import UNDECIDED, Status
from services.agenda.domain.link import Relation, Service
from services.agenda.projection.freshness import Freshness
from services.agenda.projection.rows import NEVER
from services.agenda.queries.filters import Filters, Listing, Milestone, Records, check_period
from services.agenda.queries.item import Found, FoundPage
from services.agenda.search.grams import words_of
from services.agenda.wire.freshness import as_of_from_wire, freshness_to_wire
from services.agenda.wire.item import STATUSES
from services.agenda.wire.link import RELATIONS, SERVICES
from services.kit.clock import quarter_span
from services.kit.database import Row
from services.kit.errors import invalid
from services.kit.ids import id_text
from services.kit.queries import Page
from services.kit.vocabulary import InnovationField, RepresentedGroup
from services.kit.wire import FIELDS, GROUPS, EnumWire, day_to_wire, district_from_wire, page_from_wire, time_or_none, time_to_wire

MAX_WORDS = 50
RECORDS = EnumWire(pb.Records, Records)
MILESTONES = EnumWire(pb.Milestone, Milestone)


def listing_from_wire(request: pb.ListItemsRequest, now: datetime) -> Listing:
    """Which items are asked for, and which page of them."""
    as_of = as_of_from_wire(request.as_of, now)
    return Listing(filters_from_wire(request), page_from_wire(request), request.sort, as_of, request.count_all)


def filters_from_wire(request: pb.ListItemsRequest) -> Filters:
    """Which items are asked for. Raises Refused: FILTER_TOO_COMPLEX, TIME_RANGE."""
    words = words_of(request.query)
    if len(words) > MAX_WORDS:
        raise invalid("FILTER_TOO_COMPLEX", f"a query has at most {MAX_WORDS} words", "query")
    since, until = time_or_none(request.since, "since"), time_or_none(request.until, "until")
    check_period(since, until)
    if request.quarter:
        begin, end = quarter_span(request.quarter)
        since, until = max(since or begin, begin), min(until or end, end)
    status = STATUSES.optional(request.status, "status")
    source = SERVICES.optional(request.source, "source")
    group, field = GROUPS.optional(request.group, "group"), FIELDS.optional(request.field, "field")
    wanted = (
        ("source", source), ("group", group), ("field", field), ("theme", request.theme),
        ("district", district_from_wire(request.district_code, "district_code")), ("language", request.language),
    )  # fmt: skip
    return Filters(
        words=tuple(words), tags=(*(f"{kind}:{value}" for kind, value in wanted if value), *request.tags),
        statuses=(status,) if status else (), owner=request.owner, overdue=request.overdue, since=since, until=until,
        records=RECORDS.optional(request.records, "records") or Records.ITEMS, reached=MILESTONES.optional(request.reached, "reached"),
        reached_since=time_or_none(request.reached_since, "reached_since"),
        reached_until=time_or_none(request.reached_until, "reached_until"),
        not_reached=MILESTONES.optional(request.not_reached, "not_reached"), missed=request.missed,
        changed_since=time_or_none(request.changed_since, "changed_since"),
    )  # fmt: skip


def filters_to_wire(filters: Filters, as_of: datetime) -> pb.ListItemsRequest:
    """The request that opens the records which filters find, as they stood at a moment."""
    return pb.ListItemsRequest(
        tags=filters.tags, owner=filters.owner, overdue=filters.overdue,
        since=time_to_wire(filters.since), until=time_to_wire(filters.until), records=RECORDS.to_wire(filters.records),
        reached=MILESTONES.to_wire(filters.reached), reached_since=time_to_wire(filters.reached_since),
        reached_until=time_to_wire(filters.reached_until), not_reached=MILESTONES.to_wire(filters.not_reached), missed=filters.missed,
        as_of=time_to_wire(as_of), count_all=True,
    )  # fmt: skip


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
        part_of=id_text(row["part_of"]), split_from=id_text(row["split_from"]), plan_tasks=tags.get("plan", ()),
        owned_at=time_to_wire(row["owned_at"]), answered_at=time_to_wire(row["answered_at"]), decided_at=time_to_wire(row["decided_at"]),
        measured_at=time_to_wire(row["measured_at"]), version=row["version"],
    )  # fmt: skip


def place_to_wire(found: Found) -> pb.AgendaItem:
    """What is told of an item that is not listed any more: no word of it but where it went."""
    row = found.row
    went = row["part_of"] or row["merged_into"]
    return pb.AgendaItem(agenda_id=str(row["agenda_id"]), part_of=id_text(went), version=row["version"])


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
