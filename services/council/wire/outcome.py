"""Resolutions and action items on the wire."""

from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.council.v1 import action_item_pb2, resolution_pb2
from madang.council.v1 import outcome_messages_pb2 as pb
from madang.events.council.v1 import council_pb2 as events_pb
from services.council import events
from services.council.domain.meeting import Sitting
from services.council.domain.outcome import ActionItem, ActionStatus, CityReply, Resolution, ResolutionKind, ResolutionStatus
from services.council.queries.outcome import ActionListing, CityReplies, ResolutionListing
from services.council.wire.meeting import sitting_from_wire
from services.kit.ids import id_or_none, id_text
from services.kit.wire import (
    EnumWire,
    day_from_wire,
    day_or_refused,
    day_to_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)

KINDS = EnumWire(resolution_pb2.ResolutionKind, ResolutionKind)
STATUSES = EnumWire(resolution_pb2.ResolutionStatus, ResolutionStatus)
ACTION_STATUSES = EnumWire(action_item_pb2.ActionStatus, ActionStatus)
RESOLUTION_FACTS: dict[type[Any], type[Any]] = {
    events.ResolutionAdopted: events_pb.ResolutionAdopted,
    events.ResolutionReplied: events_pb.ResolutionReplied,
    events.CityReplyMissed: events_pb.CityReplyMissed,
}
ACTION_FACTS: dict[type[Any], type[Any]] = {
    events.ActionItemOpened: events_pb.ActionItemOpened,
    events.ActionItemDone: events_pb.ActionItemDone,
    events.ActionItemStarted: events_pb.ActionItemStarted,
    events.ActionItemCarried: events_pb.ActionItemCarried,
    events.ActionItemDue: events_pb.ActionItemDue,
}


def resolution_event_of(fact: events.ResolutionFact, after: Resolution) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, RESOLUTION_FACTS[type(fact)], resolution_to_wire(after))


def action_event_of(fact: events.ActionFact, after: ActionItem) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, ACTION_FACTS[type(fact)], action_to_wire(after))


def resolution_to_wire(resolution: Resolution, *, whole: bool = False) -> resolution_pb2.Resolution:
    """The public state of a resolution; with `whole` also the words of one whose item is not public, and of the reply to it."""
    sitting, shown = resolution.sitting, resolution.public or whole
    return resolution_pb2.Resolution(
        resolution_id=str(resolution.id), meeting_id=str(sitting.meeting_id), council_id=str(sitting.council_id),
        item_id=id_text(resolution.item_id), kind=KINDS.to_wire(resolution.kind),
        text=text_to_wire(resolution.text if shown else None), public=resolution.public, adopted_at=time_to_wire(sitting.start),
        meeting_name=sitting.meeting_name, council_name=sitting.council_name, status=STATUSES.to_wire(resolution.status),
        matters=map(str, resolution.matters), reply_due_on=day_to_wire(resolution.reply_due_on), reply_late=resolution.reply_late,
        reply=_reply_to_wire(resolution.reply, shown=shown),
    )  # fmt: skip


def resolution_from_wire(message: resolution_pb2.Resolution) -> Resolution:
    """The public state as the domain has it."""
    return Resolution(
        UUID(message.resolution_id), sitting_from_wire(message, "adopted_at"), id_or_none(message.item_id, "item_id"),
        KINDS.from_wire(message.kind, "kind"), text_from_wire(message.text), message.public, tuple(map(UUID, message.matters)),
        STATUSES.from_wire(message.status, "status"), day_from_wire(message.reply_due_on, "reply_due_on"), message.reply_late,
        _reply_from_wire(message.reply) if message.HasField("reply") else None,
    )  # fmt: skip


def _reply_to_wire(reply: CityReply | None, *, shown: bool) -> resolution_pb2.CityReply | None:
    if reply is None:
        return None
    return resolution_pb2.CityReply(
        text=text_to_wire(reply.text if shown else None), department=reply.department, replied_at=time_to_wire(reply.replied_at)
    )


def _reply_from_wire(message: resolution_pb2.CityReply) -> CityReply:
    return CityReply(text_from_wire(message.text), message.department, time_from_wire(message.replied_at, "replied_at"))


def action_to_wire(action: ActionItem, *, whole: bool = False) -> action_item_pb2.ActionItem:
    """The public state of an action item; with `whole` also the task of one whose item is not public."""
    sitting, shown = action.sitting, action.public or whole
    return action_item_pb2.ActionItem(
        action_id=str(action.id), meeting_id=str(sitting.meeting_id), council_id=str(sitting.council_id),
        item_id=str(action.item_id or ""), task=text_to_wire(action.task if shown else None), public=action.public,
        department=action.department, due_on=day_to_wire(action.due_on), status=ACTION_STATUSES.to_wire(action.status),
        done_at=time_to_wire(action.done_at), raised_at=time_to_wire(sitting.start), meeting_name=sitting.meeting_name,
        council_name=sitting.council_name, overdue=action.overdue, carried=action.carried, carried_to=id_text(action.carried_to),
    )  # fmt: skip


def action_from_wire(message: action_item_pb2.ActionItem) -> ActionItem:
    """The public state as the domain has it."""
    return ActionItem(
        UUID(message.action_id), sitting_from_wire(message, "raised_at"), id_or_none(message.item_id, "item_id"),
        text_from_wire(message.task), message.public, message.department, day_or_refused(message.due_on, "due_on"),
        ACTION_STATUSES.from_wire(message.status, "status"), time_or_none(message.done_at, "done_at"), message.overdue, message.carried,
        id_or_none(message.carried_to, "carried_to"),
    )  # fmt: skip


def adopted_from_wire(request: pb.AdoptResolutionRequest, identity: UUID, sitting: Sitting, public: bool) -> Resolution:
    """A new resolution of a meeting."""
    kind = KINDS.from_wire(request.kind, "kind")
    return Resolution(identity, sitting, id_or_none(request.item_id, "item_id"), kind, text_from_wire(request.text), public)


def opened_from_wire(request: pb.OpenActionItemRequest, identity: UUID, sitting: Sitting, public: bool) -> ActionItem:
    """A new action item of a meeting."""
    item_id, due_on = id_or_none(request.item_id, "item_id"), day_or_refused(request.due_on, "due_on")
    return ActionItem(identity, sitting, item_id, text_from_wire(request.task), public, request.department, due_on)


def resolutions_from_wire(request: pb.ListResolutionsRequest) -> ResolutionListing:
    """Which resolutions are asked for."""
    meeting_id, council_id = id_or_none(request.meeting_id, "meeting_id"), id_or_none(request.council_id, "council_id")
    status = ResolutionStatus.CITY_REPLY_DUE if request.awaiting_reply else STATUSES.optional(request.status, "status")
    return ResolutionListing(meeting_id, council_id, KINDS.optional(request.kind, "kind"), status, request.late, page_from_wire(request))


def actions_from_wire(request: pb.ListActionItemsRequest) -> ActionListing:
    """Which action items are asked for."""
    return ActionListing(
        id_or_none(request.meeting_id, "meeting_id"), id_or_none(request.council_id, "council_id"), request.department or None,
        ACTION_STATUSES.optional(request.status, "status"), request.overdue, page_from_wire(request),
    )  # fmt: skip


def city_replies_to_wire(replies: CityReplies) -> pb.GetCityRepliesResponse:
    """How the city deals with policy proposals; every number names the list behind it."""
    figures = {
        "adopted": (replies.adopted, ""),
        "awaiting": (replies.awaiting, " --awaiting-reply"),
        "replied": (replies.replied, " --status replied"),
        "late": (replies.late, " --late"),
    }
    return pb.GetCityRepliesResponse(
        figures=[pb.ReplyFigure(name=name, count=count, opens=f"--kind policy_proposal{more}") for name, (count, more) in figures.items()],
        median_days=replies.median_days,
    )
