"""Councils on the wire."""

from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import council_messages_pb2 as pb
from madang.council.v1 import council_pb2
from madang.events.council.v1 import council_pb2 as events_pb
from services.council.domain.council import Council, Member, Membership
from services.council.events import CouncilFormed
from services.kit.ids import derived_id
from services.kit.text import one_line
from services.kit.wire import day_from_wire, day_or_refused, day_to_wire, time_from_wire, time_to_wire


def event_of(fact: CouncilFormed, after: Council) -> Message:
    """The fact with the whole public state after it."""
    return events_pb.CouncilFormed(after=council_to_wire(after), occurred_at=time_to_wire(fact.occurred_at))


def council_to_wire(council: Council) -> council_pb2.Council:
    """The public state of a council: of its members only how many there are, and from where."""
    return council_pb2.Council(
        council_id=str(council.id), name=council.name, term_start=day_to_wire(council.term_start), term_end=day_to_wire(council.term_end),
        member_count=len(council.members), countries=council.countries, former=council.former, origin=council.origin,
        formed_at=time_to_wire(council.formed_at), classification=council.classification, membership_count=len(council.memberships),
    )  # fmt: skip


def council_from_wire(message: council_pb2.Council) -> Council:
    """The public state as the domain has it; its members stay where they are."""
    return Council(
        UUID(message.council_id), message.name, time_from_wire(message.formed_at, "formed_at"),
        day_from_wire(message.term_start, "term_start"), day_from_wire(message.term_end, "term_end"), (), message.former, message.origin,
        message.classification,
    )  # fmt: skip


def created_from_wire(request: pb.CreateCouncilRequest, identity: UUID, now: datetime) -> Council:
    """A new council."""
    members = tuple(member_from_wire(member, f"members[{index}]") for index, member in enumerate(request.members))
    start, end = day_or_refused(request.term_start, "term_start"), day_from_wire(request.term_end, "term_end")
    return Council(identity, one_line(request.name), now, start, end, members)


def imported_from_wire(request: pb.ImportCouncilRequest, now: datetime) -> Council:
    """A body of history; its id derives from its origin, so that the same body is the same council for ever."""
    start, end = day_from_wire(request.term_start, "term_start"), day_from_wire(request.term_end, "term_end")
    memberships = tuple(_membership_from_wire(message, f"memberships[{index}]") for index, message in enumerate(request.memberships))
    return Council(
        derived_id("council", request.origin), request.name, now, start, end, (), request.former, request.origin, request.classification,
        memberships,
    )  # fmt: skip


def member_from_wire(message: pb.Member, field: str) -> Member:
    """A member."""
    start, end = day_or_refused(message.start_date, f"{field}.start_date"), day_from_wire(message.end_date, f"{field}.end_date")
    return Member(message.person_ref, message.country, message.role, start, end)


def _membership_from_wire(message: pb.ArchivedMembership, field: str) -> Membership:
    start, end = day_from_wire(message.start_date, f"{field}.start_date"), day_from_wire(message.end_date, f"{field}.end_date")
    return Membership(message.ref, message.role, start, end)
