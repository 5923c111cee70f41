"""The only place where the parts of the voices service meet."""

from madang.voices.v1 import voices_pb2, voices_pb2_grpc
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_server import GrpcServer, serve_log
from services.kit.lifecycle import Process
from services.kit.paging import PageTokens
from services.kit.queries import Queries
from services.kit.relay import Relay
from services.kit.settings import Settings
from services.kit.write import Log, Write
from services.voices import wire
from services.voices.queries import VoiceQueries
from services.voices.rpc import VoiceServicer
from services.voices.service import Voices
from services.voices.store import ACTIVITIES, MANDATES, VOICES

NAME = "voices"


def build(settings: Settings) -> Process:
    """The process: commands and questions over gRPC, the relay, the ear on the agenda."""
    database = Database(settings.database_url, name=NAME)
    relay = Relay(database, service=NAME, bootstrap=settings.kafka_bootstrap_servers)
    log = Log(database, service=NAME, wake=relay.wake)
    clock = SystemClock()
    mandates = Write(log, MANDATES, wire.event_of)
    activities, voices = Write(log, ACTIVITIES, wire.event_of), Write(log, VOICES, wire.event_of)
    queries = VoiceQueries(Queries(database, PageTokens(settings.signing_key_file)))
    agenda = AgendaFacts(database, service=NAME)
    servicer = VoiceServicer(Voices(mandates, activities, voices, clock), queries, agenda, clock)
    server = GrpcServer.of(settings)
    server.add(voices_pb2.DESCRIPTOR.services_by_name["VoiceService"], voices_pb2_grpc.add_VoiceServiceServicer_to_server, servicer)
    serve_log(server, database, relay, agenda.apply)
    return Process(settings, NAME, database, [server, log, relay, agenda.consumer(settings)])
