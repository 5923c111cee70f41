"""The case library and the board, from the wire to the outbox, without a broker."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.json_format import ParseDict

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.workshops.v1 import board_messages_pb2, workshops_pb2
from madang.workshops.v1 import diffusion_case_pb2 as cases
from madang.workshops.v1 import diffusion_messages_pb2 as pb
from tests.innovations import Stub, advanced, advised, facts, indicated, proposed, ready_to_diffuse, ready_to_practise
from tests.serving import Served, serving


def diffusion(innovation_id: str, **changes: Any) -> pb.RecordDiffusionRequest:
    values: dict[str, Any] = {
        "adopter": "이웃 도시 안전정책과", "adopter_kind": cases.ADOPTER_KIND_OTHER_CITY, "diffusion_scope": cases.DIFFUSION_SCOPE_EXTERNAL,
        "evidence": Text(plain="같은 조례를 만들었다", language="ko"),
    }  # fmt: skip
    return pb.RecordDiffusionRequest(request_id=str(uuid4()), innovation_id=innovation_id, **(values | changes))


async def test_a_case_is_recorded_honoured_and_found_in_the_library(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_diffuse(served, stub)
    diffusion_id = (await stub.RecordDiffusion(diffusion(innovation_id), metadata=served.caller())).written.id
    honour = pb.RecogniseDiffusionRequest(diffusion_id=diffusion_id, name="올해의 사례", given_by="사회혁신 네트워크")
    await stub.RecogniseDiffusion(honour, metadata=served.caller())
    case = (await stub.GetDiffusionCase(pb.GetDiffusionCaseRequest(diffusion_id=diffusion_id))).diffusion_case
    assert (case.innovation_id, case.innovation_field) == (innovation_id, words.INNOVATION_FIELD_HOUSING_AND_SAFETY)
    assert (case.status, case.recognition.name) == (cases.DIFFUSION_STATUS_RECOGNISED, "올해의 사례")
    refused = await served.refusal(stub.RecogniseDiffusion(honour, metadata=served.caller()))
    assert (refused.code, refused.details["state"]) == ("TRANSITION_FORBIDDEN", "recognised")
    assert await facts(served, diffusion_id) == ["diffusion-case.diffused", "diffusion-case.recognised"]


async def test_nobody_takes_over_what_is_not_diffused_yet(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_practise(served, stub)
    refused = await served.refusal(stub.RecordDiffusion(diffusion(innovation_id), metadata=served.caller()))
    assert (refused.code, refused.details["phase"]) == ("PHASE_FORBIDDEN", "plan")


async def test_a_case_of_what_is_completed_is_recorded_as_well(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_diffuse(served, stub)
    await advanced(served, stub, innovation_id)
    await stub.RecordDiffusion(diffusion(innovation_id), metadata=served.caller())


async def test_a_case_that_is_recorded_again_with_the_same_key_is_one_case(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_diffuse(served, stub)
    request = diffusion(innovation_id)
    ids = {(await stub.RecordDiffusion(request, metadata=served.caller())).written.id for _ in range(3)}
    listed = await stub.ListDiffusionCases(pb.ListDiffusionCasesRequest(innovation_id=innovation_id))
    assert {case.diffusion_id for case in listed.diffusion_cases} == ids
    assert len(ids) == 1


async def test_an_officer_records_cases_of_what_is_her_departments(served: Served, stub: Stub) -> None:
    innovation_id = await ready_to_diffuse(served, stub)
    stranger, own = served.caller("officer", department="주택과"), served.caller("officer", department="안전총괄과")
    assert (await served.refusal(stub.RecordDiffusion(diffusion(innovation_id), metadata=stranger))).code == "NOT_FOUND"
    diffusion_id = (await stub.RecordDiffusion(diffusion(innovation_id), metadata=own)).written.id
    honour = pb.RecogniseDiffusionRequest(diffusion_id=diffusion_id, name="상", given_by="모임")
    assert (await served.refusal(stub.RecogniseDiffusion(honour, metadata=stranger))).code == "NOT_FOUND"
    await stub.RecogniseDiffusion(honour, metadata=own)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"adopter": ""}, "FIELD_REQUIRED"),
        ({"adopter_kind": 0}, "ENUM_UNKNOWN"),
        ({"diffusion_scope": 9}, "ENUM_UNKNOWN"),
        ({"evidence": Text(plain=" ")}, "TEXT_REQUIRED"),
        ({"adopted_at": {"seconds": 253402300799}}, "TIME_RANGE"),
    ],
)
async def test_a_wrong_case_has_a_stable_code(served: Served, stub: Stub, changes: dict[str, Any], code: str) -> None:
    innovation_id = await ready_to_diffuse(served, stub)
    refused = await served.refusal(stub.RecordDiffusion(diffusion(innovation_id, **changes), metadata=served.caller()))
    assert refused.code == code


# -- the board: a database of its own, so that a hand can count it ---------------------------------------------------------------------


@pytest.fixture
async def city(fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[Served]:
    async with serving("workshops", await fresh_database("workshops"), tmp_path) as running:
        stub = Stub(running.channel)
        first, second = await ready_to_diffuse(running, stub), await ready_to_diffuse(running, stub)
        await ready_to_practise(running, stub)
        await advised(running, stub, await proposed(running, stub, innovation_field=words.INNOVATION_FIELD_JOBS))
        await indicated(running, stub, await proposed(running, stub, innovation_field=words.INNOVATION_FIELD_JOBS))
        inside = {"adopter_kind": cases.ADOPTER_KIND_DISTRICT, "diffusion_scope": cases.DIFFUSION_SCOPE_INTERNAL}
        for request in (diffusion(first), diffusion(second), diffusion(first, **inside)):
            await stub.RecordDiffusion(request, metadata=running.caller())
        yield running


async def listed(stub: Stub, method: str, request_json: str) -> int:
    """How many the list has that a number of the board names."""
    package: Any = pb if method == "ListDiffusionCases" else workshops_pb2
    request = ParseDict(json.loads(request_json), getattr(package, f"{method}Request")())
    return len(next(value for field, value in (await getattr(stub, method)(request)).ListFields() if field.is_repeated))


async def test_the_board_counts_as_a_hand_does_and_each_number_opens_its_list(city: Served) -> None:
    stub = Stub(city.channel)
    board = await stub.GetInnovationBoard(board_messages_pb2.GetInnovationBoardRequest())
    counted = Counter({cell.filter: cell.count for cell in board.cells})
    assert counted == {
        '{"phase": "PHASE_PROPOSED", "innovation_field": "INNOVATION_FIELD_JOBS"}': 2,
        '{"phase": "PHASE_PLAN", "innovation_field": "INNOVATION_FIELD_HOUSING_AND_SAFETY"}': 1,
        '{"phase": "PHASE_DIFFUSE", "innovation_field": "INNOVATION_FIELD_HOUSING_AND_SAFETY"}': 2,
    }
    assert {number.name: (number.count, number.total) for number in board.numbers} == {
        "owned": (3, 5), "advised": (4, 5), "measured": (2, 5), "adopters_internal": (1, 3), "adopters_external": (2, 3),
    }  # fmt: skip
    assert [await listed(stub, "ListInnovations", cell.filter) for cell in board.cells] == [cell.count for cell in board.cells]
    opened = [await listed(stub, number.method, number.filter) for number in board.numbers]
    assert opened == [number.count for number in board.numbers]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"diffusion_scope": cases.DIFFUSION_SCOPE_EXTERNAL}, 2),
        ({"adopter_kind": cases.ADOPTER_KIND_DISTRICT}, 1),
        ({"innovation_field": words.INNOVATION_FIELD_HOUSING_AND_SAFETY}, 3),
        ({"innovation_field": words.INNOVATION_FIELD_JOBS}, 0),
        ({"status": cases.DIFFUSION_STATUS_RECOGNISED}, 0),
    ],
)
async def test_the_case_library_is_filtered(city: Served, changes: dict[str, Any], count: int) -> None:
    answer = await Stub(city.channel).ListDiffusionCases(pb.ListDiffusionCasesRequest(**changes))
    assert len(answer.diffusion_cases) == count
