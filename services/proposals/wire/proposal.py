"""Proposals on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import proposal_pb2, proposals_pb2
from services.kit.ids import derived_id, id_from
from services.kit.queries import Page
from services.kit.text import one_line
from services.kit.wire import (
    FIELDS,
    GROUPS,
    EnumWire,
    day_from_wire,
    day_to_wire,
    district_from_wire,
    fact_to_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.kit.write import Target
from services.proposals import events
from services.proposals.domain.proposal import Answer, CaseKind, Channel, Proposal, Resolution, Status
from services.proposals.queries import Listing
from services.proposals.service.proposal import History

STATUSES = EnumWire(proposal_pb2.ProposalStatus, Status)
CHANNELS = EnumWire(proposal_pb2.Channel, Channel)
CASE_KINDS = EnumWire(proposal_pb2.CaseKind, CaseKind)
RESOLUTIONS = EnumWire(proposal_pb2.ResolutionCode, Resolution)
FACTS = {
    events.ProposalReceived: events_pb.ProposalReceived,
    events.ProposalTriaged: events_pb.ProposalTriaged,
    events.ProposalRouted: events_pb.ProposalRouted,
    events.ProposalStarted: events_pb.ProposalStarted,
    events.ProposalAnswered: events_pb.ProposalAnswered,
    events.ProposalClosed: events_pb.ProposalClosed,
    events.FollowUpReceived: events_pb.FollowUpReceived,
    events.ProposalHistoryRecorded: events_pb.ProposalHistoryRecorded,
    events.DeadlineMissed: events_pb.DeadlineMissed,
}


def event_of(fact: events.ProposalFact, after: Proposal) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], proposal_to_wire(after))


def proposal_to_wire(proposal: Proposal) -> proposal_pb2.Proposal:
    """The public state of a proposal: everything but the person."""
    return proposal_pb2.Proposal(
        proposal_id=str(proposal.id), status=STATUSES.to_wire(proposal.status), channel=CHANNELS.to_wire(proposal.channel),
        case_kind=CASE_KINDS.to_wire(proposal.case_kind), service_code=proposal.service_code, title=proposal.title,
        description=text_to_wire(proposal.description), represented_groups=map(GROUPS.to_wire, proposal.represented_groups),
        themes=proposal.themes, innovation_field=FIELDS.to_wire(proposal.innovation_field), district_code=proposal.district_code or "",
        supports=proposal.supports, requested_at=time_to_wire(proposal.requested_at), department=proposal.department or "",
        due_on=day_to_wire(proposal.due_on), answer=answer_to_wire(proposal.answer), follow_up=text_to_wire(proposal.follow_up),
        resolution_code=RESOLUTIONS.to_wire(proposal.resolution), overdue=proposal.overdue, origin=proposal.origin,
    )  # fmt: skip


def proposal_from_wire(message: proposal_pb2.Proposal) -> Proposal:
    """The public state as the domain has it."""
    return Proposal(
        id=UUID(message.proposal_id), status=STATUSES.from_wire(message.status, "status"),
        channel=CHANNELS.from_wire(message.channel, "channel"), case_kind=CASE_KINDS.optional(message.case_kind, "case_kind"),
        service_code=message.service_code, title=message.title, description=text_from_wire(message.description),
        represented_groups=GROUPS.many(message.represented_groups, "represented_groups"), themes=tuple(message.themes),
        innovation_field=FIELDS.optional(message.innovation_field, "innovation_field"),
        district_code=district_from_wire(message.district_code, "district_code"), supports=message.supports,
        requested_at=time_from_wire(message.requested_at, "requested_at"), department=message.department or None,
        due_on=day_from_wire(message.due_on, "due_on"), answer=answer_from_wire(message.answer) if message.HasField("answer") else None,
        follow_up=text_or_none(message.follow_up), resolution=RESOLUTIONS.optional(message.resolution_code, "resolution_code"),
        overdue=message.overdue, origin=message.origin,
    )  # fmt: skip


def answer_to_wire(answer: Answer | None) -> proposal_pb2.Answer | None:
    """An answer as the wire has it; none stays absent."""
    if answer is None:
        return None
    return proposal_pb2.Answer(text=text_to_wire(answer.text), department=answer.department, answered_at=time_to_wire(answer.answered_at))


def answer_from_wire(message: proposal_pb2.Answer) -> Answer:
    """An answer from the wire."""
    return Answer(text_from_wire(message.text), message.department, time_from_wire(message.answered_at, "answered_at"))


def target_from_wire(request: Any) -> Target:
    """The proposal that a command means."""
    return Target(id_from(request.proposal_id, "proposal_id"), request.etag)


def submitted_from_wire(request: proposals_pb2.SubmitProposalRequest, identity: UUID, now: datetime) -> Proposal:
    """A new proposal."""
    return Proposal(
        id=identity, status=Status.RECEIVED, channel=CHANNELS.from_wire(request.channel, "channel"), title=one_line(request.title),
        description=text_from_wire(request.description), requested_at=time_or_none(request.requested_at, "requested_at") or now,
        service_code=request.service_code or "proposal", represented_groups=GROUPS.many(request.represented_groups, "represented_groups"),
        themes=tuple(request.themes), innovation_field=FIELDS.optional(request.innovation_field, "innovation_field"),
        district_code=district_from_wire(request.district_code, "district_code"), origin=request.origin, proposer_ref=request.proposer_ref,
    )  # fmt: skip


def history_from_wire(request: proposals_pb2.ImportProposalRequest) -> History:
    """A proposal of history; its id derives from its origin, so that the same row is the same proposal for ever."""
    requested_at = time_from_wire(request.requested_at, "requested_at")
    proposal = Proposal(
        id=derived_id("proposal", request.origin), status=Status.RECEIVED, channel=CHANNELS.from_wire(request.channel, "channel"),
        title=request.title, description=text_from_wire(request.description), requested_at=requested_at,
        case_kind=CASE_KINDS.optional(request.case_kind, "case_kind"), themes=tuple(request.themes), supports=request.supports,
        due_on=day_from_wire(request.due_on, "due_on"), origin=request.origin,
    )  # fmt: skip
    return History(
        proposal,
        STATUSES.optional(request.status, "status") or Status.RECEIVED,
        RESOLUTIONS.optional(request.resolution_code, "resolution_code"),
        time_or_none(request.status_at, "status_at") or requested_at,
    )


def listing_from_wire(request: proposals_pb2.ListProposalsRequest) -> Listing:
    """Which proposals are asked for."""
    page = Page(request.page_size, request.page_token)
    return Listing(page, STATUSES.optional(request.status, "status"), request.department or None)
