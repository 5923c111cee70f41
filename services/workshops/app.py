"""The only place where the parts of the workshops service meet."""

from madang.agenda.v1 import agenda_pb2_grpc
from madang.proposals.v1 import proposals_pb2_grpc
from madang.workshops.v1 import workshops_pb2, workshops_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_client import Caller, Peer
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.queries import Queries
from services.kit.relay import Relay
from services.kit.settings import Settings
from services.kit.write import Log, Write
from services.workshops import wire
from services.workshops.clients import Sources
from services.workshops.queries import WorkshopQueries
from services.workshops.routing import RULE
from services.workshops.rpc import WorkshopServicer
from services.workshops.service import Innovations, Workshops
from services.workshops.store import ADVICE_NOTES, INDICATORS, INNOVATIONS, WORKSHOPS, evidence_of

NAME = "workshops"


def build(settings: Settings) -> Process:
    """The process: commands and questions over gRPC, the relay, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    clock = SystemClock()
    write = Write(log, INNOVATIONS, wire.event_of)
    innovations = Innovations(write, evidence_of, _sources(settings), RULE, clock)
    advice_notes, indicators = Write(log, ADVICE_NOTES, wire.event_of), Write(log, INDICATORS, wire.event_of)
    workshops = Workshops(write, advice_notes, indicators, Write(log, WORKSHOPS, wire.event_of))
    queries = WorkshopQueries(Queries(database, PageTokens(settings.signing_key_file)))
    agenda = AgendaFacts(database, service=NAME)
    servicer = WorkshopServicer(innovations, workshops, queries, agenda, clock)
    server = GrpcServer.of(settings)
    server.add(
        workshops_pb2.DESCRIPTOR.services_by_name["WorkshopService"], workshops_pb2_grpc.add_WorkshopServiceServicer_to_server, servicer
    )
    serve_log(server, database, relay, agenda.apply)
    return Process(settings, NAME, database, [server, log, relay, agenda.consumer(settings)])


def _sources(settings: Settings) -> Sources:
    proposals = Peer(settings.proposals_address, proposals_pb2_grpc.ProposalServiceStub)
    agenda = Peer(settings.agenda_address, agenda_pb2_grpc.AgendaServiceStub)
    return Sources(Caller(settings.signing_key_file, NAME), proposals, agenda)
