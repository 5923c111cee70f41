"""Mandates on the wire."""

from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import mandate_pb2, voices_pb2
from services.kit.text import one_line
from services.kit.wire import (
    GROUPS,
    EnumWire,
    day_from_wire,
    day_or_refused,
    day_to_wire,
    fact_to_wire,
    page_from_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.voices import events
from services.voices.domain.mandate import Mandate, MandateStatus
from services.voices.queries import MandateListing

STATUSES = EnumWire(mandate_pb2.MandateStatus, MandateStatus)
FACTS: dict[type[events.MandateFact], type[Message]] = {
    events.MandateAppointed: events_pb.MandateAppointed,
    events.MandateActivated: events_pb.MandateActivated,
    events.MandateRenewed: events_pb.MandateRenewed,
    events.MandateEnded: events_pb.MandateEnded,
    events.MandateDismissed: events_pb.MandateDismissed,
}


def event_of(fact: events.MandateFact, after: Mandate) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], mandate_to_wire(after))


def mandate_to_wire(mandate: Mandate) -> mandate_pb2.Mandate:
    """The public state of a mandate: everything but the person."""
    return mandate_pb2.Mandate(
        mandate_id=str(mandate.id), status=STATUSES.to_wire(mandate.status),
        represented_group=GROUPS.to_wire(mandate.represented_group), start_date=day_to_wire(mandate.start_date),
        end_date=day_to_wire(mandate.end_date), nominated_by=mandate.nominated_by, appointed_at=time_to_wire(mandate.appointed_at),
        nominated_at=time_to_wire(mandate.nominated_at), renewals=mandate.renewals, dismissal_reason=mandate.dismissal_reason,
    )  # fmt: skip


def mandate_from_wire(message: mandate_pb2.Mandate) -> Mandate:
    """The public state as the domain has it."""
    return Mandate(
        id=UUID(message.mandate_id), represented_group=GROUPS.from_wire(message.represented_group, "represented_group"),
        start_date=day_or_refused(message.start_date, "start_date"), nominated_at=time_from_wire(message.nominated_at, "nominated_at"),
        end_date=day_from_wire(message.end_date, "end_date"), nominated_by=message.nominated_by,
        status=STATUSES.from_wire(message.status, "status"), appointed_at=time_or_none(message.appointed_at, "appointed_at"),
        renewals=message.renewals, dismissal_reason=message.dismissal_reason,
    )  # fmt: skip


def put_forward_from_wire(
    request: voices_pb2.NominateMandateRequest | voices_pb2.AppointMandateRequest, identity: UUID, now: datetime
) -> Mandate:
    """A new mandate, as it is nominated or appointed at once."""
    return Mandate(
        id=identity, represented_group=GROUPS.from_wire(request.represented_group, "represented_group"),
        start_date=day_or_refused(request.start_date, "start_date"), nominated_at=now,
        end_date=day_from_wire(request.end_date, "end_date"), nominated_by=one_line(request.nominated_by), person_ref=request.person_ref,
    )  # fmt: skip


def mandates_from_wire(request: voices_pb2.ListMandatesRequest) -> MandateListing:
    """Which mandates are asked for."""
    return MandateListing(
        page_from_wire(request), GROUPS.optional(request.represented_group, "represented_group")
    )  # fmt: skip
