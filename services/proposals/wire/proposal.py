"""Proposals on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import proposal_pb2, proposals_pb2
from services.kit.ids import derived_id, id_from, id_or_none, id_text
from services.kit.text import one_line
from services.kit.wire import (
    FIELDS,
    GROUPS,
    day_from_wire,
    day_to_wire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    texts_from_wire,
    texts_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.proposals import events
from services.proposals.domain import service_codes
from services.proposals.domain.parts import AbuseFlag, Status
from services.proposals.domain.proposal import Proposal
from services.proposals.queries.proposal import MARKS, Listing
from services.proposals.service.proposal import History
from services.proposals.wire.parts import (
    CASE_KINDS,
    CHANNELS,
    FLAGS,
    RESOLUTIONS,
    STATUSES,
    answer_from_wire,
    answer_to_wire,
    extension_from_wire,
    extension_to_wire,
    interim_from_wire,
    interim_to_wire,
    routing_from_wire,
    routing_to_wire,
)

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
    events.CoordinationRequested: events_pb.CoordinationRequested,
    events.AssignmentRefused: events_pb.AssignmentRefused,
    events.DeadlineExtended: events_pb.DeadlineExtended,
    events.InterimReplied: events_pb.InterimReplied,
    events.ProposalTransferred: events_pb.ProposalTransferred,
    events.ProposalWithdrawn: events_pb.ProposalWithdrawn,
    events.ProposalMerged: events_pb.ProposalMerged,
    events.ProposalJoined: events_pb.ProposalJoined,
    events.ProposalSupported: events_pb.ProposalSupported,
    events.AnswerObliged: events_pb.AnswerObliged,
    events.AnswerRated: events_pb.AnswerRated,
    events.AbuseFlagged: events_pb.AbuseFlagged,
    events.AbuseAppealed: events_pb.AbuseAppealed,
    events.AbuseDecided: events_pb.AbuseDecided,
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
        **handled_to_wire(proposal),
    )  # fmt: skip


def handled_to_wire(proposal: Proposal) -> dict[str, Any]:
    """What the city did with it."""
    return {
        "routing": map(routing_to_wire, proposal.routing), "bounce_count": proposal.bounce_count,
        "extensions": map(extension_to_wire, proposal.extensions), "interim_replies": map(interim_to_wire, proposal.interim_replies),
        "earlier_answers": map(answer_to_wire, proposal.earlier_answers), "earlier_follow_ups": texts_to_wire(proposal.earlier_follow_ups),
        "first_answered_at": time_to_wire(proposal.first_answered_at), "at_once": proposal.at_once, "was_late": proposal.was_late,
        "merged_into": id_text(proposal.merged_into), "merged": map(str, proposal.merged), "transferred_to": proposal.transferred_to,
        "end_reason": proposal.end_reason, "obliged_until": day_to_wire(proposal.obliged_until),
        "obligation_missed": proposal.obligation_missed, "flag": FLAGS.to_wire(proposal.flag.status if proposal.flag else None),
        "flagged_at": time_to_wire(proposal.flag.flagged_at) if proposal.flag else None,
    }  # fmt: skip


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
        overdue=message.overdue, origin=message.origin, **handled_from_wire(message),
    )  # fmt: skip


def handled_from_wire(message: proposal_pb2.Proposal) -> dict[str, Any]:
    """What the city did with it; of a flag, what is public."""
    flag = FLAGS.optional(message.flag, "flag")
    return {
        "routing": tuple(map(routing_from_wire, message.routing)), "bounce_count": message.bounce_count,
        "extensions": tuple(map(extension_from_wire, message.extensions)),
        "interim_replies": tuple(map(interim_from_wire, message.interim_replies)),
        "earlier_answers": tuple(map(answer_from_wire, message.earlier_answers)),
        "earlier_follow_ups": texts_from_wire(message.earlier_follow_ups),
        "first_answered_at": time_or_none(message.first_answered_at, "first_answered_at"), "at_once": message.at_once,
        "was_late": message.was_late, "merged_into": id_or_none(message.merged_into, "merged_into"),
        "merged": tuple(id_from(merged, "merged") for merged in message.merged), "transferred_to": message.transferred_to,
        "end_reason": message.end_reason, "obliged_until": day_from_wire(message.obliged_until, "obliged_until"),
        "obligation_missed": message.obligation_missed,
        "flag": AbuseFlag(flag, "", time_from_wire(message.flagged_at, "flagged_at")) if flag else None,
    }  # fmt: skip


def submitted_from_wire(request: proposals_pb2.SubmitProposalRequest, identity: UUID, now: datetime) -> Proposal:
    """A new proposal."""
    return Proposal(
        id=identity, status=Status.RECEIVED, channel=CHANNELS.from_wire(request.channel, "channel"), title=one_line(request.title),
        description=text_from_wire(request.description), requested_at=time_or_none(request.requested_at, "requested_at") or now,
        service_code=service_codes.known(request.service_code),
        represented_groups=GROUPS.many(request.represented_groups, "represented_groups"),
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
    return Listing(
        page_from_wire(request),
        STATUSES.optional(request.status, "status"),
        request.department or None,
        CHANNELS.optional(request.channel, "channel"),
        CASE_KINDS.optional(request.case_kind, "case_kind"),
        service_codes.known(request.service_code) if request.service_code else None,
        request.received_in,
        tuple(mark for mark in MARKS if getattr(request, mark)),
    )
