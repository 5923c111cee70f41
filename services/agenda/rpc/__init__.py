"""AgendaService: map, call, map. Its methods are documented in the proto."""

from madang.agenda.v1 import agenda_pb2_grpc
from services.agenda.rpc.item import ItemMethods
from services.agenda.rpc.listing import ListingMethods
from services.agenda.rpc.parts import Parts
from services.agenda.rpc.upkeep import UpkeepMethods


class AgendaServicer(ItemMethods, ListingMethods, UpkeepMethods, agenda_pb2_grpc.AgendaServiceServicer):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
