"""The only place where the parts of the agenda's server and search processes meet. (The projector's is `worker`.)"""

from datetime import timedelta

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from services.agenda import wire
from services.agenda.applied import Applied
from services.agenda.breaker import Holds
from services.agenda.clients import Logs
from services.agenda.freshness import FreshnessQueries
from services.agenda.projector import apply_letter
from services.agenda.queries import AgendaQueries
from services.agenda.rebuild import Rebuilder
from services.agenda.repair import GapRepair
from services.agenda.rpc import AgendaServicer
from services.agenda.search import SearchWorker
from services.agenda.service import Agenda
from services.agenda.settings import AgendaSettings
from services.agenda.store import ITEMS, LINKS
from services.agenda.timeline import Timeline
from services.agenda.verify import Verifier
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
    items, links = Write(log, ITEMS, wire.item_event), Write(log, LINKS, wire.link_event)
    servicer = AgendaServicer(
        Agenda(items, links, applied, clock), AgendaQueries(store, tokens, clock), Timeline(store, tokens),
        FreshnessQueries(store, timedelta(milliseconds=settings.agenda_stale_after_ms)), applied, Verifier(store, logs, applied),
        Rebuilder(store, bootstrap), Holds(store, bootstrap),
    )  # fmt: skip
    server = GrpcServer.of(settings)
    server.add(agenda_pb2.DESCRIPTOR.services_by_name["AgendaService"], agenda_pb2_grpc.add_AgendaServiceServicer_to_server, servicer)
    serve_log(server, database, relay, apply_letter, letters=store)
    return Process(settings, f"{NAME}-server", database, [server, log, relay, GapRepair(store, logs)], also=[store])


def build_search(settings: AgendaSettings) -> Process:
    """The search process; several may run."""
    name = f"{NAME}-search"
    store = open_store(settings, name)
    return Process(settings, name, store, [SearchWorker(store)])
