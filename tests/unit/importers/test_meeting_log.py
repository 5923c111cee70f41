"""A secretary's file: what stands there becomes commands, and what is wrong is said with its line."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.importers import meeting_log
from services.importers.meeting_commands import MeetingCommands
from services.kit import validation
from services.kit.errors import Refused

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "meetings").iterdir())
HEAD = "key: k\ncouncil: c\nmeeting: {name: n, type: plenary, start: 2026-11-18T14:00}\n"
HELD = HEAD + "people: {attendees: [위원]}\nquorum: {needed: 1, present: 1}\n"


class Stub:
    """Notes every request, held against its rules, and answers an id that belongs to its key."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        async def call(request: Any) -> Any:
            validation.check(request)
            self.sent.append((method, request))
            return SimpleNamespace(written=SimpleNamespace(id=str(uuid5(UUID(int=1), request.request_id))))

        return call


async def commands(log: meeting_log.MeetingLog, council: int = 7) -> list[tuple[str, Any]]:
    stub = Stub()
    await MeetingCommands(stub, log, str(UUID(int=council))).send()
    return stub.sent


def refused(folder: Path, text: str, name: str = "m.yaml") -> Refused:
    path = folder / name
    path.write_text(text)
    with pytest.raises(Refused) as found:
        meeting_log.read(path)
    return found.value


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
async def test_an_example_becomes_commands_that_pass_their_rules(path: Path) -> None:
    sent = await commands(meeting_log.read(path))
    methods = [method for method, _ in sent]
    assert methods[:2] == ["ScheduleMeeting", "InviteMeeting"]
    assert methods.count("WriteMinutesPart") == 8
    keys = [request.request_id for _, request in sent]
    assert len(set(keys)) == len(keys)


async def test_the_same_file_sends_the_same_commands_and_another_councils_others() -> None:
    log = meeting_log.read(EXAMPLES[0])
    first, again, elsewhere = await commands(log), await commands(log), await commands(log, council=8)
    assert first == again
    assert not {request.request_id for _, request in first} & {request.request_id for _, request in elsewhere}


async def test_names_of_people_stand_in_the_minutes_only(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(HELD.replace("위원", "홍길동") + "items: [{number: 1, name: 안건}]\nminutes: {stage: drafting}\n")
    sent = [method for method, request in await commands(meeting_log.read(path)) if "홍길동".encode() in request.SerializeToString()]
    assert sent == ["WriteMinutesPart"]


async def test_a_meeting_that_lies_ahead_is_only_scheduled(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(HEAD + "items: [{number: 1, name: 안건}]\n")
    assert [method for method, _ in await commands(meeting_log.read(path))] == ["ScheduleMeeting", "InviteMeeting", "AddAgendaItem"]


async def test_a_time_without_an_offset_is_seouls(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(HEAD)
    [(_, request), _] = await commands(meeting_log.read(path))
    assert request.start.ToJsonString() == "2026-11-18T05:00:00Z"


def test_words_are_read_as_their_letters(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(HELD + "items: [{number: 1.10, name: no, result: noted, votes: {yes: 3, no: 1}}]\n")
    [item] = meeting_log.read(path).items
    assert (item.number, item.name, item.votes) == ("1.10", "no", meeting_log.Votes(yes=3, no=1, abstain=0))


@pytest.mark.parametrize(
    ("text", "code", "field", "line"),
    [
        (HEAD + "colour: red\n", "FIELD_UNKNOWN", "colour", 4),
        (HEAD + "items:\n  - number: 1\n    nmae: x\n", "FIELD_REQUIRED", "items[0].name", 5),
        ("council: c\n", "FIELD_REQUIRED", "key", 1),
        (HELD + "items:\n  - number: 1\n    name: x\n    result: maybe\n", "FORMAT_INVALID", "items[0].result", 9),
        (HELD + "quorum2: 1\n", "FIELD_UNKNOWN", "quorum2", 6),
        (HELD.replace("needed: 1", "needed: -1"), "FORMAT_INVALID", "quorum.needed", 5),
        (HEAD + "items: [{number: 1, name: a}, {number: 1, name: b}]\n", "FORMAT_INVALID", "items", 4),
        (HEAD + "actions: [{task: t, department: d, due: 2026-02-29}]\n", "FORMAT_INVALID", "actions[0].due", 4),
        (HEAD + "minutes: {stage: published}\n", "FORMAT_INVALID", "", 1),
        (HELD + "actions: [{task: t, department: d, due: 2026-12-01, item: 9}]\n", "FORMAT_INVALID", "", 1),
        ("[]\n", "FORMAT_INVALID", "", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_line(tmp_path: Path, text: str, code: str, field: str, line: int) -> None:
    found = refused(tmp_path, text)
    assert (found.violations[0].code, found.violations[0].field) == (code, field)
    assert f"m.yaml, line {line}:" in found.violations[0].message


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, HEAD + "items:\n  - number: 1\n    nmae: x\nlangage: ko\n")
    assert {violation.code for violation in found.violations} == {"FIELD_REQUIRED", "FIELD_UNKNOWN"}
    assert "did you mean name?" in " ".join(violation.message for violation in found.violations)
    assert "did you mean language?" in " ".join(violation.message for violation in found.violations)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("key: [\n", "line 2"),
        ("key: a\nkey: b\n", "line 2: key is named twice"),
        ("a: &x [1]\nb: *x\n", "refers to itself"),
        ("[" * 5_000, "nested deeper"),
        ("key: \x01\n", "is no YAML"),
    ],
)
def test_what_is_no_yaml_says_where(tmp_path: Path, text: str, where: str) -> None:
    found = refused(tmp_path, text)
    assert found.code == "DECODE_FAILED"
    assert where in found.message


def test_a_heading_that_is_no_part_is_named_with_its_line(tmp_path: Path) -> None:
    found = refused(tmp_path, f"---\n{HELD}---\n# 회의록\n\n## 발언 요점\n말\n", "m.md")
    [violation] = found.violations
    assert (violation.code, violation.field) == ("FIELD_UNKNOWN", "minutes.발언 요점")
    assert "line 10:" in violation.message


def test_parts_of_the_minutes_are_headings_by_either_name(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    path.write_text(f"---\n{HELD}---\n# 회의록\n\n## 발언 요지\n첫 줄\n\n둘째 줄\n\n## host\n서울\n")
    found = meeting_log.read(path).parts
    assert found == {"speeches": "첫 줄\n\n둘째 줄", "host": "서울", "attendees": "참석: 위원"}
