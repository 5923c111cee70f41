"""The local stack as people start, break, move and end it, by its command line."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.local.layout import Layout
from services.local.processes import PROCESSES
from tests.stack import RealStack

MADANG = [sys.executable, "-m", "services.cli"]


def madang(data: Path, *arguments: str, timeout_s: float = 120) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key not in {"MADANG_DATA", "DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"}}
    command = [*MADANG, "--data", str(data), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False, env=environment)


def status_of(data: Path) -> dict[str, Any]:
    done = madang(data, "status", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def pid_of(status: dict[str, Any], name: str) -> int | None:
    if name in {"kafka", "postgres"}:
        pid: int | None = status[name]["pid"]
    else:
        pid = next(item["pid"] for item in status["processes"] if item["name"] == name)
    return pid


@pytest.fixture
def awkward_folder() -> Iterator[Path]:
    """Below a folder that nobody else may enter, with a path that is longer than a socket's may be and full of special characters."""
    top = Path(tempfile.mkdtemp(prefix="madang-tests-"))
    folder = top / "a b" / "100% 마당;#" / "'quoted' \"twice\"" / ("long" * 20) / "stack"
    folder.parent.mkdir(parents=True)
    try:
        yield folder
    finally:
        madang(folder, "down", "--purge")
        shutil.rmtree(top)


def test_a_stack_lives_in_any_folder_and_holds_no_streams(awkward_folder: Path) -> None:
    command = f'"$0" -m services.cli --data "$1" up --detach --json | cat'  # noqa: F541
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(awkward_folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert json.loads(done.stdout).keys() == {"processes", "kafka", "postgres"}, done.stderr
    status = status_of(awkward_folder)
    assert [item["name"] for item in status["processes"]] == [process.name for process in PROCESSES]
    assert {item["state"] for item in status["processes"]} == {"ready"}
    assert status["kafka"]["pid"]
    assert status["postgres"]["pid"]

    again = madang(awkward_folder, "up", "--detach")
    assert (again.returncode, "running already" in again.stderr) == (0, True)
    assert pid_of(status_of(awkward_folder), "kafka") == status["kafka"]["pid"]

    assert madang(awkward_folder, "down").returncode == 0
    assert_gone(status)
    status = status_of(awkward_folder)
    assert {item["pid"] for item in status["processes"]} == {None}
    assert {item["state"] for item in status["processes"]} == {"stopping"}
    assert_other_stack_refused(awkward_folder)

    assert madang(awkward_folder, "down", "--purge").returncode == 0
    assert not awkward_folder.exists()
    assert not Layout.of(awkward_folder).home.exists()
    assert madang(awkward_folder, "status").returncode == 3


def assert_other_stack_refused(data: Path) -> None:
    """A folder that was put beside data it does not belong to."""
    mark = Layout.of(data).kafka / "stack-id"
    own = mark.read_text()
    mark.write_text("0" * 32 + "\n")
    refused = madang(data, "up", "--detach")
    assert refused.returncode == 78
    assert "do not belong together" in refused.stderr
    assert "madang down --purge" in refused.stderr
    doctor = json.loads(madang(data, "doctor", "--json").stdout)
    assert [(check["name"], check["state"]) for check in doctor["checks"] if check["state"] == "failed"] == [("stack id", "failed")]
    mark.unlink()
    assert madang(data, "up", "--detach").returncode == 78
    mark.write_text(own)


def assert_gone(status: dict[str, Any]) -> None:
    pids = [item["pid"] for item in status["processes"] if item["pid"]] + [status["kafka"]["pid"], status["postgres"]["pid"]]
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize("name", ["kafka", "postgres", "proposals"])
async def test_whatever_is_killed_comes_back_by_itself(stack: RealStack, name: str) -> None:
    before = pid_of(status_of(stack.data), name)
    stack.kill(name)
    deadline = time.monotonic() + 60
    while pid_of(status_of(stack.data), name) in {before, None}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    await stack.wait_ready()
    await stack.stack.start_database()
    await stack.stack.start_broker()
    assert [
        check
        for check in json.loads(madang(stack.data, "doctor", "--json").stdout)["checks"]
        if check["name"] in {"broker", "database"} and check["state"] != "ok"
    ] == []


async def test_the_status_needs_neither_broker_nor_database(stack: RealStack) -> None:
    for name in ("kafka", "postgres"):
        stack.stack.supervisor.stop([name])
    status = status_of(stack.data)
    assert (status["kafka"]["pid"], status["postgres"]["pid"]) == (None, None)
    await stack.stack.start_database()
    await stack.stack.start_broker()
    await stack.wait_ready()


def test_a_second_stack_has_ports_of_its_own_and_ends_with_ctrl_c(stack: RealStack, tmp_path: Path) -> None:
    data = tmp_path / "second"
    process = subprocess.Popen([*MADANG, "--data", str(data), "--json", "up"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        status = json.loads(process.stdout.readline())
        assert not addresses_in(status) & addresses_in(status_of(stack.data))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert_gone(status)
        assert pid_of(status_of(stack.data), "kafka")
    finally:
        process.kill()
        process.wait()
        madang(data, "down", "--purge")


def addresses_in(status: dict[str, Any]) -> set[str]:
    return {item["address"] for item in status["processes"] if item["address"]} | {status["kafka"]["bootstrap"]}
