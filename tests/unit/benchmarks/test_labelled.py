"""The labelled pairs, and how a score is judged by them."""

import pytest

from benchmarks.labelled import facts, matters, pairs
from benchmarks.search import Record
from benchmarks.suggestions import judge
from services.agenda.projection.apply import fact_of
from services.agenda.projection.rows import ItemRow
from services.kit.vocabulary import DISTRICTS, RepresentedGroup


def test_there_are_at_least_240_pairs_and_as_many_texts_as_it_says() -> None:
    assert sum(1 for half in (0, 1) for _ in pairs(half)) >= 240
    texts = [said.whole for matter in matters() for said in (matter.asked, matter.same, matter.other)]
    assert len(set(texts)) == len(texts) == 3 * len(matters())


def test_each_half_has_matters_of_its_own_and_one_right_pair_of_three() -> None:
    halves = [[(one.source_id, together) for one, _, together in pairs(half)] for half in (0, 1)]
    assert not {source for source, _ in halves[0]} & {source for source, _ in halves[1]}
    for half in halves:
        assert 3 * sum(together for _, together in half) == len(half)


def test_groups_and_districts_are_the_citys() -> None:
    for matter in matters():
        for said in (matter.asked, matter.same, matter.other):
            assert said.district in DISTRICTS
            assert not said.group or RepresentedGroup(said.group)


def test_every_text_is_a_fact_that_the_store_can_read() -> None:
    read = [fact_of(Record(made.topic, 1, 0, made.key, made.value, made.headers)) for made in facts()]
    rows = {fact.row.agenda_id for fact in read if isinstance(fact.row, ItemRow)}
    assert rows == {said.agenda_id for matter in matters() for said in (matter.asked, matter.same, matter.other)}


@pytest.mark.parametrize(("cut", "precision", "recall"), [(0.0, 0.5, 1.0), (0.3, 2 / 3, 1.0), (0.6, 1.0, 0.5), (0.9, 0.0, 0.0)])
def test_a_cut_off_is_judged_by_what_it_names(cut: float, precision: float, recall: float) -> None:
    judged = judge([(0.8, True), (0.5, False), (0.4, True), (0.1, False)], cut)
    assert judged.precision == pytest.approx(precision)
    assert judged.recall == pytest.approx(recall)
