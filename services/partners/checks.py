"""The checks of an inbox, in their order; each refusal has a stable code and names what is to blame."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from madang.events.partners.v1 import partners_pb2 as events_pb
from services.kit.contracts import EventTypes
from services.kit.envelope import Record, Unreadable
from services.partners.cloudevents import REQUIRED, nearest, open_record, text_of, time_of
from services.partners.domain.partner import Partner, source_of
from services.partners.domain.received import Event, cause_id_of
from services.partners.payload import message_of
from services.partners.wire.owner import to_owner

log = structlog.get_logger()
TYPES = EventTypes(events_pb)
EARLIEST, AHEAD = datetime(2000, 1, 1, tzinfo=UTC), timedelta(hours=1)


def check_open(partner: Partner, now: datetime) -> None:
    """Whether anything of a partner is taken. Raises Unreadable: PARTNER_SUSPENDED, DESIGNATION_ENDED."""
    if why := partner.barred(now):
        raise Unreadable(*why)


def check(record: Record, partner: Partner, now: datetime) -> Event:
    """The event in a record of a partner's inbox, ready to be handed to its owner. Raises Unreadable."""
    opened = open_record(record)
    given = {name: _required(opened.attributes, name) for name in REQUIRED}
    if given["specversion"] != "1.0":
        raise Unreadable("SPECVERSION_UNSUPPORTED", "specversion must be 1.0", "specversion")
    time = time_of(given["time"], "time")
    subject, correlation = text_of(opened.attributes, "subject"), text_of(opened.attributes, "correlationid")
    _check_source(given["source"], partner)
    _check_type(given["type"], partner)
    if not EARLIEST <= time <= now + AHEAD:
        raise Unreadable("TIME_SKEW", "time must lie between the year 2000 and one hour from now", "time")
    message = message_of(TYPES[given["type"]], opened.data)
    service, request = to_owner(message, partner.code, given["id"], time)
    body = b"\0".join([given["type"].encode(), subject.encode(), message.SerializeToString(deterministic=True)])
    cause_id = cause_id_of(partner.code, given["id"])
    return Event(
        partner.code, given["id"], given["type"], subject, time, _uuid_or(correlation, cause_id), cause_id, service, request,
        hashlib.sha256(body).digest(),
    )  # fmt: skip


def _required(attributes: Mapping[str, Any], name: str) -> str:
    text = text_of(attributes, name)
    if not text.strip():
        raise Unreadable("ATTRIBUTE_MISSING", f"{name} is missing", name)
    return text


def _check_source(source: str, partner: Partner) -> None:
    if not partner.may_name(source):
        log.error("an event names another source than its inbox's partner", partner=partner.code, alert="SOURCE_MISMATCH")
        allowed = " or ".join([source_of(partner.code), *partner.sources])
        raise Unreadable("SOURCE_MISMATCH", f"the source of what stands in this inbox is {allowed}", "source")


def _check_type(event_type: str, partner: Partner) -> None:
    if event_type not in TYPES:
        raise Unreadable("TYPE_UNSUPPORTED", f"a partner may send {', '.join(TYPES)}{nearest(event_type, TYPES)}", "type")
    if not partner.may_send(event_type):
        raise Unreadable("TYPE_NOT_ALLOWED", f"{partner.code} may send {', '.join(partner.event_types)}", "type")


def _uuid_or(text: str, otherwise: UUID) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return otherwise
