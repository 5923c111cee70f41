"""The only place where the parts of the proposals service meet."""

from madang.proposals.v1 import proposals_pb2, proposals_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock, SystemClock, korea
from services.kit.database import Database
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.queries import Queries
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.proposals.domain.proposal import Proposal
from services.proposals.domain.town_project import TownProject, TownRules
from services.proposals.queries import ProposalQueries, TownProjectQueries
from services.proposals.rpc import ProposalServicer
from services.proposals.rpc.parts import Parts
from services.proposals.service.proposal import Proposals
from services.proposals.service.town_project import TownProjects
from services.proposals.settings import ProposalSettings
from services.proposals.store.proposal import PROPOSALS
from services.proposals.store.town_project import TOWN_PROJECTS
from services.proposals.wire import proposal, town_project

NAME = "proposals"


def build(settings: ProposalSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: commands and questions over gRPC, the relay, the clocks, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    proposals = Proposals(Write(log, PROPOSALS, proposal.event_of, clocks=Proposal.clocks), clock, korea(), settings.proposals_answer_days)
    towns = _town_projects(settings, log, clock)
    scheduler = Scheduler(database, clock, {**proposals.rings, **towns.rings}, wake=relay.wake)
    facts = AgendaFacts(database, service=NAME)
    rows = Queries(database, PageTokens(settings.signing_key_file))
    server = GrpcServer.of(settings)
    server.add(
        proposals_pb2.DESCRIPTOR.services_by_name["ProposalService"],
        proposals_pb2_grpc.add_ProposalServiceServicer_to_server,
        ProposalServicer(Parts(proposals, ProposalQueries(rows), facts, clock, towns, TownProjectQueries(database, rows))),
    )
    serve_log(server, database, relay, facts.apply)
    return Process(settings, NAME, database, [server, log, relay, scheduler, facts.consumer(settings)])


def _town_projects(settings: ProposalSettings, log: Log, clock: Clock) -> TownProjects:
    rules = TownRules(settings.proposals_town_residents, settings.proposals_town_own_share, settings.proposals_town_settlement_days)
    return TownProjects(Write(log, TOWN_PROJECTS, town_project.event_of, clocks=TownProject.clocks), clock, korea(), rules)
