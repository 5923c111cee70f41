"""Partners on the wire."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from madang.partners.v1 import partner_pb2, partners_pb2, receipt_pb2
from services.kit.errors import invalid
from services.kit.text import one_line
from services.kit.wire import EnumWire, day_from_wire, day_to_wire, page_from_wire, time_from_wire, time_to_wire
from services.partners.checks import TYPES
from services.partners.domain.partner import Partner, PartnerKind, PartnerStatus, Usage, partner_id_of
from services.partners.queries import PartnerListing
from services.partners.service.replay import Replayed

KINDS = EnumWire(partner_pb2.PartnerKind, PartnerKind)
STATUSES = EnumWire(partner_pb2.PartnerStatus, PartnerStatus)


def partner_to_wire(partner: Partner) -> partner_pb2.Partner:
    """A partner with its topics, without its contact."""
    return partner_pb2.Partner(
        partner_id=str(partner.id), code=partner.code, name=partner.name, kind=KINDS.to_wire(partner.kind), inbox=partner.inbox,
        receipts=partner.receipts, added_at=time_to_wire(partner.added_at), status=STATUSES.to_wire(partner.status),
        suspended_for=partner.suspended_for, designated_from=day_to_wire(partner.designated_from),
        designated_until=day_to_wire(partner.designated_until), programme=partner.programme, event_types=partner.event_types,
        sources=partner.sources, daily_events=partner.daily_events, daily_bytes=partner.daily_bytes,
    )  # fmt: skip


def partner_from_wire(message: partner_pb2.Partner) -> Partner:
    """A partner; its topics follow from its code."""
    return Partner(
        id=UUID(message.partner_id), code=message.code, name=message.name, kind=KINDS.from_wire(message.kind, "kind"),
        added_at=time_from_wire(message.added_at, "added_at"), status=STATUSES.from_wire(message.status, "status"),
        suspended_for=message.suspended_for, designated_from=day_from_wire(message.designated_from, "designated_from"),
        designated_until=day_from_wire(message.designated_until, "designated_until"), programme=message.programme,
        event_types=tuple(message.event_types), sources=tuple(message.sources), daily_events=message.daily_events,
        daily_bytes=message.daily_bytes,
    )  # fmt: skip


def added_from_wire(request: partners_pb2.AddPartnerRequest, now: datetime) -> Partner:
    """A new partner."""
    kind = KINDS.from_wire(request.kind, "kind")
    return Partner(partner_id_of(request.code), request.code, one_line(request.name), kind, now, **given_from_wire(request))


def given_from_wire(request: Any) -> dict[str, Any]:
    """The fields that are given, of those that say what a partner may."""
    found = {
        "designated_from": day_from_wire(request.designated_from, "designated_from"),
        "designated_until": day_from_wire(request.designated_until, "designated_until"),
        "programme": one_line(request.programme), "contact_ref": one_line(request.contact_ref),
        "event_types": _types_from_wire(request.event_types), "sources": tuple(request.sources),
        "daily_events": request.daily_events, "daily_bytes": request.daily_bytes,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _types_from_wire(types: Iterable[str]) -> tuple[str, ...]:
    """Types that partners may send. Refused with EVENT_TYPE_UNKNOWN."""
    found = tuple(types)
    if unknown := [event_type for event_type in found if event_type not in TYPES]:
        raise invalid("EVENT_TYPE_UNKNOWN", f"partners do not send {unknown[0]}; they may send {', '.join(TYPES)}", "event_types")
    return found


def changed_from_wire(request: partners_pb2.UpdatePartnerRequest) -> dict[str, Any]:
    """What is given, the name too."""
    name = one_line(request.name)
    return given_from_wire(request) | ({"name": name} if name else {})


def listing_from_wire(request: partners_pb2.ListPartnersRequest) -> PartnerListing:
    """Which partners are asked for."""
    status = STATUSES.optional(request.status, "status")
    return PartnerListing(page_from_wire(request), request.designated, request.programme or None, status)


def usage_to_wire(usage: Usage) -> partner_pb2.PartnerUsage:
    """What counted on a day."""
    return partner_pb2.PartnerUsage(day=day_to_wire(usage.day), events=usage.events, bytes=usage.bytes, ends_at=time_to_wire(usage.ends_at))


def replayed_to_wire(replayed: Replayed) -> partners_pb2.ReplayAcceptedResponse:
    """Where a group begins."""
    places: Iterable[receipt_pb2.InboxPosition] = (
        receipt_pb2.InboxPosition(partition=partition, offset=offset) for partition, offset in sorted(replayed.offsets.items())
    )
    return partners_pb2.ReplayAcceptedResponse(positions=places, receipts=replayed.receipts)
