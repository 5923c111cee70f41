"""The only place where the parts of the proposals service meet."""

from madang.agenda.v1 import agenda_pb2_grpc
from madang.proposals.v1 import proposals_pb2, proposals_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock, SystemClock, korea
from services.kit.database import Database
from services.kit.grpc_client import Caller, Peer
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.proposals.clients import AgendaClient
from services.proposals.domain.parts import SupportRule
from services.proposals.domain.proposal import Proposal
from services.proposals.domain.town_project import TownProject, TownRules
from services.proposals.queries.proposal import ProposalQueries
from services.proposals.queries.town_project import TownProjectQueries
from services.proposals.rpc import ProposalServicer
from services.proposals.rpc.parts import Parts
from services.proposals.service.knowledge import KnowledgeBase
from services.proposals.service.proposal import Proposals, Rules
from services.proposals.service.together import Together
from services.proposals.service.town_project import TownProjects
from services.proposals.settings import ProposalSettings
from services.proposals.store.coordination import MEETINGS
from services.proposals.store.knowledge import ENTRIES
from services.proposals.store.proposal import PROPOSALS
from services.proposals.store.town_project import TOWN_PROJECTS
from services.proposals.wire import coordination, proposal, town_project

NAME = "proposals"


def build(settings: ProposalSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: commands and questions over gRPC, the relay, the clocks, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    rules = rules_of(settings)
    cases, entries = Write(log, PROPOSALS, proposal.event_of, clocks=Proposal.clocks), Write(log, ENTRIES)
    proposals = Proposals(cases, entries, clock, korea(), rules)
    together = Together(cases, Write(log, MEETINGS, coordination.event_of), clock, korea(), rules)
    towns = _town_projects(settings, log, clock)
    scheduler = Scheduler(database, clock, {**proposals.rings, **towns.rings}, wake=relay.wake)
    facts = AgendaFacts(database, service=NAME)
    agenda = AgendaClient(Caller(settings.signing_key_file, NAME), Peer(settings.agenda_address, agenda_pb2_grpc.AgendaServiceStub))
    tokens = PageTokens(settings.signing_key_file)
    queries, town_queries = ProposalQueries(database, tokens, agenda), TownProjectQueries(database, tokens)
    server = GrpcServer.of(settings)
    server.add(
        proposals_pb2.DESCRIPTOR.services_by_name["ProposalService"],
        proposals_pb2_grpc.add_ProposalServiceServicer_to_server,
        ProposalServicer(Parts(proposals, together, KnowledgeBase(entries), queries, facts, clock, towns, town_queries)),
    )
    serve_log(server, database, relay, facts.apply)
    return Process(settings, NAME, database, [server, log, relay, scheduler, facts.consumer(settings)])


def rules_of(settings: ProposalSettings) -> Rules:
    """The rules that differ between cities and years."""
    supports = SupportRule(settings.proposals_supports_needed, settings.proposals_support_days, settings.proposals_obliged_days)
    return Rules(settings.proposals_answer_days, settings.proposals_extensions, supports)


def _town_projects(settings: ProposalSettings, log: Log, clock: Clock) -> TownProjects:
    rules = TownRules(settings.proposals_town_residents, settings.proposals_town_own_share, settings.proposals_town_settlement_days)
    return TownProjects(Write(log, TOWN_PROJECTS, town_project.event_of, clocks=TownProject.clocks), clock, korea(), rules)
