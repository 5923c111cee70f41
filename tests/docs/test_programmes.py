"""docs/programmes.md: each programme has a home, a command and a test, and all three are there."""

import re
import shlex
from pathlib import Path

import pytest

from services.cli.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def commands() -> list[list[str]]:
    """Every command of the page, without its `madang`."""
    return [shlex.split(command)[1:] for row in rows() for command in re.findall(r"`([^`]+)`", row[2])]


def test_the_page_has_its_columns() -> None:
    assert "| Programme | Where | Command | Test |" in PAGE


def test_every_programme_has_a_row() -> None:
    assert {int(row[0].partition(".")[0]) for row in rows()} == set(range(1, 13))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_names_files_commands_and_tests_that_are_there(row: list[str]) -> None:
    _, where, command, test = row
    for path in re.findall(r"`([^`]+)`", where):
        assert (ROOT / path).exists(), path
    words = [shlex.split(found) for found in re.findall(r"`([^`]+)`", command)]
    assert words
    assert all(found[0] == "madang" and found[1] in COMMANDS for found in words)
    tests = re.findall(r"`([^`]+)::([^`]+)`", test)
    assert tests
    for path, name in tests:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"
