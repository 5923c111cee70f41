"""The knowledge base on the wire."""

from datetime import datetime
from uuid import UUID

from madang.proposals.v1 import knowledge_pb2 as pb
from services.kit.ids import id_or_none, id_text
from services.kit.text import one_line
from services.kit.wire import EnumWire, text_from_wire, text_to_wire, time_from_wire, time_to_wire
from services.proposals.domain import service_codes
from services.proposals.domain.knowledge import KnowledgeEntry, KnowledgeStatus
from services.proposals.queries.proposal import Suggestion

STATUSES = EnumWire(pb.KnowledgeStatus, KnowledgeStatus)


def entry_to_wire(entry: KnowledgeEntry) -> pb.KnowledgeEntry:
    """An entry as the wire has it."""
    return pb.KnowledgeEntry(
        knowledge_id=str(entry.id), status=STATUSES.to_wire(entry.status), question=entry.question, answer=text_to_wire(entry.answer),
        service_code=entry.service_code, department=entry.department, proposal_id=id_text(entry.proposal_id),
        drafted_at=time_to_wire(entry.drafted_at), retired_reason=entry.retired_reason,
    )  # fmt: skip


def entry_from_wire(message: pb.KnowledgeEntry) -> KnowledgeEntry:
    """An entry from the wire."""
    return KnowledgeEntry(
        UUID(message.knowledge_id), STATUSES.from_wire(message.status, "status"), message.question, text_from_wire(message.answer),
        message.service_code, message.department, time_from_wire(message.drafted_at, "drafted_at"),
        id_or_none(message.proposal_id, "proposal_id"), message.retired_reason,
    )  # fmt: skip


def drafted_from_wire(request: pb.DraftKnowledgeRequest, identity: UUID, now: datetime) -> KnowledgeEntry:
    """A new entry."""
    return KnowledgeEntry(
        identity, KnowledgeStatus.DRAFT, one_line(request.question), text_from_wire(request.answer),
        service_codes.known(request.service_code), request.department, now, id_or_none(request.proposal_id, "proposal_id"),
    )  # fmt: skip


def suggestion_to_wire(suggestion: Suggestion) -> pb.SuggestedAnswer:
    """A suggestion as the wire has it."""
    return pb.SuggestedAnswer(
        knowledge_id=id_text(suggestion.knowledge_id), proposal_id=id_text(suggestion.proposal_id), question=suggestion.question,
        answer=text_to_wire(suggestion.answer), score=suggestion.score,
    )  # fmt: skip
