"""VoiceService: map, call, map. Its methods are documented in the proto."""

from madang.voices.v1 import voices_pb2_grpc
from services.voices.rpc.activity import ActivityMethods
from services.voices.rpc.mandate import MandateMethods
from services.voices.rpc.parts import Parts
from services.voices.rpc.voice import VoiceMethods
from services.voices.rpc.watch import WatchMethods


class VoiceServicer(
    MandateMethods,
    ActivityMethods,
    VoiceMethods,
    WatchMethods,
    voices_pb2_grpc.VoiceServiceServicer,
):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
