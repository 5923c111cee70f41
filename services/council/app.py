"""The only place where the parts of the council service meet."""

from madang.council.v1 import council_service_pb2, council_service_pb2_grpc
from services.council.clients import AgendaClient
from services.council.domain.meeting import Meeting
from services.council.domain.minutes import Minutes
from services.council.domain.outcome import ActionItem, Resolution
from services.council.domain.series import MeetingSeries
from services.council.queries import CouncilQueries
from services.council.rpc import CouncilServicer
from services.council.rpc.parts import Parts
from services.council.service.agenda import AgendaBuilder
from services.council.service.archive import Archive
from services.council.service.council import Councils
from services.council.service.item import Items
from services.council.service.meeting import Meetings
from services.council.service.minutes import MinutesDesk
from services.council.service.outcome import Actions, Resolutions
from services.council.service.series import SeriesDesk
from services.council.service.suggestion import Suggestions
from services.council.service.translation import Translations
from services.council.settings import CouncilSettings
from services.council.store.council import COUNCILS
from services.council.store.item import ITEMS, closed_words, count_items, items_of
from services.council.store.meeting import MEETINGS
from services.council.store.minutes import MINUTES
from services.council.store.outcome import ACTIONS, RESOLUTIONS
from services.council.store.series import SERIES, standing, was_held
from services.council.store.suggestion import SUGGESTIONS, count_open
from services.council.store.translation import TRANSLATIONS
from services.council.wire import council, item, meeting, minutes, outcome, series, translation
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock, SystemClock, korea
from services.kit.database import Database
from services.kit.grpc_client import Caller
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write

NAME = "council"


def build(settings: CouncilSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: commands and questions over gRPC, the relay, the clocks, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    agenda = AgendaFacts(database, service=NAME)
    parts = _parts(settings, clock, database, log, agenda)
    rings = {
        **parts.meetings.rings, **parts.series.rings, **parts.resolutions.rings, **parts.actions.rings, **parts.minutes.rings
    }  # fmt: skip
    scheduler = Scheduler(database, clock, rings, wake=relay.wake)
    server = GrpcServer.of(settings)
    server.add(
        council_service_pb2.DESCRIPTOR.services_by_name["CouncilService"],
        council_service_pb2_grpc.add_CouncilServiceServicer_to_server,
        CouncilServicer(parts),
    )
    serve_log(server, database, relay, agenda.apply)
    return Process(settings, NAME, database, [server, log, relay, scheduler, agenda.consumer(settings)])


def _parts(settings: CouncilSettings, clock: Clock, database: Database, log: Log, facts: AgendaFacts) -> Parts:
    councils = Write(log, COUNCILS, council.event_of)
    meetings = Write(log, MEETINGS, meeting.event_of, clocks=Meeting.clocks)
    items = Write(log, ITEMS, item.event_of)
    resolutions = Write(log, RESOLUTIONS, outcome.resolution_event_of, clocks=Resolution.clocks)
    actions = Write(log, ACTIONS, outcome.action_event_of, clocks=ActionItem.clocks)
    records = Write(log, MINUTES, minutes.event_of, clocks=Minutes.clocks)
    queries = CouncilQueries(database, PageTokens(settings.signing_key_file))
    agenda = AgendaClient(settings.agenda_address, Caller(settings.signing_key_file, NAME))
    return Parts(
        councils=Councils(councils, clock),
        meetings=Meetings(councils, meetings, items, items_of, clock, settings.council_invitation_days),
        items=Items(councils, meetings, items, clock),
        resolutions=Resolutions(meetings, items, resolutions, clock, settings.council_city_reply_days),
        actions=Actions(meetings, items, actions, clock, korea()),
        minutes=MinutesDesk(meetings, records, clock, korea(), settings.council_minutes_days, count_open, closed_words),
        suggestions=Suggestions(councils, records, Write(log, SUGGESTIONS), clock),
        translations=Translations(records, Write(log, TRANSLATIONS, translation.event_of), clock),
        archive=Archive(councils, meetings, items, count_items, clock),
        queries=queries,
        facts=facts,
        agenda=agenda,
        clock=clock,
        series=SeriesDesk(councils, Write(log, SERIES, series.event_of, clocks=MeetingSeries.clocks), standing, was_held, clock),
        builder=AgendaBuilder(queries, agenda, settings.council_standing_items),
    )
