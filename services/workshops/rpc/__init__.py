"""WorkshopService: map, call, map. Its methods are documented in the proto."""

from madang.workshops.v1 import workshops_pb2_grpc
from services.workshops.rpc.advice import AdviceMethods
from services.workshops.rpc.board import BoardMethods
from services.workshops.rpc.diffusion import DiffusionMethods
from services.workshops.rpc.indicator import IndicatorMethods
from services.workshops.rpc.innovation import InnovationMethods
from services.workshops.rpc.parts import Parts
from services.workshops.rpc.routing import RoutingMethods
from services.workshops.rpc.workshop import WorkshopMethods


class WorkshopServicer(
    InnovationMethods,
    AdviceMethods,
    IndicatorMethods,
    WorkshopMethods,
    DiffusionMethods,
    RoutingMethods,
    BoardMethods,
    workshops_pb2_grpc.WorkshopServiceServicer,
):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
