"""Webhooks and deliveries on the wire, and facts as webhooks are sent them."""

import json
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from madang.agenda.v1 import item_pb2
from madang.partners.v1 import webhook_messages_pb2, webhook_pb2
from services.kit.envelope import Envelope
from services.kit.ids import id_or_none
from services.kit.wire import EnumWire, page_from_wire, time_to_wire
from services.partners.domain.visible import SHOWN_OF_DECISIONS
from services.partners.domain.webhook import Delivery, DeliveryStatus, Webhook, WebhookStatus
from services.partners.queries import DeliveryListing, WebhookListing

STATUSES = EnumWire(webhook_pb2.WebhookStatus, WebhookStatus)
DELIVERY_STATUSES = EnumWire(webhook_pb2.DeliveryStatus, DeliveryStatus)


def body_of(envelope: Envelope, message: Message) -> bytes:
    """A fact as a structured CloudEvent (JSON Event Format 1.0.2), its data by the JSON mapping of its proto."""
    event = {
        "specversion": "1.0", "id": str(envelope.id), "source": envelope.source, "type": envelope.type, "time": envelope.time.isoformat(),
        "subject": str(envelope.subject), "sequence": str(envelope.version), "datacontenttype": "application/json",
        "data": json_format.MessageToDict(message),
    }  # fmt: skip
    return json.dumps(event, ensure_ascii=False).encode()


def shown_of_agenda(message: Any) -> Message:
    """A fact of the agenda without the officers' own words, such as the title of an item and the reason of a decision."""
    after = {
        field.name: value
        for field, value in message.after.ListFields()
        if not isinstance(message.after, item_pb2.AgendaDecision) or field.name in SHOWN_OF_DECISIONS
    }
    shown: Message = type(message)(after=type(message.after)(**after), occurred_at=message.occurred_at)
    return shown


def webhook_to_wire(hook: Webhook) -> webhook_pb2.Webhook:
    """A webhook without its secrets."""
    return webhook_pb2.Webhook(
        webhook_id=str(hook.id), partner=hook.partner, url=hook.url, event_types=hook.event_types, status=STATUSES.to_wire(hook.status),
        reason=hook.reason, added_at=time_to_wire(hook.added_at), gives_up_at=time_to_wire(hook.gives_up_at),
        old_secret_ends_at=time_to_wire(hook.old_secret_ends_at),
    )  # fmt: skip


def delivery_to_wire(delivery: Delivery) -> webhook_pb2.Delivery:
    """A delivery without its body."""
    return webhook_pb2.Delivery(
        delivery_id=str(delivery.id), webhook_id=str(delivery.webhook_id), partner=delivery.partner, event_id=str(delivery.event_id),
        event_type=delivery.event_type, subject=str(delivery.subject),
        status=DELIVERY_STATUSES.to_wire(delivery.status), tries=delivery.tries,
        status_code=delivery.status_code, error=delivery.error, made_at=time_to_wire(delivery.made_at),
        next_try_at=time_to_wire(delivery.next_try_at), delivered_at=time_to_wire(delivery.delivered_at),
    )  # fmt: skip


def listing_from_wire(request: webhook_messages_pb2.ListWebhooksRequest) -> WebhookListing:
    """Which webhooks are asked for."""
    return WebhookListing(page_from_wire(request), request.partner or None, STATUSES.optional(request.status, "status"))


def deliveries_from_wire(request: webhook_messages_pb2.ListDeliveriesRequest) -> DeliveryListing:
    """Which deliveries are asked for."""
    return DeliveryListing(
        page_from_wire(request), request.partner or None, id_or_none(request.webhook_id, "webhook_id"),
        DELIVERY_STATUSES.optional(request.status, "status"),
    )  # fmt: skip
