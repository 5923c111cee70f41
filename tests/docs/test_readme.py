"""The two READMEs are equal, and what they name exists."""

import re
from pathlib import Path

import pytest

from services.cli.__main__ import run
from services.kit.settings import STACK_ONLY, every_setting

ROOT = Path(__file__).parents[2]
README, KOREAN = (ROOT / name for name in ("README.md", "README.ko.md"))
COMMAND = re.compile(r"\bmadang((?: [a-z][a-z-]*)+)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
GROUPS = {"agenda", "sample", "meetings", "import", "partners", "events", "db", "topics", "deadletters"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(path: Path) -> list[int]:
    prose = BLOCK.sub("", text(path))
    return [len(match) for match in re.findall(r"^(#+) ", prose, re.MULTILINE)]


def commands(path: Path) -> set[str]:
    """Every `madang noun [verb]` in code, without arguments."""
    code = " \n".join([*(body for _, body in BLOCK.findall(text(path))), *re.findall(r"`(madang [^`]+)`", text(path))])
    named = [found.split() for found in COMMAND.findall(code)]
    return {" ".join(words[: 2 if words[0] in GROUPS else 1]) for words in named}


def test_both_readmes_have_the_same_headings() -> None:
    assert headings(README) == headings(KOREAN)


def test_both_readmes_have_the_same_code_blocks() -> None:
    assert BLOCK.findall(text(README)) == BLOCK.findall(text(KOREAN))


def test_both_readmes_name_the_same_commands_settings_and_files() -> None:
    def named(path: Path) -> list[str]:
        return sorted(re.findall(r"`([^`\n]+)`", BLOCK.sub("", text(path))))

    assert named(README) == named(KOREAN)
    other = {README: "README.ko.md", KOREAN: "README.md"}
    assert [link for link in LINK.findall(text(README)) if link != other[README]] == [
        link for link in LINK.findall(text(KOREAN)) if link != other[KOREAN]
    ]


def test_both_readmes_have_as_many_rows_and_points() -> None:
    def rows(path: Path) -> list[str]:
        return [line[0] for line in text(path).splitlines() if line.startswith(("| ", "- "))]

    assert rows(README) == rows(KOREAN)


def test_the_first_screen_has_one_picture_and_the_two_commands() -> None:
    screen = "\n".join(text(README).splitlines()[:25])
    assert [body.split() for _, body in BLOCK.findall(screen)][1] == ["make", "demo", "make", "test"]


@pytest.mark.parametrize("command", sorted(commands(README)))
def test_every_command_that_the_readme_names_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    assert f"madang {command}" in capsys.readouterr().out


def test_every_setting_that_the_readme_names_exists() -> None:
    known = {f"MADANG_{name.upper()}" for name in every_setting()} | STACK_ONLY
    assert set(re.findall(r"\bMADANG_[A-Z_]+", text(README))) <= known


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "tests/README.md"])
def test_every_file_that_a_page_links_to_exists(page: str) -> None:
    path = ROOT / page
    links = [link for link in LINK.findall(text(path)) if not link.startswith("http")]
    assert [link for link in links if not (path.parent / link).exists()] == []
