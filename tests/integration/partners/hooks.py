"""A partner with webhooks, as an operator sets them up; and the parts that deliver, for tests that hold them in their own hands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from google.protobuf.message import Message

from madang.partners.v1 import webhook_messages_pb2 as pb
from madang.partners.v1 import webhook_pb2
from services.kit.clock import Clock, SystemClock
from services.kit.database import Database
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.partners.deliverer import Deliverer
from services.partners.domain.webhook import Webhook
from services.partners.feed import Feed
from services.partners.sender import Sender
from services.partners.service.webhook import HookRules, Webhooks
from services.partners.store.partner import PARTNERS
from services.partners.store.webhook import WEBHOOKS
from tests.integration.partners.conftest import Partner, Town
from tests.serving import Served

INSIDE: dict[str, Any] = {"partners_webhook_private": True}
RULES = HookRules(overlap=timedelta(days=1), patience=timedelta(days=5), private=True)


class Desk:
    """An operator's calls about webhooks."""

    def __init__(self, partner: Partner, served: Served) -> None:
        self.partner, self.served = partner, served

    def call(self, request: Message) -> Any:
        """Call the method of a request."""
        return getattr(self.partner.stub, type(request).__name__.removesuffix("Request"))(request, metadata=self.served.caller())

    async def refusal(self, request: Message) -> str:
        """The code with which a request is refused."""
        return (await self.served.refusal(self.call(request))).code

    async def add(self, url: str, *event_types: str) -> Any:
        """A webhook of the partner: id, secret and all."""
        return await self.call(pb.AddWebhookRequest(code=self.partner.code, url=url, event_types=event_types))

    async def webhook(self, webhook_id: str) -> webhook_pb2.Webhook:
        """A webhook as it stands."""
        found: webhook_pb2.Webhook = (await self.call(pb.GetWebhookRequest(webhook_id=webhook_id))).webhook
        return found

    async def deliveries(self, **filters: Any) -> list[webhook_pb2.Delivery]:
        """The partner's deliveries, oldest first."""
        found = await self.call(pb.ListDeliveriesRequest(partner=self.partner.code, **filters))
        return list(reversed(found.deliveries))


@dataclass
class Works:
    """The parts behind the service, on its database."""

    database: Database
    webhooks: Webhooks
    clock: Clock

    @property
    def feed(self) -> Feed:
        """The ear on facts."""
        return Feed(self.database, self.clock)

    def deliverer(self, sender: Sender) -> Deliverer:
        """A deliverer with a sender of the test's own."""
        return Deliverer(self.database, self.webhooks, sender, self.clock)

    async def ring(self) -> int:
        """Ring what is due."""
        return await Scheduler(self.database, self.clock, self.webhooks.rings, wake=lambda: None).ring(self.clock.now())


@asynccontextmanager
async def works(town: Town, clock: Clock | None = None) -> AsyncIterator[Works]:
    """The parts, until the block ends."""
    clock, database = clock or SystemClock(), Database(town.dsn, name="works")
    await database.open()
    log = Log(database, service="partners", wake=lambda: None)
    try:
        yield Works(database, Webhooks(Write(log, PARTNERS), Write(log, WEBHOOKS, clocks=Webhook.clocks), clock, RULES), clock)
    finally:
        await database.close()
