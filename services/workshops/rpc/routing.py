"""Methods on the routing rule."""

from typing import Any

from madang.workshops.v1 import routing_messages_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, id_or_none, new_id
from services.kit.wire import page_from_wire, target_from_wire, written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import routing as wire


class RoutingMethods(Methods):
    """The routing rule."""

    async def ProposeRoutingRule(self, request: pb.ProposeRoutingRuleRequest, context: Any) -> pb.ProposeRoutingRuleResponse:
        written = await self._parts.rules.propose(call_of(context), new_id(), wire.owners_from_wire(request), request.reason)
        return pb.ProposeRoutingRuleResponse(written=written_to_wire(written))

    async def TryRoutingRule(self, request: pb.TryRoutingRuleRequest, context: Any) -> pb.TryRoutingRuleResponse:
        written, trial = await self._parts.rules.try_out(call_of(context), target_from_wire(request, "rule_id"))
        return pb.TryRoutingRuleResponse(
            written=written_to_wire(written), changes=map(wire.change_to_wire, trial.changes), would_change=trial.would_change
        )

    async def ActivateRoutingRule(self, request: pb.ActivateRoutingRuleRequest, context: Any) -> pb.ActivateRoutingRuleResponse:
        written = await self._parts.rules.activate(call_of(context), target_from_wire(request, "rule_id"))
        return pb.ActivateRoutingRuleResponse(written=written_to_wire(written))

    async def GetRoutingRule(self, request: pb.GetRoutingRuleRequest, context: Any) -> pb.GetRoutingRuleResponse:
        rule, written = await self._parts.queries.routing_rule(id_from(request.rule_id, "rule_id"))
        return pb.GetRoutingRuleResponse(rule=wire.rule_to_wire(rule), written=written_to_wire(written))

    async def ListRoutingRules(self, request: pb.ListRoutingRulesRequest, context: Any) -> pb.ListRoutingRulesResponse:
        rules, token = await self._parts.queries.routing_rules(wire.status_from_wire(request), page_from_wire(request))
        return pb.ListRoutingRulesResponse(rules=map(wire.rule_to_wire, rules), next_page_token=token)

    async def ListRoutingChanges(self, request: pb.ListRoutingChangesRequest, context: Any) -> pb.ListRoutingChangesResponse:
        rule_id = id_or_none(request.rule_id, "rule_id")
        changes, token = await self._parts.queries.routing_changes(rule_id, page_from_wire(request))
        return pb.ListRoutingChangesResponse(changes=map(wire.change_to_wire, changes), next_page_token=token)
