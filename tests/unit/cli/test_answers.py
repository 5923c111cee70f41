"""The answer of a method is shown: as a table or field by field, or in JSON."""

import json
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from madang.agenda.v1 import index_pb2
from madang.proposals.v1 import proposal_pb2, proposals_pb2, town_project_pb2
from madang.proposals.v1 import town_project_messages_pb2 as town
from services.cli import methods as commands
from services.cli.__main__ import run
from services.cli.exits import Exit
from tests.unit.cli.conftest import PROJECT, SCALARS, SERVED, Wire


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


def test_what_was_computed_is_rounded_in_a_table_and_whole_in_json(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    review = index_pb2.ListedReview(review_id=PROJECT, opened_value=100 / 3)
    wire.answers["ListIndexReviews"] = index_pb2.ListIndexReviewsResponse(reviews=[review])
    assert run(["index", "reviews"]) == Exit.OK
    assert " 33.3333 " in capsys.readouterr().out
    assert run(["index", "reviews", "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out)["reviews"][0]["opened_value"] == 100 / 3


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
