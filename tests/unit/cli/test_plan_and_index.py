"""`madang plan` and `madang index` as people read them: a file goes in whole, and each figure stands beside what opens it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from madang.agenda.v1 import agenda_pb2, figure_pb2, index_pb2, label_pb2, plan_pb2
from services.cli import methods
from services.cli.__main__ import run
from services.cli.exits import Exit

EXAMPLES = Path(__file__).parents[3] / "examples"
TITLE = label_pb2.Label(ko="주거의 권리", vi="quyền về nhà ở")
TAG = agenda_pb2.ListItemsRequest(tags=["plan:hr2013/2.1"])
FIGURES = [
    figure_pb2.Figure(name="items", value=2, records=TAG),
    figure_pb2.Figure(name="open", value=1, records=TAG),
    figure_pb2.Figure(name="decided", value=1, records=TAG),
]
AREA = plan_pb2.PlanProgress(
    code="2.1", title=TITLE, tasks=6, target=40, progress=35.25, items=FIGURES,
    records=plan_pb2.ListPlanTasksRequest(plan="hr2013", below="2.1", year=2014),
)  # fmt: skip
NODE = plan_pb2.PlanNode(code="2.1", title=TITLE, department="주택정책과")
ROW = index_pb2.IndexRow(
    level=index_pb2.INDEX_LEVEL_AREA, code="housing", title=TITLE, value=97.26, indicators=5,
    records=index_pb2.ListIndexValuesRequest(index="gtsn", period="2024", area="housing"),
)  # fmt: skip
COUNT = index_pb2.IndexReviewCount(
    status=index_pb2.INDEX_REVIEW_STATUS_OPEN, count=4,
    records=index_pb2.ListIndexReviewsRequest(index="gtsn", period="2024", status=index_pb2.INDEX_REVIEW_STATUS_OPEN),
)  # fmt: skip
ANSWERS = {
    "GetPlan": plan_pb2.GetPlanResponse(plan=plan_pb2.Plan(code="hr2013", title=TITLE, nodes=[NODE])),
    "GetPlanProgress": plan_pb2.GetPlanProgressResponse(plan="hr2013", year=2014, rows=[AREA]),
    "GetIndex": index_pb2.GetIndexResponse(index="gtsn", baseline_year=2022, period="2024", rows=[ROW], reviews=[COUNT]),
}


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """In the place of the running service: keeps what was asked."""
    found: list[Any] = []

    class Wire:
        def unary_unary(self, path: str, *, response_deserializer: Any, **_how: Any) -> Any:
            async def call(request: Any) -> Any:
                found.append(request)
                answer = ANSWERS.get(path.rpartition("/")[2])
                return response_deserializer(answer.SerializeToString() if answer else b"")

            return call

    @asynccontextmanager
    async def channel(_service: str) -> AsyncIterator[Wire]:
        yield Wire()

    monkeypatch.setattr(methods, "channel", channel)
    return found


def test_a_plan_is_imported_whole_with_a_key_of_its_own(asked: list[Any]) -> None:
    assert run(["plan", "import", str(EXAMPLES / "plans" / "hr2013.yaml")]) == Exit.OK
    assert (asked[0].code, len(asked[0].nodes)) == ("hr2013", 5 + 17 + 25 + 73)
    assert asked[0].request_id


def test_an_index_is_imported_with_codes_as_people_write_them(asked: list[Any]) -> None:
    assert run(["index", "import", str(EXAMPLES / "indexes" / "gtsn.yaml")]) == Exit.OK
    assert (asked[0].code, len(asked[0].values)) == ("gtsn", 150)
    assert {one.direction for one in asked[0].definition.indicators} == {1, 2}


@pytest.mark.parametrize("noun", ["plan", "index"])
def test_a_file_that_is_not_there_or_holds_something_else_is_a_usage_error(noun: str, tmp_path: Path, asked: list[Any]) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("colour: red\n", encoding="utf-8")
    assert run([noun, "import", str(other)]) == Exit.USAGE
    assert run([noun, "import", str(tmp_path / "none.yaml")]) == Exit.USAGE
    assert asked == []


def test_a_number_that_no_field_holds_is_a_usage_error(tmp_path: Path, asked: list[Any]) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(f"code: gtsn\nvalues: [{{indicator: a, period: '2025', value: {'9' * 400}}}]\n", encoding="utf-8")
    assert run(["index", "import", str(file)]) == Exit.USAGE
    assert asked == []


def test_a_plan_is_shown_node_by_node(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "show", "--language", "vi"]) == Exit.OK
    _, row = capsys.readouterr().out.splitlines()
    assert row.split() == ["2.1", "quyền", "về", "nhà", "ở", "주택정책과"]


def test_a_years_figures_stand_beside_the_filter_that_opens_them(capsys: pytest.CaptureFixture[str], asked: list[Any]) -> None:
    assert run(["plan", "progress", "--plan", "hr2013", "--year", "2014"]) == Exit.OK
    head, row = capsys.readouterr().out.splitlines()
    assert "hr2013 2014" in head
    tasks = "madang plan tasks --plan hr2013 --below 2.1 --year 2014"
    assert " ".join(row.split()) == f"2.1 주거의 권리 6 40.0 35.2 {tasks} 2 open 1, decided 1 plan:hr2013/2.1"
    assert (asked[0].plan, asked[0].year) == ("hr2013", 2014)
    assert run(["plan", "progress", "--json"]) == Exit.OK
    [told] = json.loads(capsys.readouterr().out)["rows"]
    assert told["opened_by"] == tasks
    assert {figure["opened_by"] for figure in told["items"]} == {"madang agenda list --tags plan:hr2013/2.1"}


def test_a_year_is_shown_to_who_may_not_list_items(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    area = plan_pb2.PlanProgress(code="2.1", title=TITLE, tasks=6, records=AREA.records)
    monkeypatch.setitem(ANSWERS, "GetPlanProgress", plan_pb2.GetPlanProgressResponse(plan="hr2013", year=2014, rows=[area]))
    assert run(["plan", "progress"]) == Exit.OK
    _, row = capsys.readouterr().out.splitlines()
    assert " ".join(row.split()) == "2.1 주거의 권리 6 madang plan tasks --plan hr2013 --below 2.1 --year 2014"


def test_an_index_stands_beside_the_commands_that_open_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", "show"]) == Exit.OK
    head, row, reviews = capsys.readouterr().out.splitlines()
    assert "gtsn 2024" in head
    assert "2022 = 100" in head
    assert "97.3" in row
    assert row.endswith("madang index values --index gtsn --period 2024 --area housing")
    assert reviews.split()[:3] == ["reviews", "open", "4"]
    assert reviews.endswith("madang index reviews --index gtsn --period 2024 --status open")
