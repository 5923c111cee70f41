"""The board."""

from typing import Any

from madang.workshops.v1 import board_messages_pb2 as pb
from services.workshops.rpc.parts import Methods
from services.workshops.wire.board import board_to_wire


class BoardMethods(Methods):
    """Innovation agendas in numbers."""

    async def GetInnovationBoard(self, request: pb.GetInnovationBoardRequest, context: Any) -> pb.GetInnovationBoardResponse:
        return board_to_wire(await self._parts.queries.board())
