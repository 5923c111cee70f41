"""Councils on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import council_messages_pb2 as pb
from madang.council.v1 import council_pb2
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.council import Council, Member, Membership, Subcommittee, Term
from services.kit.errors import invalid
from services.kit.ids import derived_id
from services.kit.text import one_line
from services.kit.wire import EnumWire, day_from_wire, day_or_refused, day_to_wire, fact_to_wire, time_from_wire, time_or_none, time_to_wire

SUBCOMMITTEES = EnumWire(council_pb2.Subcommittee, Subcommittee)
FACTS: dict[type[Any], type[Any]] = {
    events.CouncilFormed: events_pb.CouncilFormed,
    events.MembersChanged: events_pb.MembersChanged,
    events.TermBegun: events_pb.TermBegun,
    events.StandingItemsSet: events_pb.StandingItemsSet,
}


def event_of(fact: events.CouncilFact, after: Council) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], council_to_wire(after))


def council_to_wire(council: Council) -> council_pb2.Council:
    """The public state of a council: of its members only how many there are, and from where."""
    return council_pb2.Council(
        council_id=str(council.id), name=council.name, term_start=day_to_wire(council.term_start), term_end=day_to_wire(council.term_end),
        member_count=len(council.current), countries=council.countries, former=council.former, origin=council.origin,
        formed_at=time_to_wire(council.formed_at), term=council.term,
        past_terms=map(_term_to_wire, council.past_terms),
        subcommittees=map(SUBCOMMITTEES.to_wire, council.subcommittees),
        members_by_country=[council_pb2.CountryCount(country=country, count=count) for country, count in council.countries.items()],
        members_by_subcommittee=[
            council_pb2.SubcommitteeCount(subcommittee=SUBCOMMITTEES.to_wire(part), count=count) for part, count in council.seats.items()
        ],
        standing_items=council.standing_items, changed_at=time_to_wire(council.changed_at),
        classification=council.classification, membership_count=len(council.memberships),
    )  # fmt: skip


def council_from_wire(message: council_pb2.Council) -> Council:
    """The public state as the domain has it; its members stay where they are."""
    return Council(
        UUID(message.council_id), message.name, time_from_wire(message.formed_at, "formed_at"),
        day_from_wire(message.term_start, "term_start"), day_from_wire(message.term_end, "term_end"), (), message.former, message.origin,
        term=message.term, past_terms=tuple(_term_from_wire(term) for term in message.past_terms),
        subcommittees=SUBCOMMITTEES.many(message.subcommittees, "subcommittees"), standing_items=tuple(message.standing_items),
        changed_at=time_or_none(message.changed_at, "changed_at"),
        classification=message.classification,
    )  # fmt: skip


def created_from_wire(request: pb.CreateCouncilRequest, identity: UUID, now: datetime) -> Council:
    """A new council."""
    members, subcommittees = members_from_wire(request.members, "members"), SUBCOMMITTEES.many(request.subcommittees, "subcommittees")
    start, end = day_or_refused(request.term_start, "term_start"), day_from_wire(request.term_end, "term_end")
    return Council(
        identity, one_line(request.name), now, start, end, members, subcommittees=subcommittees,
        standing_items=tuple(request.standing_items),
    )  # fmt: skip


def imported_from_wire(request: pb.ImportCouncilRequest, now: datetime) -> Council:
    """A body of history; its id derives from its origin, so that the same body is the same council for ever."""
    start, end = day_from_wire(request.term_start, "term_start"), day_from_wire(request.term_end, "term_end")
    memberships = tuple(_membership_from_wire(message, f"memberships[{index}]") for index, message in enumerate(request.memberships))
    return Council(
        derived_id("council", request.origin), request.name, now, start, end, (), request.former, request.origin, request.classification,
        memberships,
    )  # fmt: skip


def members_from_wire(messages: Any, field: str) -> tuple[Member, ...]:
    """Members in their order."""
    return tuple(member_from_wire(member, f"{field}[{index}]") for index, member in enumerate(messages))


def ended_from_wire(messages: Any) -> dict[str, date]:
    """The last day of each person whose membership ends. Raises Refused: DUPLICATE_ITEM for a person named twice."""
    ended: dict[str, date] = {}
    for index, message in enumerate(messages):
        if message.person_ref in ended:
            raise invalid("DUPLICATE_ITEM", f"ended[{index}] names a person who stands in the list already", f"ended[{index}]")
        ended[message.person_ref] = day_or_refused(message.end_date, f"ended[{index}].end_date")
    return ended


def member_from_wire(message: pb.Member, field: str) -> Member:
    """A member."""
    start, end = day_or_refused(message.start_date, f"{field}.start_date"), day_from_wire(message.end_date, f"{field}.end_date")
    subcommittee = SUBCOMMITTEES.optional(message.subcommittee, f"{field}.subcommittee")
    return Member(message.person_ref, message.country, message.role, start, end, subcommittee)


def _membership_from_wire(message: pb.ArchivedMembership, field: str) -> Membership:
    start, end = day_from_wire(message.start_date, f"{field}.start_date"), day_from_wire(message.end_date, f"{field}.end_date")
    return Membership(message.ref, message.role, start, end)


def _term_to_wire(term: Term) -> council_pb2.PastTerm:
    return council_pb2.PastTerm(number=term.number, start=day_to_wire(term.start), end=day_to_wire(term.end))


def _term_from_wire(message: council_pb2.PastTerm) -> Term:
    return Term(message.number, day_from_wire(message.start, "start"), day_or_refused(message.end, "end"))
