"""The only place where the parts of the agenda's server and search processes meet. (The projector's is `worker`.)"""

from datetime import timedelta

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc, suggestion_pb2, suggestion_pb2_grpc
from services.agenda.clients import Logs
from services.agenda.projection.applied import Applied
from services.agenda.projection.apply import apply_letter
from services.agenda.projection.breaker import Holds
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.queries.item import AgendaQueries
from services.agenda.queries.suggestion import SuggestionQueries
from services.agenda.queries.timeline import Timeline
from services.agenda.rpc import AgendaServicer
from services.agenda.rpc.parts import Parts
from services.agenda.rpc.suggestion import SuggestionServicer
from services.agenda.search.worker import SearchWorker
from services.agenda.service.item import Agenda
from services.agenda.service.linking import Linker
from services.agenda.settings import NEVER, AgendaSettings
from services.agenda.store.item import ITEMS
from services.agenda.store.link import LINKS
from services.agenda.upkeep.rebuild import Rebuilder
from services.agenda.upkeep.repair import GapRepair
from services.agenda.upkeep.verify import Verifier
from services.agenda.wire.item import item_event
from services.agenda.wire.link import link_event
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.write import Log, Write

NAME = "agenda"


def open_store(settings: AgendaSettings, process: str) -> Database:
    """The agenda's database with the store in front: the same names lead a rebuild to its shadow.

    A plan made for any text ignores the text's index, so that none is kept.
    """
    return Database(settings.database_url, name=process, settings={"search_path": "store", "plan_cache_mode": "force_custom_plan"})


def build(settings: AgendaSettings) -> Process:
    """The server: officers' commands, every question over the store, the relay, the repair of gaps."""
    database, store = Database(settings.database_url, name=NAME), open_store(settings, f"{NAME}-store")
    bootstrap, clock = settings.kafka_bootstrap_servers, SystemClock()
    relay = Relay(database, service=NAME, bootstrap=bootstrap)
    log = Log(database, service=NAME, wake=relay.wake)
    tokens, applied = PageTokens(settings.signing_key_file), Applied(store, database, bootstrap)
    logs = Logs(settings, Caller(settings.signing_key_file, NAME))
    items, links = Write(log, ITEMS, item_event), Write(log, LINKS, link_event)
    agenda = Agenda(items, links, applied, clock)
    parts = Parts(
        agenda, AgendaQueries(store, tokens, clock), Timeline(store, tokens),
        FreshnessQueries(store, timedelta(milliseconds=settings.agenda_stale_after_ms)), applied, Verifier(store, logs, applied),
        Rebuilder(store, bootstrap), Holds(store, bootstrap),
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
    serve_log(server, database, relay, apply_letter, letters=store)
    linker = Linker(database, suggestions, agenda, clock, settings.agenda_link_above)
    linking = [linker.consumer(settings)] if settings.agenda_link_above < NEVER else []
    return Process(settings, f"{NAME}-server", database, [server, log, relay, GapRepair(store, logs), *linking], also=[store])


def build_search(settings: AgendaSettings) -> Process:
    """The search process; several may run."""
    name = f"{NAME}-search"
    store = open_store(settings, name)
    return Process(settings, name, store, [SearchWorker(store)])
