"""What an index is made of, what a period comes to, and what falls below 100."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

import pytest
import yaml
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from madang.agenda.v1 import index_pb2 as pb
from services.agenda.domain.index import (
    Index,
    IndexArea,
    IndexDefinition,
    IndexDirection,
    IndexIndicator,
    IndexLevel,
    IndexTask,
    IndexValue,
    index_id,
)
from services.agenda.domain.index_review import IndexReview, IndexReviewCause, IndexReviewStatus, review_id, reviews_of
from services.agenda.events import IndexImported, IndexReviewConcluded, IndexReviewOpened
from services.agenda.wire.index import import_from_wire, index_event, index_from_wire, index_to_wire
from services.agenda.wire.index_review import review_event, review_from_wire, review_to_wire
from services.cli.methods import numbered
from services.kit import validation
from services.kit.contracts import event_type_of
from services.kit.errors import Kind, Refused
from services.kit.text import Label
from services.kit.vocabulary import GtsnArea

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "examples" / "indexes" / "gtsn.yaml"
MORE, LESS = IndexDirection.MORE, IndexDirection.LESS


def indicator(code: str, task: str, baseline: float = 50, direction: IndexDirection = MORE) -> IndexIndicator:
    return IndexIndicator(code, task, Label(f"{code} 지표"), "%", baseline, direction)


DEFINITION = IndexDefinition(
    Label("지수", "index"), 2022,
    (IndexArea("housing", Label("주거")), IndexArea("safety", Label("안전"))),
    (
        IndexTask("homes", "housing", Label("집")), IndexTask("rents", "housing", Label("집세")),
        IndexTask("streets", "safety", Label("거리")),
    ),
    (indicator("h1", "homes"), indicator("h2", "homes", 40), indicator("r1", "rents", 20, LESS), indicator("s1", "streets", 10, LESS)),
)  # fmt: skip
EMPTY = Index(index_id("test"), "test", DEFINITION, (), NOW)
VALUES = (
    IndexValue("h1", "2023", 60), IndexValue("h2", "2023", 30), IndexValue("r1", "2023", 16), IndexValue("h1", "2023-Q4", 50),
    IndexValue("s1", "2022", 10),
)  # fmt: skip
INDEX = EMPTY.imported(VALUES).state
LATER = NOW.replace(year=2027)


def refusal(definition: IndexDefinition = DEFINITION, *values: IndexValue) -> Refused:
    with pytest.raises(Refused) as refused:
        replace(EMPTY, definition=definition).imported(values)
    return refused.value


# -- values -----------------------------------------------------------------------------------------------------------------------


def test_the_baseline_itself_is_exactly_100_whichever_way_is_better() -> None:
    for direction in IndexDirection:
        for baseline in (0.1, 3.0, 7.3, 1e-9, 123_456.789):
            assert indicator("x", "t", baseline, direction).against_baseline(baseline) == 100


@pytest.mark.parametrize(("direction", "measured", "value"), [(MORE, 60, 120), (MORE, 40, 80), (LESS, 40, 125), (LESS, 100, 50)])
def test_better_is_above_100_and_worse_below_it(direction: IndexDirection, measured: float, value: float) -> None:
    assert indicator("x", "t", 50, direction).against_baseline(measured) == pytest.approx(value)


def test_every_level_is_the_plain_mean_of_what_is_directly_below_it() -> None:
    rows = {(row.level, row.code): row.value for row in INDEX.rows("2023")}
    assert rows == {
        (IndexLevel.WHOLE, "test"): pytest.approx(fmean([97.5, 125])),
        (IndexLevel.AREA, "housing"): pytest.approx(fmean([97.5, 125])),
        (IndexLevel.TASK, "homes"): pytest.approx(fmean([120, 75])),
        (IndexLevel.INDICATOR, "h1"): pytest.approx(120),
        (IndexLevel.INDICATOR, "h2"): pytest.approx(75),
        (IndexLevel.TASK, "rents"): pytest.approx(125),
        (IndexLevel.INDICATOR, "r1"): pytest.approx(125),
        (IndexLevel.AREA, "safety"): None,
        (IndexLevel.TASK, "streets"): None,
        (IndexLevel.INDICATOR, "s1"): None,
    }
    assert [row.indicators for row in INDEX.rows("2023")] == [3, 3, 2, 1, 1, 1, 1, 0, 0, 0]


def recounted(definition: IndexDefinition, measured: Mapping[str, float]) -> dict[str, float]:
    """The index values of all levels, counted from the leaves up without the code under test."""
    found: dict[str, float] = {}
    areas: dict[str, list[float]] = {}
    for task in definition.tasks:
        values = []
        for one in definition.indicators:
            if one.task == task.code and one.code in measured:
                more, value = one.direction is MORE, measured[one.code]
                found[one.code] = 100 * value / one.baseline if more else 100 * one.baseline / value
                values.append(found[one.code])
        if values:
            found[task.code] = sum(values) / len(values)
            areas.setdefault(task.area, []).append(found[task.code])
    found |= {area: sum(values) / len(values) for area, values in areas.items()}
    means = [found[area] for area in areas]
    return found | ({"test": sum(means) / len(means)} if means else {})


@given(st.dictionaries(st.sampled_from(["h1", "h2", "r1", "s1"]), st.floats(0.01, 4e5)))
def test_index_values_follow_from_a_recount_and_reviews_from_index_values(measured: dict[str, float]) -> None:
    index = EMPTY.imported([IndexValue(code, "2024", value) for code, value in measured.items()]).state
    rows = {row.code: row.value for row in index.rows("2024") if row.value is not None}
    expected = recounted(DEFINITION, measured)
    assert rows == {code: pytest.approx(value) for code, value in expected.items()}
    assert {review.indicator for review in reviews_of(index)} == {code for code in measured if rows[code] < 100}


def test_the_newest_period_is_the_one_that_ends_last() -> None:
    assert INDEX.newest_period == "2023"
    assert replace(EMPTY, values=(IndexValue("h1", "2023", 1), IndexValue("h1", "2024-Q1", 1))).newest_period == "2024-Q1"
    assert EMPTY.newest_period == ""


def test_indicators_are_selected_by_area_task_or_code() -> None:
    assert [one.code for one in INDEX.selected()] == ["h1", "h2", "r1", "s1"]
    assert [one.code for one in INDEX.selected(area="housing")] == ["h1", "h2", "r1"]
    assert [one.code for one in INDEX.selected(task="homes")] == ["h1", "h2"]
    assert [one.code for one in INDEX.selected(area="housing", indicator="s1")] == []
    for named in ({"area": "none"}, {"task": "none"}, {"indicator": "none"}):
        with pytest.raises(Refused) as refused:
            INDEX.selected(**named)
        assert (refused.value.kind, refused.value.code) == (Kind.NOT_FOUND, "NOT_FOUND")


# -- imports ----------------------------------------------------------------------------------------------------------------------


def test_an_index_is_imported_with_its_values_in_order() -> None:
    change = EMPTY.imported(VALUES)
    assert change.fact == IndexImported(NOW)
    assert [(value.indicator, value.period) for value in change.state.values] == [
        ("h1", "2023"), ("h1", "2023-Q4"), ("h2", "2023"), ("r1", "2023"), ("s1", "2022"),
    ]  # fmt: skip


def test_the_same_again_changes_nothing_be_it_the_whole_or_a_part() -> None:
    for definition in (None, DEFINITION):
        for values in (VALUES, VALUES[:2], ()):
            assert INDEX.with_import(definition, values, at=LATER) is None


def test_values_replace_those_of_their_period_and_leave_the_others() -> None:
    change = INDEX.with_import(None, [IndexValue("h1", "2023", 45), IndexValue("s1", "2023", 5)], at=LATER)
    assert change is not None
    assert (change.state.imported_at, change.fact) == (LATER, IndexImported(LATER))
    assert len(change.state.values) == len(VALUES) + 1
    assert change.state.value_of("h1", "2023") == pytest.approx(90)
    assert change.state.value_of("h2", "2023") == pytest.approx(75)
    assert change.state.value_of("h2", "2024") is None


def test_values_go_with_the_indicators_that_an_index_has_no_more() -> None:
    change = INDEX.with_import(replace(DEFINITION, indicators=DEFINITION.indicators[:2]), (), at=LATER)
    assert change is not None
    assert {value.indicator for value in change.state.values} == {"h1", "h2"}


TURNED = replace(DEFINITION, indicators=(replace(DEFINITION.indicators[0], task="none"),))
TINY = replace(DEFINITION, indicators=(replace(DEFINITION.indicators[0], baseline=1e-306),))
ASTRAY = replace(DEFINITION, tasks=(replace(DEFINITION.tasks[0], area="none"),))


@pytest.mark.parametrize(
    ("refused", "code", "part"),
    [
        (refusal(replace(DEFINITION, areas=DEFINITION.areas * 2)), "DUPLICATE_ITEM", "housing"),
        (refusal(replace(DEFINITION, tasks=DEFINITION.tasks * 2)), "DUPLICATE_ITEM", "homes"),
        (refusal(replace(DEFINITION, indicators=DEFINITION.indicators * 2)), "DUPLICATE_ITEM", "h1"),
        (refusal(ASTRAY), "INDEX_AREA_UNKNOWN", "homes"),
        (refusal(TURNED), "INDEX_TASK_UNKNOWN", "h1"),
        (refusal(DEFINITION, IndexValue("x9", "2023", 1)), "INDEX_INDICATOR_UNKNOWN", "x9"),
        (refusal(DEFINITION, IndexValue("r1", "2023", 0)), "INDEX_VALUE_ZERO", "r1"),
        (refusal(TINY, IndexValue("h1", "2023", 1)), "INDEX_VALUE_RANGE", "h1"),
        (refusal(DEFINITION, IndexValue("r1", "2023", 5e-324)), "INDEX_VALUE_RANGE", "r1"),
        (refusal(DEFINITION, IndexValue("h1", "2023", 500_001)), "INDEX_VALUE_RANGE", "h1"),
        (refusal(DEFINITION, *VALUES[:1] * 2), "DUPLICATE_ITEM", "h1 in 2023"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_together_is_refused_and_says_which(refused: Refused, code: str, part: str) -> None:
    assert (refused.kind, refused.code, refused.details) == (Kind.INVALID, code, {"part": part})


def test_a_value_that_cannot_be_compared_is_refused_also_where_only_the_direction_changes() -> None:
    zero = EMPTY.imported([IndexValue("h1", "2023", 0)]).state
    turned = replace(DEFINITION, indicators=(replace(DEFINITION.indicators[0], direction=LESS), *DEFINITION.indicators[1:]))
    with pytest.raises(Refused, match="nothing can be compared") as refused:
        zero.with_import(turned, (), at=LATER)
    assert refused.value.code == "INDEX_VALUE_ZERO"


def test_an_index_value_reaches_up_to_a_million_also_where_only_the_baseline_changes() -> None:
    most = EMPTY.imported([IndexValue("h1", "2023", 500_000)]).state
    assert most.value_of("h1", "2023") == 1_000_000
    with pytest.raises(Refused) as refused:
        most.with_import(TINY, (), at=LATER)
    assert refused.value.code == "INDEX_VALUE_RANGE"


# -- reviews ----------------------------------------------------------------------------------------------------------------------

REVIEW = IndexReview(review_id("test", "h2", "2023"), "test", "h2", "2023", 75, NOW)


def test_each_value_below_100_calls_for_a_review_and_no_other() -> None:
    assert list(reviews_of(INDEX)) == [REVIEW]
    assert REVIEW.opened().fact == IndexReviewOpened(NOW)


def test_a_review_is_concluded_with_its_cause_once() -> None:
    change = REVIEW.conclude(IndexReviewCause.DEMAND, "찾는 사람이 줄었다", "officer", at=LATER)
    assert change.fact == IndexReviewConcluded(LATER)
    state = change.state
    assert (state.status, state.cause, state.reason) == (IndexReviewStatus.CONCLUDED, IndexReviewCause.DEMAND, "찾는 사람이 줄었다")
    assert (state.concluded_by, state.concluded_at) == ("officer", LATER)
    with pytest.raises(Refused) as refused:
        state.conclude(IndexReviewCause.FEASIBILITY, "다시", "officer", at=LATER)
    assert refused.value.code == "TRANSITION_FORBIDDEN"


# -- the wire ---------------------------------------------------------------------------------------------------------------------


def test_an_index_and_its_reviews_are_the_same_after_both_ways() -> None:
    assert index_from_wire(index_to_wire(INDEX)) == INDEX
    concluded = REVIEW.conclude(IndexReviewCause.FEASIBILITY, "자리가 없었다", "officer", at=LATER).state
    for review in (REVIEW, concluded):
        assert review_from_wire(review_to_wire(review)) == review


def test_every_fact_has_an_event_of_its_own_with_the_state_after_it() -> None:
    facts = [
        index_event(IndexImported(NOW), INDEX), review_event(IndexReviewOpened(NOW), REVIEW),
        review_event(IndexReviewConcluded(NOW), REVIEW),
    ]  # fmt: skip
    assert [event_type_of(fact).removeprefix("kr.go.seoul.madang.") for fact in facts] == [
        "index.imported.v1", "index-review.opened.v1", "index-review.concluded.v1",
    ]  # fmt: skip
    assert [fact.after for fact in facts] == [index_to_wire(INDEX), *[review_to_wire(REVIEW)] * 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"indicator": "h1", "period": "2023-Q5", "value": 1}, "FORMAT_INVALID"),
        ({"indicator": "h1", "period": "2023", "value": -1}, "RANGE_INVALID"),
        ({"indicator": "h1", "period": "2023", "value": "Infinity"}, "RANGE_INVALID"),
        ({"indicator": "", "period": "2023", "value": 1}, "FORMAT_INVALID"),
    ],
)
def test_a_value_that_is_none_is_refused_by_the_contract(value: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        validation.check(ParseDict({"code": "test", "values": [value]}, pb.ImportIndexRequest()))
    assert refused.value.code == code


def test_a_baseline_of_0_is_refused_by_the_contract() -> None:
    request = pb.ImportIndexRequest(code="test", definition=index_to_wire(INDEX).definition)
    validation.check(request)
    request.definition.indicators[0].baseline = 0
    with pytest.raises(Refused) as refused:
        validation.check(request)
    assert refused.value.code == "RANGE_INVALID"


# -- the sample -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Index:
    content = numbered(pb.ImportIndexRequest.DESCRIPTOR, yaml.safe_load(SAMPLE.read_text(encoding="utf-8")))
    request = ParseDict(content, pb.ImportIndexRequest())
    validation.check(request)
    taken = import_from_wire(request)
    assert taken.definition is not None
    return Index(index_id(taken.code), taken.code, taken.definition, (), NOW).imported(taken.values).state


def test_the_sample_has_the_shape_that_seoul_published_and_2022_is_100(sample: Index) -> None:
    definition = sample.definition
    assert (len(definition.areas), len(definition.tasks), len(definition.indicators)) == (6, 10, 50)
    assert [area.code for area in definition.areas] == list(GtsnArea)
    assert {value.period for value in sample.values} == {"2022", "2023", "2024"}
    assert {row.value for row in sample.rows("2022")} == {100}
    below = {review.period for review in reviews_of(sample)}
    assert below == {"2023", "2024"}


def test_the_sample_says_of_itself_that_it_is_invented() -> None:
    assert "invented" in SAMPLE.read_text(encoding="utf-8").split("\ncode:", maxsplit=1)[0]
