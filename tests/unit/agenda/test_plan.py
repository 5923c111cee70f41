"""What a plan is made of, and what a year of it comes to."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

import pytest
import yaml
from google.protobuf.json_format import ParseDict

from madang.agenda.v1 import plan_pb2 as pb
from services.agenda.domain.plan import NodeProgress, Plan, PlanLevel, PlanNode, PlanYear, in_order, plan_id, plan_tags
from services.agenda.events import PlanImported
from services.agenda.wire.plan import import_from_wire, plan_event, plan_from_wire, plan_to_wire
from services.cli.contracts import comment
from services.kit import validation
from services.kit.contracts import event_type_of
from services.kit.errors import Kind, Refused
from services.kit.text import Label
from services.kit.vocabulary import HrObjective

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "examples" / "plans" / "hr2013.yaml"


def node(code: str, *years: PlanYear) -> PlanNode:
    return PlanNode(code, Label(f"{code}번"), years=years)


FIRST = node("1.1.1.1", PlanYear(2013, 20, 10), PlanYear(2014, 40, 40, "마침"))
SECOND = node("1.1.1.2", PlanYear(2013, 40), PlanYear(2014, 60, 20))
TENTH = node("1.1.1.10")
PLAN = Plan(
    plan_id("hr2013"), "hr2013", Label("기본계획", "basic plan"), 2013, 2017,
    in_order([TENTH, FIRST, SECOND, node("1"), node("1.1"), node("1.1.1"), node("2"), node("2.1")]), NOW,
)  # fmt: skip


def refusal(plan: Plan) -> Refused:
    with pytest.raises(Refused) as refused:
        plan.imported()
    assert refused.value.kind is Kind.INVALID
    return refused.value


def with_nodes(*nodes: PlanNode) -> Plan:
    return replace(PLAN, nodes=in_order(nodes))


def test_a_task_has_a_tag_of_its_own_and_one_for_each_part_above_it() -> None:
    assert plan_tags("hr2013/1.2.3.4") == ("plan:hr2013/1", "plan:hr2013/1.2", "plan:hr2013/1.2.3", "plan:hr2013/1.2.3.4")


def test_nodes_stand_in_the_order_of_their_numbers_each_at_its_level() -> None:
    codes = [node.code for node in PLAN.nodes]
    assert codes == ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "1.1.1.10", "2", "2.1"]
    assert [node.level for node in PLAN.nodes[:4]] == list(PlanLevel)


def test_a_plan_is_imported_with_all_that_it_has() -> None:
    change = PLAN.imported()
    assert (change.state, change.fact) == (PLAN, PlanImported(NOW))


def test_the_same_plan_again_changes_nothing_and_another_one_replaces_it() -> None:
    later = replace(PLAN, imported_at=NOW.replace(year=2027))
    assert PLAN.replaced_by(later) is None
    shorter = replace(later, to_year=2016)
    change = PLAN.replaced_by(shorter)
    assert change is not None
    assert (change.state, change.fact) == (shorter, PlanImported(shorter.imported_at))


@pytest.mark.parametrize(
    ("plan", "code", "words"),
    [
        (replace(PLAN, to_year=2012), "PLAN_YEARS_REVERSED", "ends in 2012"),
        (with_nodes(node("1"), node("1")), "DUPLICATE_ITEM", "two nodes 1"),
        (with_nodes(node("1"), node("1.1.1")), "PLAN_PARENT_MISSING", "1.1.1 belongs to 1.1"),
        (with_nodes(*PLAN.nodes, node("1.1.1.1.1")), "PLAN_TOO_DEEP", "1.1.1.1.1 has more than 4"),
        (with_nodes(node("1", PlanYear(2013))), "PLAN_YEARS_MISPLACED", "1 has years"),
        (
            with_nodes(node("1"), replace(node("1.1"), objective=HrObjective.RIGHTS_CULTURE)),
            "PLAN_OBJECTIVE_MISPLACED",
            "1.1 stands for rights_culture",
        ),
        (with_nodes(*PLAN.nodes, node("1.1.1.3", PlanYear(2018))), "PLAN_YEAR_OUTSIDE", "from 2013 to 2017"),
        (with_nodes(*PLAN.nodes, node("1.1.1.3", PlanYear(2013), PlanYear(2013))), "DUPLICATE_ITEM", "the year 2013 twice"),
    ],
)
def test_a_plan_that_is_not_whole_is_refused_and_says_where(plan: Plan, code: str, words: str) -> None:
    refused = refusal(plan)
    assert refused.code == code
    assert words in refused.message
    assert code in comment("madang.agenda.v1.PlanService.ImportPlan")
    with pytest.raises(Refused):
        PLAN.replaced_by(plan)


def test_a_years_progress_is_the_mean_over_the_tasks_that_have_one() -> None:
    rows = {row.node.code: row for row in PLAN.progress(2013)}
    assert rows["1"] == NodeProgress(PLAN.nodes[0], 3, 30, 10)
    assert rows["1.1.1.1"] == NodeProgress(FIRST, 1, 20, 10)
    assert rows["1.1.1.10"] == NodeProgress(TENTH, 1, None, None)
    assert rows["2"] == NodeProgress(PLAN.nodes[6], 0, None, None)
    assert {row.node.code: row.progress for row in PLAN.progress(2014)}["1.1"] == fmean([40, 20])


def test_a_part_lists_its_own_tasks_and_not_those_of_one_whose_code_begins_alike() -> None:
    assert PLAN.part("1.1.1.1") == [FIRST]
    assert PLAN.part("1.1") == PLAN.part("") == [FIRST, SECOND, TENTH]
    assert PLAN.part("2.1") == []
    with pytest.raises(Refused) as refused:
        PLAN.part("3")
    assert (refused.value.kind, refused.value.code) == (Kind.NOT_FOUND, "NOT_FOUND")


@pytest.mark.parametrize(("asked", "found"), [(2012, 2013), (2015, 2015), (2026, 2017)])
def test_a_year_outside_the_plan_leads_to_the_nearest_of_its_own(asked: int, found: int) -> None:
    assert PLAN.nearest_year(asked) == found


@pytest.mark.parametrize(("code", "known"), [("1.1.1.1", True), ("1.1.1", False), ("1.1.1.3", False), ("", False)])
def test_only_a_detailed_task_is_a_task(code: str, known: bool) -> None:
    assert PLAN.has_task(code) is known


# -- the wire ---------------------------------------------------------------------------------------------------------------------


def test_a_plan_is_the_same_after_both_ways() -> None:
    objective = replace(PLAN.nodes[0], objective=HrObjective.RIGHTS_CULTURE, department="인권담당관")
    plan = replace(PLAN, nodes=(objective, *PLAN.nodes[1:]))
    assert plan_from_wire(plan_to_wire(plan)) == plan


def test_its_fact_carries_the_whole_plan() -> None:
    event = plan_event(PlanImported(NOW), PLAN)
    assert event_type_of(event) == "kr.go.seoul.madang.plan.imported.v1"
    assert event.after == plan_to_wire(PLAN)  # type: ignore[attr-defined]


def test_an_objective_that_the_vocabulary_has_not_is_refused() -> None:
    request = pb.ImportPlanRequest(code="hr2013", nodes=[pb.PlanNode(code="1", objective="happiness")])
    with pytest.raises(Refused) as refused:
        import_from_wire(request, NOW)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "rights_culture" in refused.value.message


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "HR 2013"}, "FORMAT_INVALID"),
        ({"title": {}}, "FIELD_REQUIRED"),
        ({"from_year": 0}, "RANGE_INVALID"),
        ({"nodes": []}, "FIELD_REQUIRED"),
        ({"nodes": [{"code": "1.0", "title": {"ko": "없음"}}]}, "FORMAT_INVALID"),
        ({"nodes": [{"code": "1", "title": {"en": "no Korean"}}]}, "FIELD_REQUIRED"),
        ({"nodes": [{"code": "1", "title": {"ko": "가"}, "years": [{"year": 2013, "target": 101}]}]}, "RANGE_INVALID"),
        ({"nodes": [{"code": "1", "title": {"ko": "가"}, "years": [{"year": 2013, "progress": "NaN"}]}]}, "RANGE_INVALID"),
    ],
)
def test_what_the_contract_does_not_allow_is_refused(changes: dict[str, object], code: str) -> None:
    content = {
        "code": "hr2013",
        "title": {"ko": "계획"},
        "from_year": 2013,
        "to_year": 2017,
        "nodes": [{"code": "1", "title": {"ko": "가"}}],
    }
    with pytest.raises(Refused) as refused:
        validation.check(ParseDict(content | changes, pb.ImportPlanRequest()))
    assert refused.value.code == code


# -- the sample -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Plan:
    request = ParseDict(yaml.safe_load(SAMPLE.read_text(encoding="utf-8")), pb.ImportPlanRequest())
    validation.check(request)
    return import_from_wire(request, NOW)


def test_the_basic_plan_for_human_rights_has_the_shape_that_seoul_published(sample: Plan) -> None:
    sample.check()
    levels = [node.level for node in sample.nodes]
    assert [levels.count(level) for level in PlanLevel] == [5, 17, 25, 73]
    assert [node.objective for node in sample.nodes if node.level is PlanLevel.OBJECTIVE] == list(HrObjective)
    assert {year.year for task in sample.tasks() for year in task.years} == set(range(2013, 2018))


def test_the_sample_says_of_itself_that_its_titles_are_examples() -> None:
    head = SAMPLE.read_text(encoding="utf-8").split("\ncode:", maxsplit=1)[0]
    assert "plausible examples in our own words" in " ".join(line.removeprefix("# ") for line in head.splitlines())
