"""Coordination meetings on the wire."""

from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import coordination_pb2 as pb
from services.kit.ids import id_from
from services.kit.wire import fact_to_wire, time_from_wire, time_or_none, time_to_wire
from services.proposals import events
from services.proposals.domain.coordination import CaseDecision, CoordinationMeeting

FACTS = {events.CoordinationDecided: events_pb.CoordinationDecided}


def event_of(fact: events.CoordinationDecided, after: CoordinationMeeting) -> Message:
    """The fact with the whole meeting."""
    return fact_to_wire(fact, FACTS[type(fact)], meeting_to_wire(after))


def meeting_to_wire(meeting: CoordinationMeeting) -> pb.CoordinationMeeting:
    """A meeting as the wire has it."""
    return pb.CoordinationMeeting(
        meeting_id=str(meeting.id), departments=meeting.departments, held_at=time_to_wire(meeting.held_at),
        decisions=[
            pb.CaseDecision(proposal_id=str(decision.proposal_id), department=decision.department, reason=decision.reason)
            for decision in meeting.decisions
        ],
    )  # fmt: skip


def meeting_from_wire(message: pb.CoordinationMeeting) -> CoordinationMeeting:
    """A meeting from the wire."""
    return CoordinationMeeting(
        UUID(message.meeting_id), tuple(message.departments), _decisions(message), time_from_wire(message.held_at, "held_at")
    )


def held_from_wire(request: pb.HoldCoordinationRequest, identity: UUID, now: datetime) -> CoordinationMeeting:
    """A meeting that was held."""
    held_at = time_or_none(request.held_at, "held_at") or now
    return CoordinationMeeting(identity, tuple(request.departments), _decisions(request), held_at)


def _decisions(message: pb.CoordinationMeeting | pb.HoldCoordinationRequest) -> tuple[CaseDecision, ...]:
    return tuple(
        CaseDecision(id_from(decision.proposal_id, f"decisions[{index}].proposal_id"), decision.department, decision.reason)
        for index, decision in enumerate(message.decisions)
    )
