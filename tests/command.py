"""The `madang` command, called from tests as people call it."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOREIGN = {"MADANG_DATA", "DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it answered; fails with what it said where it failed."""
        assert self.code == 0, f"exit {self.code}: {self.err[-2000:]}"
        return json.loads(self.out)


async def madang(data: Path, *arguments: str, timeout_s: float = 180) -> Done:
    """Run one command on the stack in `data`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", "--data", str(data), "--quiet", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={key: os.environ[key] for key in os.environ if key not in FOREIGN},
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), timeout_s)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return Done(process.returncode or 0, out.decode(), err.decode())
