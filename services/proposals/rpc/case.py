"""Methods on one case after it was taken in."""

from typing import Any

from madang.proposals.v1 import case_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import page_from_wire, target_from_wire, text_from_wire, written_to_wire
from services.proposals.rpc.parts import Methods
from services.proposals.wire.case import flag_to_wire, similar_to_wire
from services.proposals.wire.parts import FLAGS


class CaseMethods(Methods):
    """Cases."""

    async def ReferProposal(self, request: pb.ReferProposalRequest, context: Any) -> pb.ReferProposalResponse:
        written = await self._parts.proposals.refer(call_of(context), target_from_wire(request, "proposal_id"), request.reason)
        return pb.ReferProposalResponse(written=written_to_wire(written))

    async def RefuseAssignment(self, request: pb.RefuseAssignmentRequest, context: Any) -> pb.RefuseAssignmentResponse:
        written = await self._parts.proposals.refuse(call_of(context), target_from_wire(request, "proposal_id"), request.reason)
        return pb.RefuseAssignmentResponse(written=written_to_wire(written))

    async def ExtendProposal(self, request: pb.ExtendProposalRequest, context: Any) -> pb.ExtendProposalResponse:
        target = target_from_wire(request, "proposal_id")
        written = await self._parts.proposals.extend(call_of(context), target, request.days, request.reason)
        return pb.ExtendProposalResponse(written=written_to_wire(written))

    async def ReplyInterim(self, request: pb.ReplyInterimRequest, context: Any) -> pb.ReplyInterimResponse:
        target, text = target_from_wire(request, "proposal_id"), text_from_wire(request.text)
        written = await self._parts.proposals.reply_interim(call_of(context), target, text, request.department)
        return pb.ReplyInterimResponse(written=written_to_wire(written))

    async def TransferProposal(self, request: pb.TransferProposalRequest, context: Any) -> pb.TransferProposalResponse:
        target = target_from_wire(request, "proposal_id")
        written = await self._parts.proposals.transfer(call_of(context), target, request.body, request.reason)
        return pb.TransferProposalResponse(written=written_to_wire(written))

    async def WithdrawProposal(self, request: pb.WithdrawProposalRequest, context: Any) -> pb.WithdrawProposalResponse:
        written = await self._parts.proposals.withdraw(call_of(context), target_from_wire(request, "proposal_id"), request.reason)
        return pb.WithdrawProposalResponse(written=written_to_wire(written))

    async def MergeProposal(self, request: pb.MergeProposalRequest, context: Any) -> pb.MergeProposalResponse:
        into = id_from(request.into, "into")
        written = await self._parts.together.merge(call_of(context), target_from_wire(request, "proposal_id"), into, request.reason)
        return pb.MergeProposalResponse(written=written_to_wire(written))

    async def SupportProposal(self, request: pb.SupportProposalRequest, context: Any) -> pb.SupportProposalResponse:
        written = await self._parts.together.support(call_of(context), target_from_wire(request, "proposal_id"), request.supporter_ref)
        return pb.SupportProposalResponse(written=written_to_wire(written))

    async def RateAnswer(self, request: pb.RateAnswerRequest, context: Any) -> pb.RateAnswerResponse:
        written = await self._parts.proposals.rate(call_of(context), target_from_wire(request, "proposal_id"), request.satisfaction)
        return pb.RateAnswerResponse(written=written_to_wire(written))

    async def FlagAbuse(self, request: pb.FlagAbuseRequest, context: Any) -> pb.FlagAbuseResponse:
        written = await self._parts.proposals.flag_abuse(call_of(context), target_from_wire(request, "proposal_id"), request.reason)
        return pb.FlagAbuseResponse(written=written_to_wire(written))

    async def AppealFlag(self, request: pb.AppealFlagRequest, context: Any) -> pb.AppealFlagResponse:
        written = await self._parts.proposals.appeal(call_of(context), target_from_wire(request, "proposal_id"), request.reason)
        return pb.AppealFlagResponse(written=written_to_wire(written))

    async def DecideAppeal(self, request: pb.DecideAppealRequest, context: Any) -> pb.DecideAppealResponse:
        decision = FLAGS.from_wire(request.decision, "decision")
        target = target_from_wire(request, "proposal_id")
        written = await self._parts.proposals.decide_appeal(call_of(context), target, decision, request.reason)
        return pb.DecideAppealResponse(written=written_to_wire(written))

    async def ListAbuseFlags(self, request: pb.ListAbuseFlagsRequest, context: Any) -> pb.ListAbuseFlagsResponse:
        page, status = page_from_wire(request), FLAGS.optional(request.status, "status")
        proposals, token = await self._parts.queries.flagged(page, status)
        return pb.ListAbuseFlagsResponse(flags=map(flag_to_wire, proposals), next_page_token=token)

    async def ListSimilar(self, request: pb.ListSimilarRequest, context: Any) -> pb.ListSimilarResponse:
        found = await self._parts.queries.similar(id_from(request.proposal_id, "proposal_id"))
        return pb.ListSimilarResponse(proposals=[similar_to_wire(proposal, score) for proposal, score in found])
