"""What the workshops service asks of others."""

import asyncio

import grpc

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.proposals.v1 import proposals_pb2, proposals_pb2_grpc
from services.kit.actor import Call
from services.kit.errors import wrong_state
from services.kit.grpc_client import Caller, Peer
from services.kit.ids import agenda_id_of
from services.workshops.domain.innovation import Adopted, AdoptedService

# The agenda follows its sources within a second or so; what it does not know yet is asked for again.
TRIES, PAUSE_S = 7, 0.5


class Sources:
    """Where things are that an innovation agenda may be adopted from."""

    def __init__(
        self,
        caller: Caller,
        proposals: Peer[proposals_pb2_grpc.ProposalServiceStub],
        agenda: Peer[agenda_pb2_grpc.AgendaServiceStub],
    ) -> None:
        self._caller, self._proposals, self._agenda = caller, proposals, agenda

    async def check(self, call: Call, adopted: Adopted) -> None:
        """Ask whether it is there: a proposal its own service, everything else the agenda, where each source is an item.

        Waits up to three seconds for what the agenda may be about to learn.

        Raises:
            Refused: SOURCE_UNKNOWN where it is not.
            grpc.aio.AioRpcError: where nobody answers; the error mapper passes it on.
        """
        tries = 1 if adopted.service is AdoptedService.PROPOSALS else TRIES
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            if await self._is_there(call, adopted):
                return
        raise wrong_state("SOURCE_UNKNOWN", f"{adopted.service} has no {adopted.source_id} to adopt from", "adopted_from.source_id")

    async def _is_there(self, call: Call, adopted: Adopted) -> bool:
        try:
            await self._ask(call, adopted)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _ask(self, call: Call, adopted: Adopted) -> None:
        if adopted.service is AdoptedService.PROPOSALS:
            proposal = proposals_pb2.GetProposalRequest(proposal_id=str(adopted.source_id))
            await self._caller.ask(self._proposals.stub.GetProposal, proposal, call=call)
        else:
            is_item = adopted.service is AdoptedService.AGENDA
            agenda_id = adopted.source_id if is_item else agenda_id_of(adopted.service, adopted.source_id)
            await self._caller.ask(self._agenda.stub.GetItem, agenda_pb2.GetItemRequest(agenda_id=str(agenda_id)), call=call)
