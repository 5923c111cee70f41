"""Calls to the agenda."""

from collections.abc import Sequence
from uuid import UUID

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.type.v1 import vocabulary_pb2
from services.kit.grpc_client import Caller, Peer

PROPOSALS = vocabulary_pb2.SOURCE_SERVICE_PROPOSALS
MOST_EACH = 50


class AgendaClient:
    """Asked what else was said that is like a proposal."""

    def __init__(self, caller: Caller, agenda: Peer[agenda_pb2_grpc.AgendaServiceStub]) -> None:
        self._caller, self._agenda = caller, agenda

    async def proposals_with(self, words: Sequence[str]) -> set[UUID]:
        """Proposals whose texts hold one of these words, the newest of each. Raises grpc.aio.AioRpcError."""
        found: set[UUID] = set()
        for word in words:
            question = agenda_pb2.ListItemsRequest(query=word, source=PROPOSALS, page_size=MOST_EACH)
            answer = await self._caller.ask(self._agenda.stub.ListItems, question)
            found |= {UUID(source.source_id) for item in answer.items for source in item.sources if source.service == PROPOSALS}
        return found
