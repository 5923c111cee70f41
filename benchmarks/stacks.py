"""The real stack to measure on, and whoever calls it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from services.kit.tokens import sign
from services.local import environment, keys, probe
from services.local.processes import PROCESSES
from tests.stack import RealStack

TICKS = os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def real_stack(*processes: str, broker: bool = True) -> AsyncIterator[RealStack]:
    """A stack of its own with these processes, removed at the end."""
    stack = RealStack()
    try:
        await asyncio.gather(stack.start_database(), *([stack.start_broker()] if broker else []))
        for name in processes:
            stack.stack.supervisor.begin(name)
        for name in processes:
            port = stack.metrics_port(name)
            assert await probe.wait_for(lambda port=port: probe.is_ready(port), 60), f"{name} is not ready"  # type: ignore[misc]
        yield stack
    finally:
        await stack.end()


def metadata(stack: RealStack, role: str = "operator") -> list[tuple[str, str]]:
    """Of a caller."""
    token = sign(keys.signing_key(stack.stack.layout).read_bytes(), subject="bench", role=role, lifetime_s=900)
    return [("authorization", f"Bearer {token}")]


def surroundings(stack: RealStack, process: str, **settings: str) -> tuple[list[str], dict[str, str]]:
    """The command and environment of a process, with some settings otherwise."""
    program = environment.program_of(stack.stack.layout, stack.stack.state, next(item for item in PROCESSES if item.name == process))
    return program.command, program.environment | {f"MADANG_{name.upper()}": value for name, value in settings.items()}


async def closed_loop(call: Callable[[int], Awaitable[Any]], *, clients: int, seconds: float) -> tuple[int, float]:
    """So many clients, each calling as soon as it was answered; answers how many calls there were, and a second's share."""
    numbers, began = count(), time.perf_counter()

    async def client() -> int:
        done = 0
        while time.perf_counter() - began < seconds:
            await call(next(numbers))
            done += 1
        return done

    calls = sum(await asyncio.gather(*(client() for _ in range(clients))))
    return calls, calls / (time.perf_counter() - began)


def cpu_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
