"""CouncilService: map, call, map. Its methods are documented in the proto."""

from madang.council.v1 import council_service_pb2_grpc
from services.council.rpc.archive import ArchiveMethods
from services.council.rpc.council import CouncilMethods
from services.council.rpc.item import ItemMethods
from services.council.rpc.meeting import MeetingMethods
from services.council.rpc.minutes import MinutesMethods
from services.council.rpc.outcome import OutcomeMethods
from services.council.rpc.parts import Parts
from services.council.rpc.series import SeriesMethods
from services.council.rpc.suggestion import SuggestionMethods
from services.council.rpc.translation import TranslationMethods


class CouncilServicer(
    CouncilMethods,
    MeetingMethods,
    ItemMethods,
    OutcomeMethods,
    MinutesMethods,
    SuggestionMethods,
    TranslationMethods,
    ArchiveMethods,
    SeriesMethods,
    council_service_pb2_grpc.CouncilServiceServicer,
):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
