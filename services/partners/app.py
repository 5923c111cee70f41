"""The only place where the parts of the partners service meet."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from madang.partners.v1 import partners_pb2, partners_pb2_grpc
from services.kit.clock import Clock, SystemClock
from services.kit.consumer import Apply
from services.kit.database import Connection, Database
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.partners.clients import Owners
from services.partners.deliverer import Deliverer
from services.partners.dispatcher import Dispatcher
from services.partners.domain.key import Key
from services.partners.domain.partner import Partner, Quota
from services.partners.domain.webhook import Webhook
from services.partners.feed import TOPICS, Feed
from services.partners.intake import CONSUMER, Intake
from services.partners.queries import Inboxes, PartnerQueries
from services.partners.rpc import PartnerServicer
from services.partners.rpc.parts import Parts
from services.partners.sender import Sender
from services.partners.service.key import KeyRing
from services.partners.service.partner import Partners
from services.partners.service.received import Resends
from services.partners.service.replay import Replays
from services.partners.service.webhook import HookRules, Webhooks
from services.partners.settings import PartnerSettings
from services.partners.store.key import KEYS
from services.partners.store.partner import PARTNERS
from services.partners.store.webhook import WEBHOOKS
from services.partners.wire.owner import OWNERS

NAME = "partners"


def build(settings: PartnerSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: the registry over gRPC, the ears on the inboxes and on facts, dispatcher and deliverer, the relay, the clocks."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    parts = _parts(settings, clock, database, log)
    addresses = {service: getattr(settings, f"{service}_address") for service in OWNERS}
    dispatcher = Dispatcher(
        database, log, Owners(addresses, Caller(settings.signing_key_file, NAME)), clock, tries=settings.partners_tries,
        longest_wait_s=settings.partners_longest_wait_s,
    )  # fmt: skip
    feed = Feed(database, clock)
    deliverer = Deliverer(database, parts.webhooks, Sender(private=settings.partners_webhook_private), clock)
    scheduler = Scheduler(database, clock, {**parts.partners.rings, **parts.keys.rings, **parts.webhooks.rings}, wake=relay.wake)
    server = GrpcServer.of(settings)
    server.add(
        partners_pb2.DESCRIPTOR.services_by_name["PartnerService"],
        partners_pb2_grpc.add_PartnerServiceServicer_to_server,
        PartnerServicer(parts),
    )
    serve_log(server, database, relay, _by_topic(parts.intake, feed))
    consumers = [parts.intake.consumer(settings), feed.consumer(settings)]
    return Process(settings, NAME, database, [server, log, relay, *consumers, dispatcher, deliverer, scheduler])


def _by_topic(intake: Intake, feed: Feed) -> Apply:
    """What a dead letter is applied with when it is sent again."""

    async def apply(connection: Connection, records: Sequence[Any]) -> None:
        for record in records:
            await (feed if record.topic in TOPICS else intake).apply(connection, [record])

    return apply


def _parts(settings: PartnerSettings, clock: Clock, database: Database, log: Log) -> Parts:
    bootstrap = settings.kafka_bootstrap_servers
    partners, keys = Write(log, PARTNERS, clocks=Partner.clocks), Write(log, KEYS, clocks=Key.clocks)
    rules = HookRules(
        overlap=timedelta(hours=settings.partners_secret_overlap_hours), patience=timedelta(days=settings.partners_webhook_patience_days),
        private=settings.partners_webhook_private,
    )  # fmt: skip
    intake = Intake(database, log, PARTNERS, clock, Quota(settings.partners_daily_events, settings.partners_daily_bytes))
    return Parts(
        partners=Partners(
            partners, PARTNERS, clock, bootstrap=bootstrap, partitions=settings.partners_topic_partitions,
            replication=settings.partners_topic_replication,
        ),
        keys=KeyRing(partners, keys, clock, overlap=timedelta(days=settings.partners_key_overlap_days)),
        webhooks=Webhooks(partners, Write(log, WEBHOOKS, clocks=Webhook.clocks), clock, rules),
        resends=Resends(log, intake),
        replays=Replays(bootstrap),
        queries=PartnerQueries(database, PageTokens(settings.signing_key_file)),
        inboxes=Inboxes(database, bootstrap=bootstrap, consumer=CONSUMER),
        intake=intake,
        clock=clock,
    )  # fmt: skip
