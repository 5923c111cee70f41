"""The only place where the parts of the agenda's server and search processes meet. (The projector's and the themes' are `worker`s.)"""

from collections.abc import Sequence
from datetime import timedelta

from madang.agenda.v1 import (
    agenda_pb2,
    agenda_pb2_grpc,
    index_pb2,
    index_pb2_grpc,
    plan_pb2,
    plan_pb2_grpc,
    report_pb2,
    report_pb2_grpc,
    suggestion_pb2,
    suggestion_pb2_grpc,
    theme_pb2,
    theme_pb2_grpc,
    view_pb2,
    view_pb2_grpc,
    vocabulary_pb2,
    vocabulary_pb2_grpc,
)
from services.agenda.clients import Logs
from services.agenda.domain.item import AgendaItem
from services.agenda.projection.applied import Applied
from services.agenda.projection.apply import apply_letter
from services.agenda.projection.breaker import Holds
from services.agenda.projection.database import open_store
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.publisher import ItemPublisher
from services.agenda.queries.index import IndexQueries
from services.agenda.queries.item import AgendaQueries
from services.agenda.queries.plan import PlanQueries
from services.agenda.queries.report import Reports
from services.agenda.queries.suggestion import SuggestionQueries
from services.agenda.queries.theme import ThemeQueries
from services.agenda.queries.timeline import Timeline
from services.agenda.queries.view import ViewQueries
from services.agenda.rpc import AgendaServicer
from services.agenda.rpc.index import IndexServicer
from services.agenda.rpc.parts import Parts
from services.agenda.rpc.plan import PlanServicer
from services.agenda.rpc.report import ReportServicer
from services.agenda.rpc.suggestion import SuggestionServicer
from services.agenda.rpc.theme import ThemeServicer
from services.agenda.rpc.view import ViewServicer
from services.agenda.rpc.vocabulary import VocabularyServicer
from services.agenda.search.worker import SearchWorker
from services.agenda.service.index import Indexes
from services.agenda.service.item import Agenda
from services.agenda.service.linking import Linker
from services.agenda.service.plan import Plans
from services.agenda.service.theme import Themes
from services.agenda.service.together import Together
from services.agenda.service.view import Views
from services.agenda.settings import NEVER, AgendaSettings
from services.agenda.store.index import INDEXES, REVIEWS
from services.agenda.store.item import ITEMS
from services.agenda.store.link import LINKS
from services.agenda.store.plan import PLANS
from services.agenda.store.theme import THEMES
from services.agenda.store.view import VIEWS
from services.agenda.themes.apply import count
from services.agenda.upkeep.rebuild import Rebuilder
from services.agenda.upkeep.repair import GapRepair
from services.agenda.upkeep.verify import Verifier
from services.agenda.wire.index import index_event
from services.agenda.wire.index_review import review_event
from services.agenda.wire.item import item_event
from services.agenda.wire.link import link_event
from services.agenda.wire.plan import plan_event
from services.agenda.wire.theme import theme_event
from services.kit.clock import Clock, SystemClock
from services.kit.database import Connection, Database
from services.kit.envelope import Record
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Part, Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write

NAME = "agenda"


def build(settings: AgendaSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The server: officers' commands and clocks, every question over the store, the relay, the repair of gaps."""
    database, store = Database(settings.database_url, name=NAME), open_store(settings, f"{NAME}-store")
    bootstrap = settings.kafka_bootstrap_servers
    relay = Relay(database, service=NAME, bootstrap=bootstrap)
    log = Log(database, service=NAME, wake=relay.wake)
    tokens, applied = PageTokens(settings.signing_key_file), Applied(store, database, bootstrap)
    logs = Logs(settings, Caller(settings.signing_key_file, NAME))
    items, links = Write(log, ITEMS, item_event, clocks=AgendaItem.clocks), Write(log, LINKS, link_event)
    agenda = Agenda(items, links, applied, clock)
    parts = Parts(
        agenda, Together(items, links, applied, clock), AgendaQueries(store, tokens, clock), Timeline(store, tokens),
        FreshnessQueries(store, timedelta(milliseconds=settings.agenda_stale_after_ms)), applied, Verifier(store, logs, applied),
        Rebuilder(store, bootstrap), Holds(store, bootstrap), clock,
    )  # fmt: skip
    server = GrpcServer.of(settings)
    server.add(
        agenda_pb2.DESCRIPTOR.services_by_name["AgendaService"],
        agenda_pb2_grpc.add_AgendaServiceServicer_to_server,
        AgendaServicer(parts),
    )
    suggestions = SuggestionQueries(store)
    server.add(
        suggestion_pb2.DESCRIPTOR.services_by_name["SuggestionService"],
        suggestion_pb2_grpc.add_SuggestionServiceServicer_to_server,
        SuggestionServicer(suggestions, parts.freshness),
    )
    _serve_nouns(server, log, store, tokens, parts, clock)
    serve_log(server, database, relay, apply_again, letters=store)
    scheduler = Scheduler(database, clock, agenda.rings, wake=relay.wake)
    own: list[Part] = [server, log, relay, scheduler, GapRepair(store, logs), ItemPublisher(store, bootstrap)]
    if settings.agenda_link_above < NEVER:
        own.append(Linker(database, suggestions, agenda, clock, settings.agenda_link_above).consumer(settings))
    return Process(settings, f"{NAME}-server", database, own, also=[store])


def _serve_nouns(
    server: GrpcServer, log: Log, store: Database, tokens: PageTokens, parts: Parts, clock: Clock
) -> None:  # fmt: skip
    """What stands beside the items, each a gRPC service of its own: reports, views, themes, plans, indexes, vocabularies."""
    server.add(
        report_pb2.DESCRIPTOR.services_by_name["ReportService"],
        report_pb2_grpc.add_ReportServiceServicer_to_server,
        ReportServicer(Reports(store), parts.freshness, clock),
    )
    server.add(
        view_pb2.DESCRIPTOR.services_by_name["ViewService"],
        view_pb2_grpc.add_ViewServiceServicer_to_server,
        ViewServicer(Views(Write(log, VIEWS), clock), ViewQueries(log.database, store, tokens), parts.queries, parts.freshness, clock),
    )
    server.add(
        plan_pb2.DESCRIPTOR.services_by_name["PlanService"],
        plan_pb2_grpc.add_PlanServiceServicer_to_server,
        PlanServicer(Plans(Write(log, PLANS, plan_event)), PlanQueries(log.database, tokens, store, parts.freshness, clock), clock),
    )
    server.add(
        index_pb2.DESCRIPTOR.services_by_name["IndexService"],
        index_pb2_grpc.add_IndexServiceServicer_to_server,
        IndexServicer(
            Indexes(Write(log, INDEXES, index_event), Write(log, REVIEWS, review_event), clock), IndexQueries(log.database, tokens)
        ),
    )
    server.add(
        vocabulary_pb2.DESCRIPTOR.services_by_name["VocabularyService"],
        vocabulary_pb2_grpc.add_VocabularyServiceServicer_to_server,
        VocabularyServicer(),
    )
    server.add(
        theme_pb2.DESCRIPTOR.services_by_name["ThemeService"],
        theme_pb2_grpc.add_ThemeServiceServicer_to_server,
        ThemeServicer(Themes(Write(log, THEMES, theme_event), clock), ThemeQueries(log.database, tokens)),
    )


async def apply_again(connection: Connection, records: Sequence[Record]) -> None:
    """What was put aside and may be read by now, into the store and into the counts that themes rise from."""
    await apply_letter(connection, records)
    await count(connection, records)


def build_search(settings: AgendaSettings) -> Process:
    """The search process; several may run."""
    name = f"{NAME}-search"
    store = open_store(settings, name)
    return Process(settings, name, store, [SearchWorker(store)])
