"""Nothing lost, nothing doubled: processes, broker and database are killed in the middle of a running import.

`ROUNDS=20` repeats every round; a round's moments follow from its number, so that a failing one can be repeated.
"""

import asyncio
import json
import random
from pathlib import Path
from uuid import uuid4

import grpc
import pytest

from madang.proposals.v1 import proposal_pb2, proposals_pb2_grpc
from madang.proposals.v1 import proposals_pb2 as pb
from services.kit import tokens
from services.kit.grpc_client import open_channel
from services.local import keys
from tests.command import madang
from tests.stack import ROUNDS, RealStack

PETITIONS = 600
VICTIMS = {
    "a service": ("proposals",),
    "the projector": ("agenda-projector",),
    "search": ("agenda-search",),
    "the agenda's server": ("agenda-server",),
    "the broker": ("kafka",),
    "the database": ("postgres",),
    "everything at once": ("proposals", "agenda-projector", "kafka", "postgres"),
}


def petitions(folder: Path, theme: str) -> Path:
    """A file of petitions that nobody has imported before."""
    rows = [
        {
            "petition_idx": f"{theme}-{number}", "title": f"청원 {number}", "content": f"{theme} 내용 {number}", "category": theme,
            "begin": "2026-04-01", "end": "2026-05-01", "num_agree": number, "status": "청원종료",
        }
        for number in range(PETITIONS)
    ]  # fmt: skip
    path = folder / "petitions.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    return path


async def settled(stack: RealStack) -> None:
    """Ready again, everything applied, and equal to what the services hold."""
    await stack.wait_ready(90)
    waited = await madang(stack.data, "agenda", "wait", "--timeout", "90", "--json")
    assert waited.code == 0, waited.err
    verified = (await madang(stack.data, "agenda", "verify", "--json")).json
    assert verified["ok"], verified


async def insistently(
    stub: proposals_pb2_grpc.ProposalServiceStub, request: pb.SubmitProposalRequest, caller: list[tuple[str, str]]
) -> str:
    """Ask until there is an answer; a failure says nothing of whether it was done."""
    while True:
        try:
            answer = await stub.SubmitProposal(request, metadata=caller, timeout=5)
        except grpc.aio.AioRpcError:
            await asyncio.sleep(0.2)
        else:
            return str(answer.written.id)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("round_number", range(ROUNDS))
@pytest.mark.parametrize("victims", VICTIMS.values(), ids=VICTIMS)
async def test_an_import_survives_the_death_of(stack: RealStack, tmp_path: Path, victims: tuple[str, ...], round_number: int) -> None:
    await stack.wait_ready(90)
    moments, theme = random.Random(f"{victims} {round_number}"), uuid4().hex
    running = asyncio.create_task(madang(stack.data, "import", "proposals", str(petitions(tmp_path, theme)), "--json", timeout_s=300))
    await stack.until("proposals", "SELECT EXISTS (SELECT FROM proposal WHERE themes = ARRAY[$1])", theme)
    for _ in range(3):
        await asyncio.sleep(moments.uniform(0.02, 0.6))
        for victim in victims:
            stack.kill_if_running(victim)
    counted = (await running).json
    assert (counted["read"], counted["accepted"] + counted["duplicates"], counted["rejected"]) == (PETITIONS, PETITIONS, 0)
    await settled(stack)
    listed = (await madang(stack.data, "agenda", "list", "--theme", theme, "--limit", "1", "--json")).json
    assert listed["total"] == {"value": PETITIONS, "exact": True}
    again = (await madang(stack.data, "import", "proposals", str(tmp_path / "petitions.jsonl"), "--json")).json
    assert (again["accepted"], again["duplicates"]) == (0, PETITIONS)


@pytest.mark.timeout(200)
@pytest.mark.parametrize("_round", range(ROUNDS))
@pytest.mark.parametrize("victim", ["proposals", "postgres"])
async def test_a_command_repeated_with_its_key_after_a_death_has_one_effect_and_one_answer(
    stack: RealStack, victim: str, _round: int
) -> None:
    """Between commit and reply the service dies; whoever asked does not know, asks again, and gets the first answer."""
    await stack.wait_ready(90)
    caller = [
        ("authorization", f"Bearer {tokens.sign(keys.signing_key(stack.stack.layout).read_bytes(), subject='test', role='operator')}")
    ]
    marker = uuid4().hex

    async with open_channel(stack.addresses["proposals"]) as channel:
        stub = proposals_pb2_grpc.ProposalServiceStub(channel)

        async def submit(number: int) -> set[str]:
            request = pb.SubmitProposalRequest(
                request_id=f"{marker}-{number}", channel=proposal_pb2.CHANNEL_WEB, title=f"{marker} {number}", themes=[marker]
            )
            return {await insistently(stub, request, caller) for _ in range(2)}

        work = asyncio.gather(*(submit(number) for number in range(200)))
        for _ in range(3):
            await asyncio.sleep(0.3)
            stack.kill_if_running(victim)
        answers = await work
    assert all(len(ids) == 1 for ids in answers)
    await settled(stack)
    listed = (await madang(stack.data, "agenda", "list", "--theme", marker, "--limit", "1", "--json")).json
    assert listed["total"] == {"value": 200, "exact": True}


async def loaded_at_last(stack: RealStack) -> None:
    """Load the sample again and again until nothing is in its way; each step has a key, so that a second try goes on."""
    while (await madang(stack.data, "sample", "load", timeout_s=240)).code:  # noqa: ASYNC110 - a service that is down says nothing
        await asyncio.sleep(0.5)


@pytest.mark.timeout(400)
async def test_every_kind_of_aggregate_survives_the_death_of_its_service(stack: RealStack) -> None:
    """The sample goes through every method that makes or changes something."""
    await stack.wait_ready(90)
    moments, loading = random.Random("sample"), asyncio.create_task(loaded_at_last(stack))
    for victim in (
        "voices", "proposals", "agenda-server", "council", "workshops", "partners", "agenda-projector", "agenda-themes", "council",
    ):  # fmt: skip
        await asyncio.sleep(moments.uniform(0.3, 2.0))
        stack.kill_if_running(victim)
    await loading
    await settled(stack)
    again = (await madang(stack.data, "sample", "load", "--json")).json
    assert not again["changed"]


@pytest.mark.timeout(200)
async def test_after_all_of_it_a_rebuild_from_the_log_equals_the_store(stack: RealStack) -> None:
    await settled(stack)
    rebuilt = (await madang(stack.data, "agenda", "rebuild", "--shadow", "--json")).json
    assert rebuilt["equal"], rebuilt
    assert rebuilt["live_sha256"] == rebuilt["rebuilt_sha256"]
    assert rebuilt["events"] > 0
