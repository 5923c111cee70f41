"""`madang demo` as a newcomer runs it: once with --exit, once until Ctrl-C. The stack is the demo's own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MADANG = [sys.executable, "-m", "services.cli"]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="madang-demo-"))
    yield folder / "stack"
    run(folder / "stack", "down", "--purge")
    folder.rmdir()


def run(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*MADANG, "--data", str(data), *arguments], capture_output=True, text=True, timeout=240, check=False, env=own())


def own() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"MADANG_DATA", "DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"}}


def left_behind(data: Path) -> list[str]:
    """Processes that name the folder in their command or their environment."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                named = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(data) in named:
                found.append(process.name)
    return found


@pytest.fixture(scope="module")
def shown(data: Path) -> dict[str, Any]:
    done = run(data, "demo", "--exit", "--json")
    assert done.returncode == 0, done.stderr
    assert left_behind(data) == []
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def what(step: dict[str, Any]) -> str:
    """Such as `voice.relayed`."""
    return str(step["type"]).removeprefix("kr.go.seoul.madang.").removesuffix(".v1")


def test_the_demo_shows_one_item_with_sources_in_all_four_services(shown: dict[str, Any]) -> None:
    assert {source["service"] for source in shown["item"]["sources"]} == {"voices", "council", "workshops", "proposals"}
    assert shown["item"]["status"] == "implemented"
    assert all(source["title"] for source in shown["item"]["sources"])


def test_its_timeline_has_every_step_from_the_first_word_to_the_last_decision(shown: dict[str, Any]) -> None:
    whats = [what(step) for step in shown["timeline"]]
    expected = [
        "voice.relayed", "proposal.received", "proposal.triaged", "proposal.routed", "proposal.started", "council-item.placed",
        "council-item.decided", "resolution.adopted", "innovation-agenda.proposed", "advice-note.recorded", "indicator.measured",
        "agenda-item.opened", "agenda-item.owner-assigned", "agenda-item.status-changed", "agenda-link.linked",
    ]  # fmt: skip
    assert [name for name in expected if name not in whats] == []
    assert whats.count("agenda-link.linked") == len(shown["item"]["sources"])
    assert [step["state"] for step in shown["timeline"] if what(step) == "agenda-item.status-changed"] == [
        "in_progress",
        "decided",
        "implemented",
    ]
    assert [step["at"] for step in shown["timeline"]] == sorted(step["at"] for step in shown["timeline"])


def test_every_process_was_ready_when_it_was_shown(shown: dict[str, Any]) -> None:
    assert {process["state"] for process in shown["processes"]} == {"ready"}


def test_a_second_demo_changes_nothing_and_stays_until_it_is_stopped(data: Path, shown: dict[str, Any]) -> None:
    demo = subprocess.Popen([*MADANG, "--data", str(data), "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own())
    assert demo.stderr
    said = []
    for line in demo.stderr:
        said.append(line)
        if "Ctrl-C" in line:
            break
    again = run(data, "sample", "load", "--json")
    demo.send_signal(signal.SIGINT)
    screen, _ = demo.communicate(timeout=120)
    assert "the sample was loaded before: nothing changed\n" in said
    assert shown["item"]["title"] in screen
    assert demo.returncode == 130
    assert left_behind(data) == []
    loaded = json.loads(again.stdout)
    assert (loaded["changed"], loaded["facts"], loaded["partner_events"]["sent"]) == (False, 0, 0)
    assert sorted(loaded["partner_events"]["refused"].values()) == ["DISTRICT_UNKNOWN", "TITLE_REQUIRED", "TYPE_UNSUPPORTED"]
