"""Meetings by the command line: out of other councils' archives, and out of a secretary's file."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.stack import RealStack

ROOT = Path(__file__).parents[2]
MADANG = str(Path(sys.executable).with_name("madang"))


def madang(stack: RealStack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([MADANG, "--data", str(stack.data), *arguments], capture_output=True, text=True, check=False, timeout=120)


def answer(stack: RealStack, *arguments: str) -> Any:
    done = madang(stack, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def archive(path: Path, meetings: int, items: int = 2) -> Path:
    """An OParl file with ids of its own: one meeting is broken, the bodies are unknown."""
    base = f"https://oparl.example/{uuid4()}"
    rows: list[dict[str, Any]] = [
        {
            "id": f"{base}/meetings/{n}",
            "type": "https://schema.oparl.org/1.1/Meeting",
            "name": f"Sitzung {n}",
            "organization": [f"{base}/organizations/{n % 2}"],
            "start": "2019-05-02T16:00:00+02:00",
            "end": "2019-05-02T00:00:00+02:00",
            "agendaItem": [{"id": f"{base}/agendaitems/{n}-{i}", "name": f"Punkt {i}", "result": "vertagt"} for i in range(items)],
        }
        for n in range(meetings)
    ]
    rows[0]["start"] = "2019-02-29T16:00:00+02:00"
    path.write_text(json.dumps({"data": rows}))
    return path


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in ("read", "accepted", "duplicates", "rejected"))


def test_an_archive_is_taken_once_and_every_row_accounted_for(stack: RealStack, tmp_path: Path) -> None:
    file = str(archive(tmp_path / "meetings.json", 5))
    dry, first, again = (answer(stack, "import", "meetings", file, *option) for option in (["--dry-run"], [], []))
    assert [counts(found) for found in (dry, first, again)] == [(5, 4, 0, 1), (5, 4, 0, 1), (5, 0, 4, 1)]
    assert [counts(found["items"]) for found in (dry, first, again)] == [(10, 8, 0, 2), (10, 8, 0, 2), (10, 0, 8, 2)]
    assert [counts(found["bodies"]) for found in (dry, first, again)] == [(2, 2, 0, 0), (2, 2, 0, 0), (2, 0, 2, 0)]
    report = [json.loads(line) for line in Path(first["report"]).read_text().splitlines()]
    assert [line["code"] for line in report if line["row"] == 1] == ["DATE_INVALID", "DATE_INVALID"]
    assert {line["code"] for line in report if line["row"] == 2} == {"BODY_UNKNOWN", "TIME_RANGE"}


def test_a_file_that_is_no_oparl_fails_with_its_code(stack: RealStack, tmp_path: Path) -> None:
    file = tmp_path / "petitions.jsonl"
    file.write_text('{"petition_idx": "1"}\n')
    done = madang(stack, "import", "meetings", str(file), "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["code"] == "FILE_TYPE"


def origin_of(file: str, number: int) -> str:
    return str(json.loads(Path(file).read_text())["data"][number]["id"])


def hears_interrupts() -> None:
    """A run of the tests in the background ignores SIGINT, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("end", ["the service is killed", "it is stopped with Ctrl-C"])
async def test_an_import_that_is_disturbed_goes_on(stack: RealStack, tmp_path: Path, end: str) -> None:
    file = str(archive(tmp_path / "meetings.json", 1001, items=4))
    running = await asyncio.create_subprocess_exec(
        MADANG, "--data", str(stack.data), "import", "meetings", file, stdout=asyncio.subprocess.PIPE,
        preexec_fn=hears_interrupts,
    )  # fmt: skip
    await stack.until("council", "SELECT EXISTS (SELECT FROM meeting WHERE origin = $1)", origin_of(file, 1))
    if end == "the service is killed":
        stack.kill("council")
        found = json.loads((await asyncio.wait_for(running.communicate(), 100))[0])
        assert (running.returncode, found["accepted"] + found["duplicates"], found["rejected"]) == (0, 1000, 1)
    else:
        running.send_signal(signal.SIGINT)
        await asyncio.wait_for(running.communicate(), 30)
        assert running.returncode == 130
        found = answer(stack, "import", "meetings", file)
        assert (found["accepted"] + found["duplicates"], found["rejected"]) == (1000, 1)
    again = answer(stack, "import", "meetings", file)
    assert (counts(again), counts(again["items"])) == ((1001, 0, 1000, 1), (4004, 0, 4000, 4))


def test_a_secretarys_file_becomes_a_meeting_with_its_minutes_once(stack: RealStack, tmp_path: Path) -> None:
    answer(stack, "sample", "load")
    file = tmp_path / "meeting.yaml"
    example = (ROOT / "examples" / "meetings" / "living-environment.yaml").read_text()
    file.write_text(example.replace("key: 2026-4", f"key: {uuid4()}"))
    first, again = answer(stack, "meetings", "log", str(file)), answer(stack, "meetings", "log", str(file))
    assert first == again
    shown = answer(stack, "meetings", "show", first["meeting_id"])
    assert (shown["status"], shown["attendance"], shown["quorum_present"]) == ("closed", 6, 5)
    assert [item["result"] for item in shown["items"]] == ["adopted", "deferred", "noted"]
    assert [(item["status"], len(item["parts"])) for item in shown["minutes"]] == [("published", 8)]
    assert [item["meeting_id"] for item in answer(stack, "meetings", "list", "--quarter", "2026-Q4")["meetings"]].count(
        first["meeting_id"]
    ) == 1
    changed = madang(stack, "meetings", "log", str(rewritten(file)))
    assert changed.returncode == 5
    assert "item 1: it was logged with other words before (IDEMPOTENCY_MISMATCH)" in changed.stderr


def rewritten(file: Path) -> Path:
    """The same file with another name for its first item."""
    file.write_text(file.read_text().replace("name: 분리배출 안내문 번역", "name: 안내문 번역"))
    return file
