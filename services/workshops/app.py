"""The only place where the parts of the workshops service meet."""

from madang.agenda.v1 import agenda_pb2_grpc
from madang.council.v1 import council_service_pb2_grpc
from madang.proposals.v1 import proposals_pb2_grpc
from madang.workshops.v1 import workshops_pb2, workshops_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock, SystemClock
from services.kit.database import Database
from services.kit.founding import Founding
from services.kit.grpc_client import Caller, Peer
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.workshops.clients import Sources
from services.workshops.domain.indicator import Indicator
from services.workshops.domain.routing import RoutingRule
from services.workshops.domain.workshop import WorkshopSeries
from services.workshops.queries import WorkshopQueries
from services.workshops.rpc import WorkshopServicer
from services.workshops.rpc.parts import Parts
from services.workshops.service.advice import Advice
from services.workshops.service.diffusion import Diffusion
from services.workshops.service.founding import First
from services.workshops.service.indicator import Indicators
from services.workshops.service.innovation import Innovations
from services.workshops.service.routing import Rules
from services.workshops.service.workshop import Series, Workshops
from services.workshops.settings import WorkshopsSettings
from services.workshops.store.advice import ADVICE_NOTES
from services.workshops.store.diffusion import DIFFUSION_CASES
from services.workshops.store.indicator import INDICATORS
from services.workshops.store.innovation import INNOVATIONS, evidence_of
from services.workshops.store.routing import ROUTING_RULES, RuleBook
from services.workshops.store.workshop import SERIES, WORKSHOPS, is_held
from services.workshops.wire import advice, diffusion, indicator, innovation, routing, workshop

NAME = "workshops"


def build(settings: WorkshopsSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: commands and questions over gRPC, the relay, the clocks, the founding, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    facts = AgendaFacts(database, service=NAME)
    rules = Write(log, ROUTING_RULES, routing.event_of)
    series = Write(log, SERIES, workshop.series_event_of, clocks=WorkshopSeries.clocks)
    parts = _parts(settings, log, rules, facts, clock)
    scheduler = Scheduler(database, clock, {**parts.indicators.rings, **Series(series, is_held).rings}, wake=relay.wake)
    server = GrpcServer.of(settings)
    server.add(
        workshops_pb2.DESCRIPTOR.services_by_name["WorkshopService"],
        workshops_pb2_grpc.add_WorkshopServiceServicer_to_server,
        WorkshopServicer(parts),
    )
    serve_log(server, database, relay, facts.apply)
    founding = Founding(First(rules, RuleBook(), series, clock).found)
    return Process(settings, NAME, database, [founding, server, log, relay, scheduler, facts.consumer(settings)])


def _parts(settings: WorkshopsSettings, log: Log, rules: Write[RoutingRule], facts: AgendaFacts, clock: Clock) -> Parts:
    innovations = Write(log, INNOVATIONS, innovation.event_of)
    indicators = Write(log, INDICATORS, indicator.event_of, clocks=Indicator.clocks)
    queries, book = WorkshopQueries(log.database, PageTokens(settings.signing_key_file)), RuleBook()
    return Parts(
        innovations=Innovations(innovations, evidence_of, _sources(settings), book, clock),
        advice=Advice(innovations, Write(log, ADVICE_NOTES, advice.event_of), settings.workshops_advisory_sectors),
        indicators=Indicators(innovations, indicators),
        workshops=Workshops(innovations, Write(log, WORKSHOPS, workshop.event_of), clock),
        diffusion=Diffusion(innovations, Write(log, DIFFUSION_CASES, diffusion.event_of)),
        rules=Rules(rules, book, queries.trial, clock),
        queries=queries,
        facts=facts,
        clock=clock,
    )


def _sources(settings: WorkshopsSettings) -> Sources:
    proposals = Peer(settings.proposals_address, proposals_pb2_grpc.ProposalServiceStub)
    council = Peer(settings.council_address, council_service_pb2_grpc.CouncilServiceStub)
    agenda = Peer(settings.agenda_address, agenda_pb2_grpc.AgendaServiceStub)
    return Sources(Caller(settings.signing_key_file, NAME), proposals, council, agenda)
