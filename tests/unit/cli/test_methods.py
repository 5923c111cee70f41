"""A service's methods are commands: each has one, its options make its request, and its answer is shown."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import typer
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from madang.proposals.v1 import proposal_pb2, proposals_pb2, town_project_pb2
from madang.proposals.v1 import town_project_messages_pb2 as town
from madang.type.v1 import vocabulary_pb2
from services.cli import methods as commands
from services.cli.__main__ import AGENDA, FLAGS, SERVICES, WITH_VALUE, app_for, run
from services.cli.contracts import comment, methods, names_something
from services.cli.exits import Exit
from services.kit import validation
from services.kit.errors import Refused

PROJECT = "01936d3c-7000-7000-8000-0000000000a1"
NOUNS = {service: (service,) for service in sorted(SERVICES)} | {noun: ("agenda", served) for noun, served in AGENDA.items()}
UNARY = [(noun, method) for noun, served in NOUNS.items() for method in methods(*served).values() if not method.server_streaming]
HISTORY = "Import"  # `madang import` takes it
SERVED = [pytest.param(service, method, id=method.full_name) for service, method in UNARY if not method.name.startswith(HISTORY)]


class Wire:
    """In the place of a running service: keeps what was asked, and answers what it was told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def unary_unary(self, path: str, *, request_serializer: Any, response_deserializer: Any) -> Any:
        async def call(request: Any) -> Any:
            name = path.rpartition("/")[2]
            self.asked.append((name, type(request).FromString(request_serializer(request))))
            answer = self.answers.get(name)
            return response_deserializer(answer.SerializeToString() if answer else b"")

        return call

    @property
    def last(self) -> Any:
        """The request of the last call."""
        return self.asked[-1][1]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()

    @asynccontextmanager
    async def channel(_service: str) -> AsyncIterator[Wire]:
        yield made

    monkeypatch.setattr(commands, "channel", channel)
    return made


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


# -- every method is a command ----------------------------------------------------------------------------------------------------


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


# -- options make the request -----------------------------------------------------------------------------------------------------

MESSAGES = {"google.protobuf.Timestamp": "2026-11-26T14:00:00+09:00", "madang.type.v1.Text": "vi=Xin chào"}
SCALARS: dict[int, Any] = {
    FieldDescriptor.TYPE_STRING: "words", FieldDescriptor.TYPE_BYTES: "YWJj", FieldDescriptor.TYPE_BOOL: True,
    FieldDescriptor.TYPE_DOUBLE: 1.5, FieldDescriptor.TYPE_FLOAT: 1.5,
}  # fmt: skip


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


@pytest.mark.parametrize("content", [b"- a\n- b\n", b"words", b"", b"a: [", b"colour: red\n", b"grant: much\n", b"\xff\xfe\xfd"])
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


# -- answers ----------------------------------------------------------------------------------------------------------------------


def listed() -> town.ListTownProjectsResponse:
    energy, running = town_project_pb2.TOWN_PROJECT_TYPE_ENERGY, town_project_pb2.TOWN_PROJECT_STATUS_RUNNING
    project = town_project_pb2.TownProject(
        project_id=PROJECT, status=running, town_project_type=energy, title="햇빛\x1b[31m발전소", grant=9
    )
    return town.ListTownProjectsResponse(projects=[project], next_page_token="more")


def test_a_list_is_a_table_with_codes_and_says_that_there_is_more(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire.answers["ListTownProjects"] = listed()
    assert run(["proposals", "town-projects"]) == Exit.OK
    head, row, more = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["project_id", "status", "town_project_type"]
    assert row.split()[:3] == [PROJECT, "running", "energy"]
    assert "\x1b" not in row
    assert more == "next_page_token: more"


@pytest.mark.parametrize("arguments", [["proposals", "town-projects", "--json"], ["--json", "proposals", "town-projects"]])
def test_a_list_is_json_where_that_is_asked_for(wire: Wire, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    wire.answers["ListTownProjects"] = listed()
    assert run(arguments) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["projects"][0]["status"], found["projects"][0]["grant"], found["next_page_token"]) == ("running", 9, "more")


def filled(message: Any) -> Any:
    """A message that has one of everything."""
    for field in message.DESCRIPTOR.fields:
        if field.is_repeated:
            getattr(message, field.name).append(GetMessageClass(field.message_type)() if field.message_type else SCALARS.get(field.type, 1))
        elif field.message_type:
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, SCALARS.get(field.type, 1))
    return message


@pytest.mark.parametrize("fill", [lambda message: message, filled], ids=["empty", "filled"])
@pytest.mark.parametrize(("service", "method"), SERVED)
def test_any_answer_of_any_method_can_be_shown(
    service: str, method: MethodDescriptor, fill: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ([], ["--json"]):
        assert run([*option, "status", "--help"]) == Exit.OK  # sets how commands answer
        capsys.readouterr()
        commands.answer_with(method, fill(GetMessageClass(method.output_type)()))
        shown = capsys.readouterr().out
        assert not option or set(json.loads(shown)) == {field.name for field in method.output_type.fields}


def test_what_was_written_is_one_line(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    answer = town.StartTownProjectResponse()
    answer.written.id, answer.written.revision, answer.written.version = PROJECT, 8, 8
    wire.answers["StartTownProject"] = answer
    assert run(["proposals", "start-town-project", PROJECT]) == Exit.OK
    assert capsys.readouterr().out == f"{PROJECT} revision 8 version 8\n"


def test_a_measure_shows_its_rows_with_the_question_that_opens_each(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    energy = town_project_pb2.TOWN_PROJECT_TYPE_ENERGY
    row = town.TownProjectBoardRow(town_project_type=energy, projects=2, records=town.ListTownProjectsRequest(town_project_type=energy))
    wire.answers["GetTownProjectBoard"] = town.GetTownProjectBoardResponse(rows=[row])
    assert run(["proposals", "town-project-board", "--year", "2026"]) == Exit.OK
    assert wire.last.year == 2026
    assert '{"town_project_type": "energy"}' in capsys.readouterr().out


def test_one_thing_is_shown_field_by_field_without_what_it_leaves_empty(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    proposal = proposal_pb2.Proposal(proposal_id=str(uuid4()), title="그늘막", supports=0)
    wire.answers["GetProposal"] = proposals_pb2.GetProposalResponse(proposal=proposal)
    assert run(["proposals", "show", proposal.proposal_id]) == Exit.OK
    shown = capsys.readouterr().out
    assert "그늘막" in shown
    assert "supports" not in shown
