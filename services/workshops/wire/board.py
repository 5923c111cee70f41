"""The board on the wire: each number with the request of the list that it counts."""

import json

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from madang.workshops.v1 import board_messages_pb2 as pb
from madang.workshops.v1 import diffusion_messages_pb2, workshops_pb2
from services.kit.wire import FIELDS
from services.workshops.domain.diffusion import DiffusionScope
from services.workshops.queries import Board, Cell
from services.workshops.wire.diffusion import SCOPES
from services.workshops.wire.innovation import PHASES


def board_to_wire(board: Board) -> pb.GetInnovationBoardResponse:
    """The board."""
    innovations, lists = sum(cell.count for cell in board.cells), workshops_pb2.ListInnovationsRequest
    adopters = {scope: board.adopters.get(scope, 0) for scope in DiffusionScope}
    return pb.GetInnovationBoardResponse(
        cells=map(_cell, board.cells),
        numbers=[
            _number("owned", board.owned, innovations, lists(owned=True)),
            _number("advised", board.advised, innovations, lists(advised=True)),
            _number("measured", board.measured, innovations, lists(measured=True)),
            *(
                _number(f"adopters_{scope}", count, sum(adopters.values()), _cases(scope))
                for scope, count in adopters.items()
            ),
        ],
    )  # fmt: skip


def _cell(cell: Cell) -> pb.BoardCell:
    phase, field = PHASES.to_wire(cell.phase), FIELDS.to_wire(cell.innovation_field)
    request = workshops_pb2.ListInnovationsRequest(phase=phase, innovation_field=field)
    return pb.BoardCell(phase=phase, innovation_field=field, count=cell.count, filter=_json(request))


def _number(name: str, count: int, total: int, request: Message) -> pb.BoardNumber:
    method = request.DESCRIPTOR.name.removesuffix("Request")
    return pb.BoardNumber(name=name, count=count, total=total, method=method, filter=_json(request))


def _cases(scope: DiffusionScope) -> Message:
    return diffusion_messages_pb2.ListDiffusionCasesRequest(diffusion_scope=SCOPES.to_wire(scope))


def _json(request: Message) -> str:
    return json.dumps(MessageToDict(request, preserving_proto_field_name=True))
