"""A proposal by its id over gRPC against a handler that does nothing: what identity, policy, rules, rows and mapping cost."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from benchmarks.commands import CLIENTS, request
from benchmarks.rounds import Row, Run, Series, Size, alternate
from benchmarks.stacks import closed_loop, cpu_seconds, metadata, real_stack
from madang.proposals.v1 import proposals_pb2 as pb
from madang.proposals.v1 import proposals_pb2_grpc
from services.kit.grpc_client import open_channel

PROPOSALS = 500


async def measure(size: Size) -> list[Row]:
    """GetProposal, 4 clients: calls a second, and what one call costs the serving process."""
    async with real_stack("proposals") as stack, empty_server() as (empty_pid, empty_address):
        pid = stack.stack.server_pid("proposals")
        assert pid is not None
        async with open_channel(stack.addresses["proposals"]) as channel, open_channel(empty_address) as empty:
            ours, theirs = (proposals_pb2_grpc.ProposalServiceStub(item) for item in (channel, empty))
            caller = metadata(stack)
            ids = [await submitted(ours, caller) for _ in range(min(PROPOSALS, size.items))]
            costs: dict[str, list[float]] = {"by id": [], "empty": []}
            contenders = {
                "by id": timed(ours, caller, ids, size.seconds, lambda: cpu_seconds(pid), costs["by id"]),
                "empty": timed(theirs, caller, ids, size.seconds, lambda: cpu_seconds(empty_pid), costs["empty"]),
            }
            rates = await alternate(contenders, size.rounds)
    cpu = {name: Series(values[1:]) for name, values in costs.items()}
    against = "empty grpc.aio handler on uvloop"
    return [
        Row("get by id over gRPC (4 clients)", "calls/s", rates["by id"], against, rates["empty"], (0.35, 0.50)),
        Row("same, CPU of the serving process", "µs/call", cpu["by id"], against, cpu["empty"], less_is_better=True),
    ]


async def submitted(stub: Any, caller: list[tuple[str, str]]) -> str:
    """A new proposal's id."""
    answer = await stub.SubmitProposal(request(str(uuid4())), metadata=caller)
    return str(answer.written.id)


def timed(stub: Any, caller: list[tuple[str, str]], ids: list[str], seconds: float, cpu: Callable[[], float], costs: list[float]) -> Run:
    """A round of calls; answers how many a second, and notes the serving process's µs a call."""

    async def call(number: int) -> None:
        await stub.GetProposal(pb.GetProposalRequest(proposal_id=ids[number % len(ids)]), metadata=caller)

    async def run() -> float:
        before = cpu()
        calls, rate = await closed_loop(call, clients=CLIENTS, seconds=seconds)
        costs.append((cpu() - before) / calls * 1e6)
        return rate

    return run


@asynccontextmanager
async def empty_server() -> AsyncIterator[tuple[int, str]]:
    """The handler in a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.empty_server", stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.pid, f"127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.kill()
        await process.wait()
