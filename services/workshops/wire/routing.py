"""The routing rule's versions on the wire."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import routing_messages_pb2 as pb
from madang.workshops.v1 import routing_rule_pb2
from services.kit.errors import invalid
from services.kit.wire import EnumWire, fact_to_wire, time_from_wire, time_or_none, time_to_wire
from services.workshops import events
from services.workshops.domain.routing import OwnerType, RoutingChange, RoutingRule, RuleStatus, Situation
from services.workshops.wire.innovation import OWNER_TYPES

SITUATIONS = EnumWire(routing_rule_pb2.RoutingSituation, Situation)
STATUSES = EnumWire(routing_rule_pb2.RoutingRuleStatus, RuleStatus)
FACTS: dict[type[Any], type[Any]] = {
    events.RoutingRuleProposed: events_pb.RoutingRuleProposed,
    events.RoutingRuleTried: events_pb.RoutingRuleTried,
    events.RoutingRuleActivated: events_pb.RoutingRuleActivated,
    events.RoutingRuleRetired: events_pb.RoutingRuleRetired,
}


def event_of(fact: events.WorkshopsFact, after: RoutingRule) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], rule_to_wire(after))


def rule_to_wire(rule: RoutingRule) -> routing_rule_pb2.RoutingRule:
    """The public state of a version, which is all of it."""
    owners = [
        routing_rule_pb2.SituationOwner(situation=SITUATIONS.to_wire(situation), owner_type=OWNER_TYPES.to_wire(rule.owners[situation]))
        for situation in Situation
    ]
    return routing_rule_pb2.RoutingRule(
        rule_id=str(rule.id), version=rule.version, status=STATUSES.to_wire(rule.status), owners=owners, reason=rule.reason,
        proposed_at=time_to_wire(rule.proposed_at), tried_at=time_to_wire(rule.tried_at), tried_against=rule.tried_against,
        would_change=rule.would_change, activated_at=time_to_wire(rule.activated_at), retired_at=time_to_wire(rule.retired_at),
    )  # fmt: skip


def rule_from_wire(message: routing_rule_pb2.RoutingRule) -> RoutingRule:
    """The state as the domain has it."""
    return RoutingRule(
        UUID(message.rule_id), message.version, STATUSES.from_wire(message.status, "status"), owners_from_wire(message), message.reason,
        time_from_wire(message.proposed_at, "proposed_at"), time_or_none(message.tried_at, "tried_at"), message.tried_against,
        message.would_change, time_or_none(message.activated_at, "activated_at"), time_or_none(message.retired_at, "retired_at"),
    )  # fmt: skip


def owners_from_wire(message: Any) -> Mapping[Situation, OwnerType]:
    """The owner of each situation; refused with DUPLICATE_ITEM where one is named twice."""
    owners: dict[Situation, OwnerType] = {}
    for index, item in enumerate(message.owners):
        situation = SITUATIONS.from_wire(item.situation, f"owners[{index}].situation")
        if situation in owners:
            raise invalid("DUPLICATE_ITEM", f"{situation} has two owners", f"owners[{index}].situation")
        owners[situation] = OWNER_TYPES.from_wire(item.owner_type, f"owners[{index}].owner_type")
    return owners


def change_to_wire(change: RoutingChange) -> routing_rule_pb2.RoutingChange:
    """What a version would make of one innovation agenda."""
    return routing_rule_pb2.RoutingChange(
        innovation_id=str(change.innovation_id), title=change.title, owner_now=change.owner_now, owner_then=change.owner_then,
        reason=SITUATIONS.to_wire(change.reason),
    )  # fmt: skip


def status_from_wire(request: pb.ListRoutingRulesRequest) -> RuleStatus | None:
    """Which versions are asked for."""
    return STATUSES.optional(request.status, "status")
