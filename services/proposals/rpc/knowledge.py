"""Methods on the knowledge base."""

from typing import Any

from madang.proposals.v1 import knowledge_pb2 as pb
from services.kit.actor import call_of
from services.kit.errors import invalid
from services.kit.ids import id_or_none, new_id
from services.kit.wire import page_from_wire, target_from_wire, written_to_wire
from services.proposals.domain import service_codes
from services.proposals.rpc.parts import Methods
from services.proposals.wire import knowledge as wire


class KnowledgeMethods(Methods):
    """Entries and suggestions."""

    async def DraftKnowledge(self, request: pb.DraftKnowledgeRequest, context: Any) -> pb.DraftKnowledgeResponse:
        entry = wire.drafted_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.knowledge.draft(call_of(context), entry)
        return pb.DraftKnowledgeResponse(written=written_to_wire(written))

    async def ConfirmKnowledge(self, request: pb.ConfirmKnowledgeRequest, context: Any) -> pb.ConfirmKnowledgeResponse:
        written = await self._parts.knowledge.confirm(call_of(context), target_from_wire(request, "knowledge_id"))
        return pb.ConfirmKnowledgeResponse(written=written_to_wire(written))

    async def RetireKnowledge(self, request: pb.RetireKnowledgeRequest, context: Any) -> pb.RetireKnowledgeResponse:
        written = await self._parts.knowledge.retire(call_of(context), target_from_wire(request, "knowledge_id"), request.reason)
        return pb.RetireKnowledgeResponse(written=written_to_wire(written))

    async def ListKnowledge(self, request: pb.ListKnowledgeRequest, context: Any) -> pb.ListKnowledgeResponse:
        page, status = page_from_wire(request), wire.STATUSES.optional(request.status, "status")
        code = service_codes.known(request.service_code) if request.service_code else None
        entries, token = await self._parts.queries.knowledge(page, status, code)
        return pb.ListKnowledgeResponse(entries=map(wire.entry_to_wire, entries), next_page_token=token)

    async def SuggestAnswers(self, request: pb.SuggestAnswersRequest, context: Any) -> pb.SuggestAnswersResponse:
        proposal_id = id_or_none(request.proposal_id, "proposal_id")
        if proposal_id is None and not request.text.strip():
            raise invalid("FIELD_REQUIRED", "a case or a text is required", "text")
        suggestions = await self._parts.queries.suggestions(proposal_id, request.text)
        return pb.SuggestAnswersResponse(suggestions=map(wire.suggestion_to_wire, suggestions))
