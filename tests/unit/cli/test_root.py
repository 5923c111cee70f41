"""The root of the command line: options anywhere, exit codes, text of strangers."""

import json

import pytest

from services.cli import exits
from services.cli.__main__ import hoisted, run
from services.cli.exits import Exit
from services.cli.output import plain
from services.kit.errors import Kind, Refused, Violation
from services.local.errors import Misconfigured, NoStack, NotRunning


def test_the_roots_options_may_stand_anywhere() -> None:
    assert hoisted(["status", "--json", "--data", "x"]) == (["--json", "--data", "x"], ["status"])
    assert hoisted(["agenda", "search", "--as=officer:kim", "word"]) == (["--as=officer:kim"], ["agenda", "search", "word"])
    assert hoisted(["agenda", "search", "--", "--json"]) == ([], ["agenda", "search", "--", "--json"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], Exit.OK),
        (["up", "--help"], Exit.OK),
        (["no-such-command"], Exit.USAGE),
        (["up", "--no-such-option"], Exit.USAGE),
        (["token", "emperor"], Exit.USAGE),
        (["status", "--scope", "planet=earth"], Exit.USAGE),
    ],
)
def test_usage_has_its_code(arguments: list[str], code: Exit) -> None:
    assert run(arguments) == code


def test_a_stack_that_is_not_there_is_not_found(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--data", f"{tmp_path}/none", "status", "--json"]) == Exit.NOT_FOUND
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["error"]["code"] == "NoStack"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused(Kind.INVALID, "TITLE_REQUIRED", "a title is needed", violations=[Violation("title", "TITLE_REQUIRED", "is blank")]), 1),
        (Refused(Kind.NOT_FOUND, "NOT_FOUND", "no such item"), 3),
        (Refused(Kind.NOT_ALLOWED, "NOT_ALLOWED", "not yours"), 4),
        (Refused(Kind.UNAUTHENTICATED, "UNAUTHENTICATED", "who?"), 4),
        (Refused(Kind.CONFLICT, "VERSION_CONFLICT", "somebody else"), 5),
        (Refused(Kind.UNAVAILABLE, "UNAVAILABLE", "later"), 6),
        (NotRunning("down", "start it"), 6),
        (NoStack("none", "make one"), 3),
        (Misconfigured("wrong", "mend it"), 78),
        (KeyboardInterrupt(), 130),
        (OSError("disk"), 1),
    ],
)
def test_each_failure_has_its_code(error: BaseException, code: int) -> None:
    assert exits.failed(error, as_json=False) == code


def test_violations_are_said_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    exits.failed(Refused(Kind.INVALID, "X", "wrong", violations=[Violation("title", "TITLE_REQUIRED", "is blank")]), as_json=False)
    assert "title: is blank (TITLE_REQUIRED)" in capsys.readouterr().err


def test_text_of_strangers_never_steers_the_terminal() -> None:
    assert plain("[red]a\x1b[31mb\x07").plain == "[red]a[31mb"
