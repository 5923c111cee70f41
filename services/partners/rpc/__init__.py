"""PartnerService: map, call, map. Its methods are documented in the proto."""

from madang.partners.v1 import partners_pb2_grpc
from services.partners.rpc.key import KeyMethods
from services.partners.rpc.partner import PartnerMethods
from services.partners.rpc.parts import Parts
from services.partners.rpc.received import ReceivedMethods
from services.partners.rpc.webhook import WebhookMethods


class PartnerServicer(PartnerMethods, ReceivedMethods, KeyMethods, WebhookMethods, partners_pb2_grpc.PartnerServiceServicer):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
