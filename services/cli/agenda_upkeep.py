"""`madang agenda wait | verify | rebuild | release`: whether the store holds what it must, and what to do where it does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import grpc
import typer

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc
from madang.log.v1 import log_pb2, log_pb2_grpc
from madang.partners.v1 import partners_pb2, partners_pb2_grpc
from services.cli import agenda_shown as shown
from services.cli.channels import channel
from services.cli.exits import Exit
from services.cli.output import answer, note, progress, table
from services.kit.errors import Kind, Refused

PUBLISHING = ("voices", "council", "workshops", "proposals", "partners", "agenda")
AGAIN = {grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE}


def register(app: typer.Typer) -> None:
    """Add these commands to the noun."""
    for command in (wait, verify, rebuild, release):
        app.command()(command)


def wait(timeout: Annotated[float, typer.Option(min=0, metavar="S", help="Give up after so many seconds, with exit code 6")] = 300) -> None:
    """Wait until the agenda, its search included, has applied everything that was committed or stood in an inbox just now."""
    found = asyncio.run(applied(timeout))
    answer(found, lambda: f"everything is applied; it was {found['lag_records']:,} records behind and took {found['lag_ms']:,} ms")


def verify() -> None:
    """Hold every aggregate of every service against the agenda's store; exit code 1 where anything is wrong, naming it."""
    found = asyncio.run(_verify())
    answer(found, lambda: shown.report_table(found))
    if not found["ok"]:
        raise typer.Exit(Exit.FAILED)


def rebuild(
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Into a shadow of the store, while the store goes on; the only way there is")
    ] = False,
    swap: Annotated[bool, typer.Option("--swap", help="Put the rebuilt store in place")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Also where it differs from the live one")] = False,
) -> None:
    """Replay the log from its beginning and compare; exit code 1 where the rebuilt store differs."""
    if not shadow:
        raise typer.BadParameter("say --shadow: a rebuild goes into a shadow of the store", param_hint="--shadow")
    found = asyncio.run(_rebuild(pb.RebuildStoreRequest(swap=swap, accept_difference=yes)))
    answer(found, lambda: table(("", ""), [(name.replace("_", " "), value) for name, value in found.items()]))
    if not found["equal"] and not (swap and yes):
        raise typer.Exit(Exit.FAILED)


def release(topic: Annotated[str, typer.Argument(help="Such as madang.voices.facts.v1")]) -> None:
    """Let a topic go on that is held because too much of it can't be read; what can't be read becomes dead letters."""
    released = asyncio.run(_release(topic))
    answer({"topic": topic, "released": released}, lambda: f"{topic} goes on" if released else f"{topic} was not held")


async def applied(timeout_s: float) -> dict[str, int]:
    """Until the agenda holds everything that was committed or stood in an inbox just now; answers how far behind it was.

    Raises:
        Refused: WAIT_TIMEOUT.
    """
    began, behind = time.monotonic(), 0
    try:
        async with asyncio.timeout(timeout_s):
            await _patiently(_drain_inboxes)
            for service in PUBLISHING:
                await _patiently(lambda service=service: _drain(service))  # type: ignore[misc]
            behind = await _patiently(_await_applied)
    except TimeoutError:
        raise Refused(Kind.UNAVAILABLE, "WAIT_TIMEOUT", f"the agenda does not hold everything after {timeout_s:g} s") from None
    return {"lag_records": behind, "lag_ms": round((time.monotonic() - began) * 1000)}


async def _patiently(call: Callable[[], Awaitable[int]]) -> int:
    """A call again and again while its service cannot answer yet; the caller bounds the time."""
    while True:
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            if error.code() not in AGAIN:
                raise
            await asyncio.sleep(0.2)


async def _drain_inboxes() -> int:
    async with channel("partners") as opened:
        reply = await partners_pb2_grpc.PartnerServiceStub(opened).DrainInboxes(partners_pb2.DrainInboxesRequest())
    return int(reply.waited_for)


async def _drain(service: str) -> int:
    async with channel(service) as opened:
        return int((await log_pb2_grpc.LogServiceStub(opened).Drain(log_pb2.DrainRequest())).waited_for)


async def _await_applied() -> int:
    """Answers how many records the store was behind."""
    behind = 0
    async with channel("agenda") as opened:
        async for left in agenda_pb2_grpc.AgendaServiceStub(opened).AwaitApplied(pb.AwaitAppliedRequest()):
            behind = max(behind, left.records)
    return behind


async def _verify() -> dict[str, Any]:
    async with channel("agenda") as opened:
        with progress("aggregates compared") as advance:
            compared = 0
            async for reply in agenda_pb2_grpc.AgendaServiceStub(opened).Verify(pb.VerifyRequest()):
                advance(reply.compared - compared)
                compared = reply.compared
    return shown.report(reply.report)


async def _rebuild(request: pb.RebuildStoreRequest) -> dict[str, Any]:
    async with channel("agenda") as opened:
        with progress("records replayed") as advance:
            events = 0
            async for reply in agenda_pb2_grpc.AgendaServiceStub(opened).RebuildStore(request):
                advance(reply.events - events)
                events = reply.events
    report = reply.report
    if request.swap and not report.swapped:
        note("the stores differ, so that the rebuilt one was not put in place; --yes would")
    return {
        "events": report.events, "seconds": round(report.seconds, 3), "live_sha256": report.live_sha256,
        "rebuilt_sha256": report.rebuilt_sha256, "equal": report.equal, "swapped": report.swapped,
    }  # fmt: skip


async def _release(topic: str) -> int:
    async with channel("agenda") as opened:
        return int((await agenda_pb2_grpc.AgendaServiceStub(opened).ReleaseTopic(pb.ReleaseTopicRequest(topic=topic))).released)
