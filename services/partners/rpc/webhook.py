"""Methods on webhooks and what is sent to them."""

from typing import Any

from madang.partners.v1 import webhook_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none
from services.kit.text import one_line
from services.kit.wire import target_from_wire, time_or_none, written_to_wire
from services.partners.rpc.parts import Methods
from services.partners.wire import webhook as wire


class WebhookMethods(Methods):
    """Webhooks of partners."""

    async def AddWebhook(self, request: pb.AddWebhookRequest, context: Any) -> pb.AddWebhookResponse:
        written, secret = await self._parts.webhooks.add(call_of(context), request.code, request.url, tuple(request.event_types))
        hook, _ = await self._parts.queries.webhook(written.id)
        return pb.AddWebhookResponse(written=written_to_wire(written), secret=secret, webhook=wire.webhook_to_wire(hook))

    async def GetWebhook(self, request: pb.GetWebhookRequest, context: Any) -> pb.GetWebhookResponse:
        hook, written = await self._parts.queries.webhook(id_from(request.webhook_id, "webhook_id"))
        return pb.GetWebhookResponse(webhook=wire.webhook_to_wire(hook), written=written_to_wire(written))

    async def ListWebhooks(self, request: pb.ListWebhooksRequest, context: Any) -> pb.ListWebhooksResponse:
        found, token = await self._parts.queries.webhooks(wire.listing_from_wire(request))
        return pb.ListWebhooksResponse(webhooks=map(wire.webhook_to_wire, found), next_page_token=token)

    async def PauseWebhook(self, request: pb.PauseWebhookRequest, context: Any) -> pb.PauseWebhookResponse:
        target, reason = target_from_wire(request, "webhook_id"), one_line(request.reason)
        return pb.PauseWebhookResponse(written=written_to_wire(await self._parts.webhooks.pause(call_of(context), target, reason)))

    async def ResumeWebhook(self, request: pb.ResumeWebhookRequest, context: Any) -> pb.ResumeWebhookResponse:
        written = await self._parts.webhooks.resume(call_of(context), target_from_wire(request, "webhook_id"))
        return pb.ResumeWebhookResponse(written=written_to_wire(written))

    async def RotateWebhookSecret(self, request: pb.RotateWebhookSecretRequest, context: Any) -> pb.RotateWebhookSecretResponse:
        target, ends_at = target_from_wire(request, "webhook_id"), time_or_none(request.ends_at, "ends_at")
        written, secret = await self._parts.webhooks.rotate_secret(call_of(context), target, ends_at)
        return pb.RotateWebhookSecretResponse(written=written_to_wire(written), secret=secret)

    async def TestWebhook(self, request: pb.TestWebhookRequest, context: Any) -> pb.TestWebhookResponse:
        written = await self._parts.webhooks.test(call_of(context), id_from(request.webhook_id, "webhook_id"))
        return pb.TestWebhookResponse(written=written_to_wire(written))

    async def RedeliverWebhook(self, request: pb.RedeliverWebhookRequest, context: Any) -> pb.RedeliverWebhookResponse:
        webhook_id, delivery_id = id_from(request.webhook_id, "webhook_id"), id_or_none(request.delivery_id, "delivery_id")
        written, count = await self._parts.webhooks.redeliver(call_of(context), webhook_id, delivery_id)
        return pb.RedeliverWebhookResponse(written=written_to_wire(written), deliveries=count)

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Any) -> pb.ListDeliveriesResponse:
        found, token = await self._parts.queries.deliveries(wire.deliveries_from_wire(request))
        return pb.ListDeliveriesResponse(deliveries=map(wire.delivery_to_wire, found), next_page_token=token)
