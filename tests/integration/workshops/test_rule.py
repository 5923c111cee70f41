"""The routing rule as data: proposed, tried against what there is, put in force; from the wire to the outbox, without a broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest

from madang.workshops.v1 import innovation_agenda_pb2 as ia
from madang.workshops.v1 import routing_messages_pb2 as pb
from madang.workshops.v1 import routing_rule_pb2 as rules
from madang.workshops.v1 import workshops_pb2
from services.kit.ids import derived_id
from tests.innovations import Stub, facts, found, proposed
from tests.serving import Served, serving

FIRST = str(derived_id("workshops", "routing_rule", "1"))
OFFICER, DEPARTMENT = ia.OWNER_TYPE_SOCIAL_INNOVATION_OFFICER, ia.OWNER_TYPE_DEPARTMENT
OWNERS = {
    rules.ROUTING_SITUATION_NO_DEPARTMENT_CLEAR: OFFICER,
    rules.ROUTING_SITUATION_SEVERAL_DEPARTMENTS: OFFICER,
    rules.ROUTING_SITUATION_IN_BUSINESS_PLAN: DEPARTMENT,
    rules.ROUTING_SITUATION_NOT_IN_BUSINESS_PLAN: DEPARTMENT,
}


@pytest.fixture
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[Served]:
    """A database for each test: versions and what they are tried against are the whole city's."""
    async with serving("workshops", await fresh_database("workshops"), tmp_path) as running:
        await rule(Stub(running.channel), FIRST)
        yield running


def proposal(owners: dict[Any, Any] | None = None) -> pb.ProposeRoutingRuleRequest:
    pairs = [rules.SituationOwner(situation=situation, owner_type=owner) for situation, owner in (owners or OWNERS).items()]
    return pb.ProposeRoutingRuleRequest(request_id=str(uuid4()), owners=pairs, reason="부서가 먼저 맡도록")


async def rule(stub: Stub, rule_id: str) -> rules.RoutingRule:
    """A version; the first one is made within moments of the service's start."""
    async with asyncio.timeout(10):
        while True:
            try:
                return (await stub.GetRoutingRule(pb.GetRoutingRuleRequest(rule_id=rule_id))).rule  # type: ignore[no-any-return]
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.05)


async def drafted(served: Served, stub: Stub, **changes: Any) -> str:
    return str((await stub.ProposeRoutingRule(proposal(**changes), metadata=served.caller())).written.id)


async def assigned(served: Served, stub: Stub, **changes: Any) -> str:
    override = {name: changes.pop(name) for name in ("override_department", "override_reason") if name in changes}
    innovation_id = await proposed(served, stub, **changes)
    await stub.AssignInnovationOwner(
        workshops_pb2.AssignInnovationOwnerRequest(innovation_id=innovation_id, **override), metadata=served.caller()
    )
    return innovation_id


async def test_the_first_version_is_in_force_from_the_first_start_on_and_made_once(served: Served, tmp_path: Path) -> None:
    stub = Stub(served.channel)
    first = await rule(stub, FIRST)
    assert (first.version, first.status) == (1, rules.ROUTING_RULE_STATUS_ACTIVE)
    (tmp_path / "twin").mkdir()
    async with serving("workshops", served.dsn, tmp_path / "twin") as twin:
        await asyncio.sleep(0.5)
        listed = (await Stub(twin.channel).ListRoutingRules(pb.ListRoutingRulesRequest())).rules
    assert [one.rule_id for one in listed] == [FIRST]
    assert await facts(served, FIRST) == ["routing-rule.activated"]


async def test_a_version_is_tried_before_it_comes_into_force_and_says_what_would_change(served: Served) -> None:
    stub = Stub(served.channel)
    new_to_it = await assigned(served, stub, departments=["주택과"], in_business_plan=False, title="빈집 나눔")
    await assigned(served, stub, departments=["안전총괄과"], in_business_plan=True)
    await assigned(served, stub, departments=["주택과", "안전총괄과"], in_business_plan=False)
    await assigned(served, stub, departments=["주택과"], in_business_plan=False, override_department="복지과", override_reason="합의")
    await proposed(served, stub, departments=["주택과"], in_business_plan=False)  # nobody's yet
    rule_id = await drafted(served, stub)
    activate = pb.ActivateRoutingRuleRequest(rule_id=rule_id)
    assert (await served.refusal(stub.ActivateRoutingRule(activate, metadata=served.caller()))).code == "RULE_NOT_TRIED"
    tried = await stub.TryRoutingRule(pb.TryRoutingRuleRequest(rule_id=rule_id), metadata=served.caller())
    change = rules.RoutingChange(
        innovation_id=new_to_it, title="빈집 나눔", owner_now="social_innovation_officer", owner_then="주택과",
        reason=rules.ROUTING_SITUATION_NOT_IN_BUSINESS_PLAN,
    )  # fmt: skip
    assert (list(tried.changes), tried.would_change) == ([change], 1)
    listed = await stub.ListRoutingChanges(pb.ListRoutingChangesRequest(rule_id=rule_id))
    assert list(listed.changes) == [change]
    standing = await rule(stub, rule_id)
    assert (standing.status, standing.tried_against, standing.would_change) == (rules.ROUTING_RULE_STATUS_TRIED, 3, 1)


async def test_the_version_in_force_gives_owners_and_the_one_before_is_retired(served: Served) -> None:
    stub = Stub(served.channel)
    before = await assigned(served, stub, departments=["주택과"], in_business_plan=False)
    rule_id = await drafted(served, stub)
    await stub.TryRoutingRule(pb.TryRoutingRuleRequest(rule_id=rule_id), metadata=served.caller())
    await stub.ActivateRoutingRule(pb.ActivateRoutingRuleRequest(rule_id=rule_id), metadata=served.caller())
    assert (await rule(stub, FIRST)).status == rules.ROUTING_RULE_STATUS_RETIRED
    assert (await rule(stub, rule_id)).would_change == 1
    after = await found(stub, await assigned(served, stub, departments=["주택과"], in_business_plan=False))
    assert (after.owner, after.routing_rule_version) == ("주택과", 2)
    changes = (await stub.ListRoutingChanges(pb.ListRoutingChangesRequest())).changes  # of the version in force
    assert [change.innovation_id for change in changes] == [before]
    again = workshops_pb2.AssignInnovationOwnerRequest(innovation_id=before)
    await stub.AssignInnovationOwner(again, metadata=served.caller())
    moved = await found(stub, before)
    assert [(owned.owner, owned.routing_rule_version) for owned in moved.owners] == [("social_innovation_officer", 1), ("주택과", 2)]
    assert moved.bounce_count == 1
    assert await facts(served, rule_id) == ["routing-rule.proposed", "routing-rule.tried", "routing-rule.activated"]
    assert await facts(served, FIRST) == ["routing-rule.activated", "routing-rule.retired"]


async def test_of_two_versions_put_in_force_at_once_one_is(served: Served) -> None:
    stub = Stub(served.channel)
    ids = [await drafted(served, stub) for _ in range(4)]
    for rule_id in ids:
        await stub.TryRoutingRule(pb.TryRoutingRuleRequest(rule_id=rule_id), metadata=served.caller())
    calls = [stub.ActivateRoutingRule(pb.ActivateRoutingRuleRequest(rule_id=rule_id), metadata=served.caller()) for rule_id in ids]
    await asyncio.gather(*calls)
    listed = (await stub.ListRoutingRules(pb.ListRoutingRulesRequest())).rules
    assert sorted(one.status for one in listed) == [rules.ROUTING_RULE_STATUS_ACTIVE, *[rules.ROUTING_RULE_STATUS_RETIRED] * 4]


async def test_the_database_itself_has_one_version_in_force(served: Served) -> None:
    await drafted(served, Stub(served.channel))
    connection = await asyncpg.connect(served.dsn)
    try:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("UPDATE routing_rule SET status = 'active'")
    finally:
        await connection.close()


async def test_versions_that_are_proposed_at_once_have_numbers_of_their_own(served: Served) -> None:
    stub = Stub(served.channel)
    await asyncio.gather(*(drafted(served, stub) for _ in range(6)))
    listed = (await stub.ListRoutingRules(pb.ListRoutingRulesRequest())).rules
    assert sorted(one.version for one in listed) == [1, 2, 3, 4, 5, 6, 7]


async def test_a_trial_that_is_repeated_is_one_trial(served: Served) -> None:
    stub = Stub(served.channel)
    rule_id = await drafted(served, stub)
    request = pb.TryRoutingRuleRequest(request_id=str(uuid4()), rule_id=rule_id)
    answers = [await stub.TryRoutingRule(request, metadata=served.caller()) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert await facts(served, rule_id) == ["routing-rule.proposed", "routing-rule.tried"]


@pytest.mark.parametrize(
    ("owners", "code"),
    [
        ({rules.ROUTING_SITUATION_IN_BUSINESS_PLAN: DEPARTMENT}, "RULE_INCOMPLETE"),
        (OWNERS | {rules.ROUTING_SITUATION_NO_DEPARTMENT_CLEAR: DEPARTMENT}, "RULE_OWNER_INVALID"),
        (OWNERS | {9: DEPARTMENT}, "ENUM_UNKNOWN"),
    ],
)
async def test_a_wrong_rule_has_a_stable_code(served: Served, owners: dict[Any, Any], code: str) -> None:
    stub = Stub(served.channel)
    assert (await served.refusal(stub.ProposeRoutingRule(proposal(owners), metadata=served.caller()))).code == code


async def test_a_rule_needs_a_reason_and_each_situation_once(served: Served) -> None:
    stub, request = Stub(served.channel), proposal()
    request.reason = " "
    assert (await served.refusal(stub.ProposeRoutingRule(request, metadata=served.caller()))).code == "REASON_REQUIRED"
    request = proposal()
    request.owners.append(request.owners[0])
    assert (await served.refusal(stub.ProposeRoutingRule(request, metadata=served.caller()))).code == "DUPLICATE_ITEM"


async def test_an_officer_of_a_department_does_not_make_the_rule(served: Served) -> None:
    stub, officer = Stub(served.channel), served.caller("officer", department="주택과")
    assert (await served.refusal(stub.ProposeRoutingRule(proposal(), metadata=officer))).code == "NOT_ALLOWED"
