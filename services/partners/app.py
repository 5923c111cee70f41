"""The only place where the parts of the partners service meet."""

from madang.partners.v1 import partners_pb2, partners_pb2_grpc
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.queries import Queries
from services.kit.relay import Relay
from services.kit.write import Log, Write
from services.partners.clients import Owners
from services.partners.dispatcher import Dispatcher
from services.partners.intake import CONSUMER, Intake
from services.partners.queries import Inboxes, PartnerQueries
from services.partners.rpc import PartnerServicer
from services.partners.service import Partners
from services.partners.settings import PartnerSettings
from services.partners.store import PARTNERS
from services.partners.wire import OWNERS

NAME = "partners"


def build(settings: PartnerSettings) -> Process:
    """The process: the registry over gRPC, the ear on the inboxes, the dispatcher, the relay."""
    database = Database(settings.database_url, name=NAME)
    bootstrap = settings.kafka_bootstrap_servers
    relay = Relay(database, service=NAME, bootstrap=bootstrap)
    log = Log(database, service=NAME, wake=relay.wake)
    clock = SystemClock()
    intake = Intake(database, log, PARTNERS, clock)
    addresses = {service: getattr(settings, f"{service}_address") for service in OWNERS}
    dispatcher = Dispatcher(
        database, log, Owners(addresses, Caller(settings.signing_key_file, NAME)), clock, tries=settings.partners_tries,
        longest_wait_s=settings.partners_longest_wait_s,
    )  # fmt: skip
    partners = Partners(
        Write(log, PARTNERS), PARTNERS, bootstrap=bootstrap, partitions=settings.partners_topic_partitions,
        replication=settings.partners_topic_replication,
    )  # fmt: skip
    queries = PartnerQueries(Queries(database, PageTokens(settings.signing_key_file)))
    inboxes = Inboxes(database, bootstrap=bootstrap, consumer=CONSUMER)
    server = GrpcServer.of(settings)
    server.add(
        partners_pb2.DESCRIPTOR.services_by_name["PartnerService"],
        partners_pb2_grpc.add_PartnerServiceServicer_to_server,
        PartnerServicer(partners, queries, inboxes, intake, clock),
    )
    serve_log(server, database, relay, intake.apply)
    return Process(settings, NAME, database, [server, log, relay, intake.consumer(settings), dispatcher])
