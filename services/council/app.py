"""The only place where the parts of the council service meet."""

from madang.council.v1 import council_service_pb2, council_service_pb2_grpc
from services.council.clients import AgendaClient
from services.council.queries import CouncilQueries
from services.council.rpc import CouncilServicer
from services.council.rpc.parts import Parts
from services.council.service.archive import Archive
from services.council.service.council import Councils
from services.council.service.item import Items
from services.council.service.meeting import Meetings
from services.council.service.minutes import MinutesDesk
from services.council.service.outcome import Outcomes
from services.council.store.council import COUNCILS
from services.council.store.item import ITEMS, count_items
from services.council.store.meeting import MEETINGS
from services.council.store.minutes import MINUTES
from services.council.store.outcome import ACTIONS, RESOLUTIONS
from services.council.wire import council, item, meeting, minutes, outcome
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.settings import Settings
from services.kit.write import Log, Write

NAME = "council"


def build(settings: Settings) -> Process:
    """The process: commands and questions over gRPC, the relay, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    agenda = AgendaFacts(database, service=NAME)
    server = GrpcServer.of(settings)
    server.add(
        council_service_pb2.DESCRIPTOR.services_by_name["CouncilService"],
        council_service_pb2_grpc.add_CouncilServiceServicer_to_server,
        CouncilServicer(_parts(settings, database, log, agenda)),
    )
    serve_log(server, database, relay, agenda.apply)
    return Process(settings, NAME, database, [server, log, relay, agenda.consumer(settings)])


def _parts(settings: Settings, database: Database, log: Log, agenda: AgendaFacts) -> Parts:
    clock = SystemClock()
    councils = Write(log, COUNCILS, council.event_of)
    meetings = Write(log, MEETINGS, meeting.event_of)
    items = Write(log, ITEMS, item.event_of)
    resolutions = Write(log, RESOLUTIONS, outcome.resolution_event_of)
    actions = Write(log, ACTIONS, outcome.action_event_of)
    return Parts(
        councils=Councils(councils),
        meetings=Meetings(councils, meetings, clock),
        items=Items(meetings, items, clock),
        outcomes=Outcomes(meetings, items, resolutions, actions, clock),
        minutes=MinutesDesk(meetings, Write(log, MINUTES, minutes.event_of), clock),
        archive=Archive(councils, meetings, items, count_items, clock),
        queries=CouncilQueries(database, PageTokens(settings.signing_key_file)),
        facts=agenda,
        agenda=AgendaClient(settings.agenda_address, Caller(settings.signing_key_file, NAME)),
        clock=clock,
    )
