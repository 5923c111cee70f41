"""Each check of the doctor can fail, and then names its repair."""

from pathlib import Path

import pytest

from services.local import doctor, jars, ports
from services.local import state as states
from services.local.layout import Layout
from services.local.stack import Stack
from services.local.state import State


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr("services.local.layout.is_root", lambda: False)
    return Stack(tmp_path / "stack")


async def failing(stack: Stack) -> dict[str, doctor.Finding]:
    return {finding.name: finding for finding in await doctor.examine(stack) if finding.state == "failed"}


def made(layout: Layout, **fields: object) -> None:
    layout.kafka.mkdir(parents=True)
    layout.home.mkdir(parents=True)
    for folder in (layout.kafka, layout.home):
        states.write_id(folder, "a")
    states.save(layout, State(**{"stack_id": "a", "home": str(layout.home), "created": True} | fields))  # type: ignore[arg-type]


async def test_nothing_fails_before_the_first_start(stack: Stack) -> None:
    findings = await doctor.examine(stack)
    assert {finding.name for finding in findings if finding.state == "failed"} <= {"packages"}
    assert [finding.state for finding in findings if finding.name in {"broker", "topics", "database", "hangul search", "processes"}] == [
        "skipped"
    ] * 5


async def test_a_jar_that_differs_is_named_with_the_repair(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "libraries"
    altered.mkdir()
    for jar in jars.read_list():
        (altered / jar.file_name).symlink_to(jar.path)
    (altered / "kafka_2.13-4.2.2.jar").unlink()
    (altered / "kafka_2.13-4.2.2.jar").write_bytes(b"something else")
    monkeypatch.setattr(jars, "libraries", lambda: altered)
    found = (await failing(stack))["kafka jars"]
    assert "kafka_2.13-4.2.2.jar" in found.found
    assert found.repair == "run `make setup`"


@pytest.mark.parametrize(
    ("name", "limit", "check"), [("DISK_BYTES", 2**60, "disk"), ("MEMORY_BYTES", 2**60, "memory"), ("RELEASED", 2**40, "clock")]
)
async def test_too_little_of_anything_fails(stack: Stack, name: str, limit: int, check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, name, limit)
    assert (await failing(stack))[check].repair


async def test_a_stack_that_should_run_and_does_not_fails(stack: Stack) -> None:
    made(stack.layout, wanted=True, ports={})
    found = await failing(stack)
    assert {"broker", "database", "processes"} <= found.keys()
    assert all("madang up" in found[name].repair for name in ("broker", "database", "processes"))


async def test_folders_that_do_not_belong_together_and_taken_ports_fail(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    made(stack.layout, ports={"kafka": 20_001})
    states.write_id(stack.layout.kafka, "b")
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    found = await failing(stack)
    assert "do not belong together" in found["stack id"].found
    assert "20001 (kafka)" in found["ports"].found
