"""A service's methods are commands: each has one, and its options make its request."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from madang.proposals.v1 import proposal_pb2, town_project_pb2
from madang.type.v1 import vocabulary_pb2
from services.cli import methods as commands
from services.cli.__main__ import FLAGS, SERVICES, WITH_VALUE, app_for, run
from services.cli.contracts import comment, names_something
from services.cli.exits import Exit
from services.kit import validation
from services.kit.errors import Refused
from tests.unit.cli.conftest import NOUNS, PROJECT, SCALARS, SERVED, UNARY, Wire


@cache
def commands_of(service: str) -> dict[str, Any]:
    """A noun's commands by name, as typer makes them."""
    group: Any = typer.main.get_group(app_for(service))
    return dict(group.commands[service].commands)


def options_of(command: Any) -> dict[str, Any]:
    """A command's options by name."""
    return {name: parameter for parameter in command.params for name in parameter.opts if name.startswith("--")}


def flag(field: FieldDescriptor) -> str:
    return f"--{field.name.replace('_', '-')}"


@pytest.mark.parametrize("service", NOUNS)
def test_no_two_methods_of_a_service_are_called_the_same(service: str) -> None:
    names = [commands.command_of(method) for owner, method in UNARY if owner == service]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("service", "method"), SERVED)
def test_every_method_is_a_command_that_says_what_it_does(service: str, method: MethodDescriptor) -> None:
    command = commands_of(service)[commands.command_of(method)]
    assert command.help
    assert comment(method.full_name)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_history_is_no_command_but_taken_by_import(service: str) -> None:
    assert not [name for name in commands_of(service) if name.startswith("import")]


@pytest.mark.parametrize("service", NOUNS)
def test_the_help_of_every_command_works_and_names_its_options(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name, command in commands_of(service).items():
        with pytest.raises(SystemExit) as ended:
            command(args=["--help"], prog_name=f"madang {service} {name}")
        shown = capsys.readouterr().out
        assert ended.value.code == 0
        assert not [option for option in options_of(command) if option not in shown], name


def test_a_help_is_asked_for_from_the_root(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["proposals", "apply-town-project", "--help"]) == Exit.OK
    shown = " ".join(capsys.readouterr().out.split())
    assert "PROJECT_ID" in shown
    assert "May be given again and again." in shown


@pytest.mark.parametrize(("service", "method"), SERVED)
def test_every_option_has_its_help_and_none_is_one_of_the_roots(service: str, method: MethodDescriptor) -> None:
    roots = {*FLAGS, *WITH_VALUE, "--fields"}
    assert [field.name for field in method.input_type.fields if flag(field) in roots] == []
    assert [field.name for field in method.input_type.fields if not comment(f"{method.input_type.full_name}.{field.name}")] == []


@pytest.mark.parametrize(("service", "method"), SERVED)
def test_what_a_command_asks_for_by_position_is_what_the_contract_requires(service: str, method: MethodDescriptor) -> None:
    named = {field.name for field in method.input_type.fields if names_something(field) and not field.is_repeated}
    with_ids = GetMessageClass(method.input_type)(**{name: str(UUID(PROJECT)) for name in named})
    assert {name for name in named if not is_refused_for(GetMessageClass(method.input_type)(), name)} == set()
    assert not any(is_refused_for(with_ids, name) for name in named)


def is_refused_for(request: Any, field: str) -> bool:
    try:
        validation.check(request)
    except Refused as refused:
        return field in {violation.field for violation in refused.violations}
    return False


MESSAGES = {"google.protobuf.Timestamp": "2026-11-26T14:00:00+09:00", "madang.type.v1.Text": "vi=Xin chào"}


def written(field: FieldDescriptor) -> Any:
    """What somebody writes for a field, as typer hands it on."""
    if field.enum_type:
        one: Any = next(iter(commands._codes(field)))
    elif field.message_type:
        one = MESSAGES.get(field.message_type.full_name, "{}")
    else:
        one = SCALARS.get(field.type, 1)
    return [one] if field.is_repeated else one


def fields() -> Iterator[Any]:
    for _, method in UNARY:
        for field in method.input_type.fields:
            yield pytest.param(method, field, id=field.full_name)


@pytest.mark.parametrize(("method", "field"), list(fields()))
def test_an_option_of_every_kind_reaches_its_field(method: MethodDescriptor, field: FieldDescriptor) -> None:
    request = commands.request_of(method, {field.name: written(field)})
    assert field.name in {found.name for found, _ in request.ListFields()}


def test_the_words_of_a_text_are_korean_unless_a_language_stands_before_them(wire: Wire) -> None:
    for words, plain, language in (
        ("지붕을 보았다", "지붕을 보았다", "ko"),
        ("vi=Đã xem mái nhà", "Đã xem mái nhà", "vi"),
        ("zh-Hans=看过\n屋顶", "看过\n屋顶", "zh-Hans"),
        ("1+1=2", "1+1=2", "ko"),
    ):
        assert run(["proposals", "inspect-town-project", PROJECT, "--note", words, "--inspected-on", "2026-02-20"]) == Exit.OK
        assert (wire.last.note.plain, wire.last.note.language) == (plain, language)


def test_a_code_is_written_as_answers_show_it(wire: Wire) -> None:
    arguments = ["--channel", "web", "--title", "그늘막", "--represented-groups", "elderly", "--represented-groups", "women"]
    assert run(["proposals", "submit", *arguments]) == Exit.OK
    assert wire.last.channel == proposal_pb2.CHANNEL_WEB
    groups = [vocabulary_pb2.REPRESENTED_GROUP_ELDERLY, vocabulary_pb2.REPRESENTED_GROUP_WOMEN]
    assert list(wire.last.represented_groups) == groups


@pytest.mark.parametrize("arguments", [["--channel", "pigeon"], ["--channel", "CHANNEL_WEB"], ["--represented-groups", "pigeons"]])
def test_an_unknown_code_is_a_usage_error_that_names_the_codes(
    wire: Wire, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(["proposals", "submit", *arguments]) == Exit.USAGE
    said = "".join(capsys.readouterr().err.split())
    assert arguments[0] in said
    assert "call_centre,visit,post" in said or "elderly,disabled" in said
    assert wire.asked == []


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("2026-11-26T14:00:00+09:00", 1795669200),
        ("2026-11-26T05:00:00Z", 1795669200),
        ("2026-11-26T14:00", 1795669200),  # Seoul's
        ("2026-11-26", 1795618800),
    ],
)
def test_a_time_is_seouls_unless_it_says_where(wire: Wire, time: str, seconds: int) -> None:
    assert run(["proposals", "propose-town-project", "--title", "책장", "--proposed-at", time]) == Exit.OK
    assert wire.last.proposed_at.seconds == seconds


def test_a_time_before_seoul_had_whole_minutes_is_taken(wire: Wire) -> None:
    assert run(["proposals", "propose-town-project", "--title", "책장", "--proposed-at", "1905-01-01"]) == Exit.OK
    assert wire.last.proposed_at.ToDatetime() == datetime(1904, 12, 31, 15, 32, 8)  # noqa: DTZ001 - as the message has it


def test_a_flag_is_there_or_not(wire: Wire) -> None:
    assert run(["proposals", "town-projects", "--overdue"]) == Exit.OK
    assert wire.last.overdue
    assert run(["proposals", "town-projects"]) == Exit.OK
    assert not wire.last.overdue


def test_objects_are_written_in_json_and_may_be_several(wire: Wire) -> None:
    civic = town_project_pb2.REVIEWER_SECTOR_CIVIC
    sheets = [json.dumps({"reviewerRef": f"reviewer:{n}", "sector": code}) for n, code in ((1, "REVIEWER_SECTOR_CIVIC"), (2, "civic"))]
    assert run(["proposals", "review-town-project", PROJECT, "--sheets", sheets[0], "--sheets", sheets[1]]) == Exit.OK
    assert [(sheet.reviewer_ref, sheet.sector) for sheet in wire.last.sheets] == [("reviewer:1", civic), ("reviewer:2", civic)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["review-town-project", PROJECT, "--sheets", "{"],
        ["review-town-project", PROJECT, "--sheets", "5"],
        ["review-town-project", PROJECT, "--sheets", '{"colour": "red"}'],
        ["review-town-project", PROJECT, "--sheets", '{"sector": "moon"}'],
        ["propose-town-project", "--proposed-at", "soon"],
        ["propose-town-project", "--proposed-at", "0001-01-01"],
        ["apply-town-project", PROJECT, "--budget", "much"],
        ["town-projects", "--page-size", "99999999999"],
        ["apply-town-project"],
    ],
)
def test_what_is_no_value_of_its_kind_is_a_usage_error(wire: Wire, arguments: list[str]) -> None:
    assert run(["proposals", *arguments]) == Exit.USAGE
    assert wire.asked == []


def test_fields_come_from_a_file_and_options_stand_above_them(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "agreement.yaml"
    file.write_text("grant: 8000000\nbegins_on: 2026-04-01\nendsOn: 2026-10-31\n", encoding="utf-8")
    assert run(["proposals", "agree-town-project", PROJECT, "--fields", str(file), "--ends-on", "2026-11-30"]) == Exit.OK
    request = wire.last
    assert (request.project_id, request.grant, request.begins_on, request.ends_on) == (PROJECT, 8_000_000, "2026-04-01", "2026-11-30")


def test_codes_in_a_file_are_written_as_answers_show_them(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "proposal.yaml"
    file.write_text("channel: web\ntitle: 그늘막\nrepresentedGroups: [elderly, REPRESENTED_GROUP_WOMEN]\n", encoding="utf-8")
    assert run(["proposals", "submit", "--fields", str(file)]) == Exit.OK
    assert wire.last.channel == proposal_pb2.CHANNEL_WEB
    assert len(wire.last.represented_groups) == 2


def test_fields_come_from_standard_input_in_json_too(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"note": {"plain": "가능", "language": "ko"}, "inspectedOn": "2026-02-20"})))
    assert run(["proposals", "inspect-town-project", PROJECT, "--fields", "-"]) == Exit.OK
    assert (wire.last.note.plain, wire.last.inspected_on) == ("가능", "2026-02-20")


@pytest.mark.parametrize(
    "content", [b"- a\n- b\n", b"words", b"", b"a: [", b"colour: red\n", b"grant: much\n", b"\xff\xfe\xfd", b"grant: " + b"9" * 5000]
)
def test_a_file_that_holds_no_fields_is_a_usage_error(wire: Wire, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "fields.yaml"
    file.write_bytes(content)
    assert run(["proposals", "agree-town-project", PROJECT, "--fields", str(file)]) == Exit.USAGE
    assert wire.asked == []


def test_a_file_that_is_not_there_is_said(wire: Wire, tmp_path: Path) -> None:
    assert run(["proposals", "agree-town-project", PROJECT, "--fields", str(tmp_path / "none.yaml")]) == Exit.FAILED


def test_every_command_gets_a_key_of_its_own_unless_one_is_given(wire: Wire) -> None:
    for given in ([], [], ["--request-id", "mine"]):
        assert run(["proposals", "start-town-project", PROJECT, *given]) == Exit.OK
    first, second, third = [request.request_id for _, request in wire.asked]
    assert UUID(first) != UUID(second)
    assert third == "mine"
