"""What a proposal is made of, on the wire."""

from madang.proposals.v1 import proposal_pb2
from services.kit.ids import id_or_none, id_text
from services.kit.wire import EnumWire, day_or_refused, day_to_wire, text_from_wire, text_to_wire, time_from_wire, time_to_wire
from services.proposals.domain.parts import (
    Answer,
    CaseKind,
    Channel,
    Extension,
    FlagStatus,
    InterimReply,
    Resolution,
    RoutingDecision,
    Status,
)

STATUSES = EnumWire(proposal_pb2.ProposalStatus, Status)
CHANNELS = EnumWire(proposal_pb2.Channel, Channel)
CASE_KINDS = EnumWire(proposal_pb2.CaseKind, CaseKind)
RESOLUTIONS = EnumWire(proposal_pb2.ResolutionCode, Resolution)
FLAGS = EnumWire(proposal_pb2.FlagStatus, FlagStatus)


def answer_to_wire(answer: Answer | None) -> proposal_pb2.Answer | None:
    """An answer as the wire has it; none stays absent."""
    if answer is None:
        return None
    return proposal_pb2.Answer(
        text=text_to_wire(answer.text), department=answer.department, answered_at=time_to_wire(answer.answered_at),
        knowledge_id=id_text(answer.knowledge_id), satisfaction=answer.satisfaction or 0,
    )  # fmt: skip


def answer_from_wire(message: proposal_pb2.Answer) -> Answer:
    """An answer from the wire."""
    return Answer(
        text_from_wire(message.text), message.department, time_from_wire(message.answered_at, "answered_at"),
        id_or_none(message.knowledge_id, "knowledge_id"), message.satisfaction or None,
    )  # fmt: skip


def routing_to_wire(decision: RoutingDecision) -> proposal_pb2.RoutingDecision:
    """A step of its way as the wire has it."""
    return proposal_pb2.RoutingDecision(
        from_department=decision.from_department, to_department=decision.to_department, reason=decision.reason,
        decided_by=decision.decided_by, decided_at=time_to_wire(decision.decided_at), meeting_id=id_text(decision.meeting_id),
    )  # fmt: skip


def routing_from_wire(message: proposal_pb2.RoutingDecision) -> RoutingDecision:
    """A step of its way from the wire."""
    return RoutingDecision(
        message.from_department, message.to_department, message.reason, message.decided_by,
        time_from_wire(message.decided_at, "decided_at"), id_or_none(message.meeting_id, "meeting_id"),
    )  # fmt: skip


def extension_to_wire(extension: Extension) -> proposal_pb2.Extension:
    """More time as the wire has it."""
    return proposal_pb2.Extension(
        reason=extension.reason, days=extension.days, due_on=day_to_wire(extension.due_on), extended_at=time_to_wire(extension.extended_at)
    )


def extension_from_wire(message: proposal_pb2.Extension) -> Extension:
    """More time from the wire."""
    return Extension(
        message.reason, message.days, day_or_refused(message.due_on, "due_on"), time_from_wire(message.extended_at, "extended_at")
    )


def interim_to_wire(reply: InterimReply) -> proposal_pb2.InterimReply:
    """An interim reply as the wire has it."""
    return proposal_pb2.InterimReply(text=text_to_wire(reply.text), department=reply.department, replied_at=time_to_wire(reply.replied_at))


def interim_from_wire(message: proposal_pb2.InterimReply) -> InterimReply:
    """An interim reply from the wire."""
    return InterimReply(text_from_wire(message.text), message.department, time_from_wire(message.replied_at, "replied_at"))
