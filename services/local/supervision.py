"""The supervisor of one stack: start it, ask it, end it (https://supervisord.org/api.html)."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from services.local.errors import NotRunning, StackError
from services.local.launch import end_with_parent
from services.local.layout import Layout

START_S = 20.0
ENDING, ALREADY_STARTED, NOT_RUNNING = 6, 60, 70
UP = {"STARTING", "RUNNING", "BACKOFF", "STOPPING"}


class _Ending(NotRunning):
    """It got a signal, and stops everything before it ends."""


@dataclass(frozen=True, slots=True)
class Running:
    """What the supervisor knows of a program."""

    name: str
    state: str
    pid: int | None
    since: float


class Supervisor:
    """A remote control; every call takes milliseconds and raises NotRunning when nobody answers."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def start(self, configuration: Path, *, tied: bool) -> None:
        """Start it and wait until it answers. It holds none of the caller's streams.

        With `tied` it ends with the calling process, however that ends.

        Raises:
            StackError: it did not start.
        """
        environment = os.environ | {"STACK_PYTHON": sys.executable}
        command = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(configuration)]
        said = self._layout.logs / "supervisor.out"
        with said.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - the command is ours
                command, cwd=self._layout.data, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                preexec_fn=_tie if tied else None,  # noqa: PLW1509 - one prctl between fork and exec
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not self.is_alive():
            if process.poll() is not None or time.monotonic() > deadline:
                raise StackError(
                    f"the supervisor does not start: {said.read_text(encoding='utf-8', errors='replace').strip()}", f"see {said}"
                )
            time.sleep(0.02)

    def is_alive(self) -> bool:
        """Whether it answers, and is not about to end."""
        return self._look() == "alive"

    def is_ending(self) -> bool:
        """Whether it is stopping everything, as it does when it gets a signal."""
        return self._look() == "ending"

    def _look(self) -> str:
        try:
            self._call("getState")
        except _Ending:
            return "ending"
        except NotRunning:
            return "gone"
        return "alive"

    def programs(self) -> dict[str, Running]:
        """What it runs, by name."""
        found = self._call("getAllProcessInfo")
        return {item["name"]: Running(item["name"], item["statename"], item["pid"] or None, float(item["start"])) for item in found}

    def begin(self, name: str) -> None:
        """Start a program without waiting; one that runs goes on."""
        self._tolerant("startProcess", name, tolerated=ALREADY_STARTED)

    def stop(self, names: list[str], timeout_s: float = 60) -> None:
        """Stop programs side by side and wait for all of them."""
        for name in names:
            self._tolerant("stopProcess", name, tolerated=NOT_RUNNING)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            programs = self.programs()
            if not any(programs[name].state in UP for name in names):
                return
            time.sleep(0.05)

    def signal(self, name: str, number: str) -> None:
        """Send a signal to a program."""
        self._call("signalProcess", name, number)

    def end(self, timeout_s: float = 60) -> None:
        """Stop everything that still runs and the supervisor itself."""
        pid = int(self._call("getPID"))
        self._call("shutdown")
        deadline = time.monotonic() + timeout_s
        while _exists(pid) and time.monotonic() < deadline:
            self._look()  # it looks at its children when somebody asks, else once a second
            time.sleep(0.02)
        if _exists(pid):
            os.kill(pid, signal.SIGKILL)

    def _tolerant(self, method: str, name: str, *, tolerated: int) -> None:
        try:
            self._call(method, name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != tolerated:
                raise

    def _call(self, method: str, *arguments: Any) -> Any:
        socket = self._layout.run / "supervisor.sock"
        transport = SupervisorTransport(None, None, f"unix://{socket}")
        try:
            proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport, allow_none=True)
            return getattr(proxy.supervisor, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != ENDING:
                raise
            raise _Ending(f"the stack in {self._layout.data} is stopping", "wait, then start it with `madang up`") from None
        except (OSError, http.client.HTTPException):
            raise NotRunning(f"the stack in {self._layout.data} is not running", "start it with `madang up`") from None
        finally:
            transport.close()


def _tie() -> None:
    end_with_parent(signal.SIGTERM)


def _exists(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):  # where it is a child of ours, nobody else collects it
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
