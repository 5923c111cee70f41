"""Methods on proposals."""

from typing import Any

from madang.proposals.v1 import proposals_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none, new_id
from services.kit.wire import OUTCOMES, target_from_wire, text_from_wire, written_to_wire
from services.proposals.rpc.parts import Methods
from services.proposals.wire import parts
from services.proposals.wire import proposal as wire


class ProposalMethods(Methods):
    """Proposals."""

    async def SubmitProposal(self, request: pb.SubmitProposalRequest, context: Any) -> pb.SubmitProposalResponse:
        proposal = wire.submitted_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.proposals.submit(call_of(context), proposal)
        return pb.SubmitProposalResponse(written=written_to_wire(written))

    async def TriageProposal(self, request: pb.TriageProposalRequest, context: Any) -> pb.TriageProposalResponse:
        case_kind = parts.CASE_KINDS.from_wire(request.case_kind, "case_kind")
        written = await self._parts.proposals.triage(call_of(context), target_from_wire(request, "proposal_id"), case_kind)
        return pb.TriageProposalResponse(written=written_to_wire(written))

    async def AssignProposal(self, request: pb.AssignProposalRequest, context: Any) -> pb.AssignProposalResponse:
        written = await self._parts.proposals.assign(
            call_of(context), target_from_wire(request, "proposal_id"), request.department, request.reason
        )
        return pb.AssignProposalResponse(written=written_to_wire(written))

    async def StartProposal(self, request: pb.StartProposalRequest, context: Any) -> pb.StartProposalResponse:
        written = await self._parts.proposals.start(call_of(context), target_from_wire(request, "proposal_id"))
        return pb.StartProposalResponse(written=written_to_wire(written))

    async def AnswerProposal(self, request: pb.AnswerProposalRequest, context: Any) -> pb.AnswerProposalResponse:
        text, knowledge_id = text_from_wire(request.text), id_or_none(request.knowledge_id, "knowledge_id")
        target = target_from_wire(request, "proposal_id")
        written = await self._parts.proposals.answer(call_of(context), target, text, request.department, knowledge_id)
        return pb.AnswerProposalResponse(written=written_to_wire(written))

    async def CloseProposal(self, request: pb.CloseProposalRequest, context: Any) -> pb.CloseProposalResponse:
        resolution = parts.RESOLUTIONS.from_wire(request.resolution_code, "resolution_code")
        written = await self._parts.proposals.close(call_of(context), target_from_wire(request, "proposal_id"), resolution)
        return pb.CloseProposalResponse(written=written_to_wire(written))

    async def FollowUpProposal(self, request: pb.FollowUpProposalRequest, context: Any) -> pb.FollowUpProposalResponse:
        written = await self._parts.proposals.follow_up(
            call_of(context), target_from_wire(request, "proposal_id"), text_from_wire(request.text)
        )
        return pb.FollowUpProposalResponse(written=written_to_wire(written))

    async def ImportProposal(self, request: pb.ImportProposalRequest, context: Any) -> pb.ImportProposalResponse:
        written, outcome = await self._parts.proposals.recall(call_of(context), wire.history_from_wire(request))
        return pb.ImportProposalResponse(written=written_to_wire(written), outcome=OUTCOMES.to_wire(outcome))

    async def GetProposal(self, request: pb.GetProposalRequest, context: Any) -> pb.GetProposalResponse:
        proposal, written = await self._parts.queries.proposal(id_from(request.proposal_id, "proposal_id"))
        return pb.GetProposalResponse(proposal=wire.proposal_to_wire(proposal), written=written_to_wire(written))

    async def ListProposals(self, request: pb.ListProposalsRequest, context: Any) -> pb.ListProposalsResponse:
        proposals, token = await self._parts.queries.proposals(wire.listing_from_wire(request))
        return pb.ListProposalsResponse(proposals=map(wire.proposal_to_wire, proposals), next_page_token=token)

    async def GetProposalHistory(self, request: pb.GetProposalHistoryRequest, context: Any) -> pb.GetProposalHistoryResponse:
        proposal_id = id_from(request.proposal_id, "proposal_id")
        await self._parts.queries.proposal(proposal_id)
        return pb.GetProposalHistoryResponse(steps=await self._parts.facts.history(proposal_id))
