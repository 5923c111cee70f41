"""Which words say what a text is about, and how alike two texts are, without any I/O."""

import unicodedata
from uuid import UUID

import pytest

from services.agenda.domain.item import Status
from services.agenda.domain.suggestion import BONUS, BUDGET, LEAST_SCORE, MOST_ALONE, MOST_TOGETHER, MOST_WORDS, Asked, Candidate, Rarity
from services.agenda.search.words import content_words, terms_of

TAGS = ("group:women", "district:11380", "field:jobs", "theme:안전", "language:ko")


def candidate(text: str, number: int = 1, tags: tuple[str, ...] = ()) -> Candidate:
    return Candidate(UUID(int=number), text, text, tags, Status.OPEN, "")


def score(one: str, other: str, rarity: Rarity | None = None, tags: tuple[str, ...] = ()) -> float:
    return Asked(one, TAGS, rarity or Rarity()).score(other, tags)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("골목길에 가로등을 설치해 주세요", ["골목길", "가로등"]),
        ("어르신들이 버스정류장에서 기다립니다.", ["어르신", "버스정류장"]),
        ("공원은 공원의 공원에서도", ["공원"]),
        ("The WiFi in 서울역", ["wifi", "서울역"]),
        (unicodedata.normalize("NFD", "가로등을"), ["가로등"]),
        ("우리 동네 너무 많이 있습니다", ["동네"]),
        ("환경 문제입니다, 학생이라고 합니다", ["환경", "학생"]),
        ("나 a 1", []),
        ("", []),
    ],
)
def test_words_are_folded_stripped_and_those_of_every_request_left_out(text: str, words: list[str]) -> None:
    assert content_words(text) == words


def test_a_word_of_two_syllables_keeps_what_only_looks_like_a_particle() -> None:
    assert content_words("거리 나이 하수도") == ["거리", "나이", "하수도"]
    assert content_words("도로 포도") == ["도로", "포도"]


def test_korean_is_compared_by_syllable_pairs_and_other_words_whole() -> None:
    assert terms_of(["가로등", "wifi", "차"]) == {"가로", "로등", "wifi"}


def test_the_same_text_is_wholly_alike_and_another_one_not_at_all() -> None:
    assert score("골목길 가로등 벤치", "골목길 가로등 벤치") == 1.0
    assert score("골목길 가로등 벤치", "도서관 주말 운영") == 0.0
    assert score("", "골목길") == score("골목길", "") == 0.0


def test_compounds_written_together_or_apart_are_alike() -> None:
    assert score("투명페트병 수거함", "투명 페트병 수거함") > 0.8


def test_likeness_is_the_same_both_ways() -> None:
    rarity = Rarity(100, {"가로": 20, "로등": 20, "벤치": 90}, 100)
    assert score("가로등 벤치 요청합니다", "밤길 가로등", rarity) == score("밤길 가로등", "가로등 벤치 요청합니다", rarity)


def test_what_is_rare_weighs_more() -> None:
    rarity = Rarity(1_000, {"벤치": 900, "가로": 5, "로등": 5}, 1_000)
    assert score("가로등 벤치", "가로등 교체", rarity) > 0.5 > score("가로등 벤치", "엘리베이터 벤치", rarity)


@pytest.mark.parametrize("kind", sorted(BONUS))
def test_a_tag_in_common_adds_a_little(kind: str) -> None:
    tag = next(tag for tag in TAGS if tag.startswith(f"{kind}:"))
    plain = score("골목길 가로등", "골목길 보안등")
    assert score("골목길 가로등", "골목길 보안등", tags=(tag,)) == pytest.approx(plain + BONUS[kind], abs=1e-4)
    assert score("골목길 가로등", "골목길 보안등", tags=(f"{kind}:other", "theme:안전", "language:ko")) == plain


def test_tags_alone_make_nothing_alike_and_no_score_passes_one() -> None:
    assert score("가로등", "도서관", tags=TAGS) == 0.0
    assert score("가로등", "가로등", tags=TAGS) == 1.0


def test_the_words_that_made_it_are_the_shared_ones_weightiest_first() -> None:
    rarity = Rarity(1_000, {"벤치": 900, "가로": 5, "로등": 5}, 1_000)
    assert Asked("벤치 가로등 도서관", (), rarity).words("가로등을 벤치") == ("가로등", "벤치")
    many = " ".join(chr(0xAC00 + 60 * number) * 2 for number in range(20))
    assert len(Asked(many, (), Rarity()).words(many)) == MOST_WORDS


def test_the_best_come_first_and_equals_by_id_whatever_the_order() -> None:
    asked = Asked("골목길 가로등", (), Rarity())
    items = [candidate("골목길 가로등", 3), candidate("골목길 가로등", 2), candidate("골목길 보안등", 1), candidate("도서관", 4)]
    expected = [UUID(int=2), UUID(int=3), UUID(int=1)]
    assert [found.item.agenda_id for found in asked.best(items, 10)] == expected
    assert [found.item.agenda_id for found in asked.best(items[::-1], 2)] == expected[:2]


def test_what_is_less_alike_than_the_least_is_left_out() -> None:
    asked = Asked("골목길 가로등 밤길 안전 여성 귀가 불안 범죄 순찰 카메라", (), Rarity())
    far = candidate("골목길 도서관 급식실 주차장 놀이터 자전거 한강공원 유치원 수영장 경로당 하수관")
    assert 0 < asked.score(far.text, ()) < LEAST_SCORE
    assert asked.best([far], 10) == []


def looked_for(text: str, rarity: Rarity) -> set[tuple[str, ...]]:
    asked = Asked(text, (), rarity)
    return {key.terms for key in asked.keys()}  # noqa: SIM118 - it is no mapping


def test_rare_terms_are_looked_for_alone_and_common_ones_together() -> None:
    counts = {"가로": 15, "로등": 15, "벤치": 15}
    keys = looked_for("가로등 벤치 싱크홀", Rarity(1_000, counts, 100_000))
    assert keys == {("싱크",), ("크홀",), ("가로", "로등"), ("가로", "벤치"), ("로등", "벤치")}
    counts = dict.fromkeys(counts, 100)
    keys = looked_for("가로등 벤치 싱크홀", Rarity(1_000, counts, 100_000))
    assert keys == {("싱크",), ("크홀",), ("가로", "로등", "벤치")}


def test_where_every_term_stands_everywhere_they_are_looked_for_once_and_all_together() -> None:
    [key] = Asked("가로등 벤치", (), Rarity(1_000, dict.fromkeys(["가로", "로등", "벤치"], 900), 10**6)).keys()
    assert sorted(key.terms) == ["가로", "로등", "벤치"]


def test_looking_for_common_terms_keeps_to_its_budget() -> None:
    text = " ".join(chr(0xAC00 + 60 * number) * 2 for number in range(20))
    rarity = Rarity(10_000, dict.fromkeys(terms_of(content_words(text)), 100), 2_000_000)
    keys = Asked(text, (), rarity).keys()
    assert 1 <= len(keys) <= MOST_TOGETHER
    assert sum(min(map(rarity.hits, key.terms)) for key in keys) <= BUDGET


def test_a_long_text_is_looked_for_by_a_bounded_number_of_keys() -> None:
    text = " ".join(chr(0xAC00 + 7 * number) + chr(0xAC00 + 11 * number) for number in range(600))
    for total in (10, 10**7):
        assert len(Asked(text, (), Rarity(10, {}, total)).keys()) <= MOST_ALONE + MOST_TOGETHER
