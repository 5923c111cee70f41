"""`madang up | down | status | logs`: the local stack."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from services.cli import logs as following
from services.cli.context import current
from services.cli.exits import Exit
from services.cli.output import answer, note, table
from services.local import environment
from services.local.errors import StackError
from services.local.processes import BROKER, DATABASE, PROCESSES
from services.local.stack import Stack

app = typer.Typer()
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_EVERY_S = 1.0
T = TypeVar("T")


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when everything is ready, and leave it running")] = False,
    first_port: Annotated[int, typer.Option(metavar="PORT", help="Use the ports from this one on, instead of free ones")] = 0,
) -> None:
    """Start the local stack and wait until it is ready; stays until Ctrl-C unless --detach.

    KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL (an administrator's) in the environment name servers to use instead of own ones; this is
    asked once, when the stack is made.
    """
    asyncio.run(run_stack(show, first_port=first_port, detach=detach))


@app.command()
def down(purge: Annotated[bool, typer.Option("--purge", help="Also remove all of its data, for good")] = False) -> None:
    """Stop the local stack cleanly."""
    stack = _stack()
    note("stopped" if asyncio.run(stack.down()) else f"nothing was running in {stack.layout.data}")
    if purge:
        stack.purge()
        note(f"removed all of its data in {stack.layout.data}")


@app.command()
def status() -> None:
    """Show every process: its state (starting, ready, stopping, failed), pid and address. Needs neither broker nor database."""
    asyncio.run(show(_stack()))


@app.command()
def logs(
    process: Annotated[str | None, typer.Argument(help="One process, kafka or postgres; all of them unless given")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines to show")] = 50,
) -> None:
    """Print what the processes have written."""
    stack = _stack()
    assert stack.state, "raises where there is no stack"
    names = [BROKER, DATABASE, *(item.name for item in PROCESSES)]
    if process and process not in names:
        raise typer.BadParameter(f"there is no process {process!r}; there are {', '.join(names)}")
    following.show([stack.layout.logs / f"{name}.log" for name in ([process] if process else names)], lines, follow=follow)


def _stack() -> Stack:
    return Stack(current().data, note)


async def run_stack(
    work: Callable[[Stack], Coroutine[Any, Any, None]], *, first_port: int = 0, detach: bool = False, stay: bool = True
) -> None:
    """Start the stack, do the work, and stay until Ctrl-C.

    Whatever ends this while it starts the stack, works or stays ends the stack too, unless that ran before. `detach` leaves it running
    after the work; without `stay` it ends after the work.
    """
    stack, stopped, ours = _stack(), asyncio.Event(), True
    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        ours = await _unless(stopped, stack.up(tied=not detach, first_port=first_port))
        if not ours:
            note("it is running already")
        await _unless(stopped, work(stack))
        if ours and not detach and stay:
            note("Ctrl-C stops it")
            await _stay(stack, stopped)
    except BaseException:
        await _end(stack, keep=not ours or (detach and not stopped.is_set()))
        raise
    await _end(stack, keep=not ours or detach)


async def _unless(stopped: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """What the work answers, unless a signal comes first. Raises KeyboardInterrupt."""
    working, ended = asyncio.create_task(work), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            raise KeyboardInterrupt
        return working.result()
    finally:
        working.cancel()
        ended.cancel()
        await asyncio.wait({working, ended})


async def _end(stack: Stack, *, keep: bool) -> None:
    if not keep:
        note("stopping")
        await stack.down()


async def _stay(stack: Stack, stopped: asyncio.Event) -> None:
    """Until a signal, or until somebody else has stopped the stack."""
    while stack.supervisor.is_alive():
        try:
            await asyncio.wait_for(stopped.wait(), LOOK_EVERY_S)
        except TimeoutError:
            continue
        raise KeyboardInterrupt
    if stack.state.wanted:
        raise StackError("the supervisor has ended", "start again with `madang up`")
    raise typer.Exit(Exit.OK)


async def show(stack: Stack) -> None:
    """Print every process with its state and address."""
    found = await listening(stack)
    answer(found, lambda: as_table(found))


async def listening(stack: Stack) -> dict[str, Any]:
    """Every process with its state and address, and the two servers."""
    state = stack.state
    return {
        "processes": [asdict(process) for process in await stack.processes()],
        "kafka": {"bootstrap": environment.bootstrap_of(state), "pid": stack.server_pid(BROKER)},
        "postgres": {"dsn": environment.admin_dsn(stack.layout, state), "pid": stack.server_pid(DATABASE)},
    }


def as_table(found: dict[str, Any]) -> Table:
    """What `listening` found, for people."""
    rows = [(item["name"], item["state"], item["pid"], item["address"]) for item in found["processes"]]
    for name, key in (("kafka", "bootstrap"), ("postgres", "dsn")):
        server = found[name]
        rows.append((name, "running" if server["pid"] else "", server["pid"], server[key]))
    return table(("process", "state", "pid#", "address"), rows)
