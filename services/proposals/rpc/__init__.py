"""ProposalService: map, call, map. Its methods are documented in the proto."""

from madang.proposals.v1 import proposals_pb2_grpc
from services.proposals.rpc.case import CaseMethods
from services.proposals.rpc.coordination import CoordinationMethods
from services.proposals.rpc.handling import HandlingMethods
from services.proposals.rpc.knowledge import KnowledgeMethods
from services.proposals.rpc.parts import Parts
from services.proposals.rpc.proposal import ProposalMethods
from services.proposals.rpc.town_project import TownProjectMethods


class ProposalServicer(
    CaseMethods,
    CoordinationMethods,
    HandlingMethods,
    KnowledgeMethods,
    ProposalMethods,
    TownProjectMethods,
    proposals_pb2_grpc.ProposalServiceServicer,
):
    """The whole service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
