"""Petitions: what is right is taken, and whatever was changed or left is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from madang.proposals.v1 import proposal_pb2
from services.importers import petitions
from services.importers.report import Place, Row
from services.kit.errors import Refused

RIGHT = {
    "petition_idx": "1", "title": "제목", "content": "내용", "category": "안전/환경", "begin": "2019-04-01", "end": "2019-05-01",
    "num_agree": 4116, "status": "청원종료",
}  # fmt: skip


def read(folder: Path, *values: Any) -> tuple[list[Any], list[tuple[str, str]]]:
    """The rows of a file with these objects, and what was said of them as (field, code)."""
    path = folder / "petitions.jsonl.gz"
    lines = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    said: list[tuple[str, str]] = []
    return list(petitions.read(path, lambda _place, field, code, _reason: said.append((field, code)))), said


def test_a_petition_becomes_a_request_without_loss(tmp_path: Path) -> None:
    [row], said = read(tmp_path, RIGHT)
    request = row.request
    assert (request.origin, request.title, request.description.plain, list(request.themes)) == (
        "petitions:1",
        "제목",
        "내용",
        ["안전/환경"],
    )
    assert (request.supports, request.due_on) == (4116, "2019-05-01")
    assert request.requested_at.ToJsonString() == "2019-03-31T15:00:00Z"  # midnight in Seoul
    assert (request.status, request.resolution_code) == (proposal_pb2.PROPOSAL_STATUS_CLOSED, proposal_pb2.RESOLUTION_CODE_EXPIRED)
    assert not said


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"end": "2019-04-01"}, ("end", "TIME_RANGE")),
        ({"end": "2019-02-29"}, ("end", "DATE_INVALID")),
        ({"num_agree": "many"}, ("num_agree", "NUMBER_INVALID")),
        ({"num_agree": -1}, ("num_agree", "NUMBER_INVALID")),
        ({"status": "모름"}, ("status", "ENUM_UNKNOWN")),
        ({"title": "두\n줄"}, ("title", "LINE_BREAK")),
        ({"content": "가\x00나"}, ("content", "TEXT_FORBIDDEN_CHAR")),
        ({"content": "제 번호는 900101-1234567 입니다"}, ("content", "PERSONAL_NUMBER_FOUND")),
        ({"category": "가" * 61}, ("category", "TEXT_TOO_LONG")),
    ],
)
def test_what_is_changed_is_said_and_the_row_is_taken(tmp_path: Path, changes: dict[str, Any], wanted: tuple[str, str]) -> None:
    [row], said = read(tmp_path, RIGHT | changes)
    assert isinstance(row, Row)
    assert said == [wanted]


def test_identity_numbers_are_left_as_they_are_and_never_echoed(tmp_path: Path) -> None:
    reasons: list[str] = []
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(RIGHT | {"content": "900101-1234567"}))
    [row] = petitions.read(path, lambda _place, _field, _code, reason: reasons.append(reason))
    assert isinstance(row, Row)
    assert row.request.description.plain == "900101-1234567"
    assert "1234567" not in "".join(reasons)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({**RIGHT, "petition_idx": ""}, "FIELD_REQUIRED"),
        ({**RIGHT, "begin": "2026-02-29"}, "DATE_INVALID"),
        ("{broken", "DECODE_FAILED"),
        ("[1]", "ROW_SHAPE"),
        ("[" * 100_000, "DECODE_FAILED"),
    ],
)
def test_a_row_that_can_be_no_petition_is_named_and_the_others_are_taken(tmp_path: Path, line: Any, code: str) -> None:
    [first, second], _ = read(tmp_path, line, RIGHT)
    place, refused = first
    assert isinstance(refused, Refused)
    assert (place.row, refused.code) == (1, code)
    assert isinstance(second, Row)
    assert second.place == Place("petitions.jsonl.gz", 2, "1")


def test_full_width_digits_are_digits(tmp_path: Path) -> None:
    [row], said = read(tmp_path, RIGHT | {"num_agree": "１，２".replace("，", ",")})
    assert (row.request.supports, said) == (12, [])
