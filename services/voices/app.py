"""The only place where the parts of the voices service meet."""

from madang.voices.v1 import voices_pb2, voices_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock, SystemClock
from services.kit.database import Database
from services.kit.founding import Founding
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.relay import Relay
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.voices.domain.mandate import Mandate
from services.voices.domain.watch import GroupWatch
from services.voices.queries import VoiceQueries
from services.voices.rpc import VoiceServicer
from services.voices.rpc.parts import Parts
from services.voices.service.activity import Activities
from services.voices.service.mandate import Mandates
from services.voices.service.voice import Voices
from services.voices.service.watch import Watch
from services.voices.settings import VoicesSettings
from services.voices.store.activity import ACTIVITIES
from services.voices.store.mandate import MANDATES
from services.voices.store.voice import VOICES
from services.voices.store.watch import WATCHES
from services.voices.wire import activity, mandate, voice, watch

NAME = "voices"


def build(settings: VoicesSettings, clock: Clock = SystemClock()) -> Process:  # noqa: B008 - it holds nothing
    """The process: commands and questions over gRPC, the relay, the clocks, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    mandates = Write(log, MANDATES, mandate.event_of, clocks=Mandate.clocks)
    activities, voices = Write(log, ACTIVITIES, activity.event_of), Write(log, VOICES, voice.event_of)
    terms, heard = Mandates(mandates, clock, settings.voices_mandate_renewals), Voices(mandates, activities, voices, clock)
    listening = Watch(Write(log, WATCHES, watch.event_of, clocks=GroupWatch.clocks), clock)
    scheduler = Scheduler(database, clock, {**terms.rings, **listening.rings}, wake=relay.wake)
    facts = AgendaFacts(database, service=NAME, follow=heard.follow)
    queries = VoiceQueries(database, PageTokens(settings.signing_key_file))
    server = GrpcServer.of(settings)
    server.add(
        voices_pb2.DESCRIPTOR.services_by_name["VoiceService"],
        voices_pb2_grpc.add_VoiceServiceServicer_to_server,
        VoiceServicer(Parts(terms, Activities(mandates, activities, clock), heard, queries, facts, clock)),
    )
    serve_log(server, database, relay, facts.apply)
    return Process(settings, NAME, database, [Founding(listening.found), server, log, relay, scheduler, facts.consumer(settings)])
