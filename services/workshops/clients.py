"""What the workshops service asks of others."""

import asyncio
from uuid import UUID

import grpc

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.council.v1 import council_service_pb2_grpc, item_messages_pb2, outcome_messages_pb2
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
        council: Peer[council_service_pb2_grpc.CouncilServiceStub],
        agenda: Peer[agenda_pb2_grpc.AgendaServiceStub],
    ) -> None:
        self._caller, self._proposals, self._council, self._agenda = caller, proposals, council, agenda

    async def check(self, call: Call, adopted: Adopted) -> None:
        """Ask whether it is there: a proposal or resolution its own service, everything else the agenda, where each source is an item.

        Waits up to three seconds for what the agenda may be about to learn.

        Raises:
            Refused: SOURCE_UNKNOWN where it is not.
            grpc.aio.AioRpcError: where nobody answers; the error mapper passes it on.
        """
        if not await self._appears(call, adopted):
            raise wrong_state("SOURCE_UNKNOWN", f"{adopted.service} has no {adopted.source_id} to adopt from", "adopted_from.source_id")
        if adopted.resolution_id and not await self._is_resolved(call, adopted.source_id, adopted.resolution_id):
            message = f"there is no resolution {adopted.resolution_id} on this agenda item"
            raise wrong_state("SOURCE_UNKNOWN", message, "adopted_from.resolution_id")

    async def _appears(self, call: Call, adopted: Adopted) -> bool:
        tries = 1 if adopted.service is AdoptedService.PROPOSALS else TRIES
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            if await self._is_there(call, adopted):
                return True
        return False

    async def _is_resolved(self, call: Call, item_id: UUID, resolution_id: UUID) -> bool:
        """Whether the resolution is among those of the item's meeting, and was made on that item."""
        council, item = self._council.stub, item_messages_pb2.GetAgendaItemRequest(item_id=str(item_id))
        meeting_id = (await self._caller.ask(council.GetAgendaItem, item, call=call)).item.meeting_id
        request = outcome_messages_pb2.ListResolutionsRequest(meeting_id=meeting_id, page_size=500)
        found = (await self._caller.ask(council.ListResolutions, request, call=call)).resolutions
        return any((one.resolution_id, one.item_id) == (str(resolution_id), str(item_id)) for one in found)

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
