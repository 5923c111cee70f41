"""A title cut to its content words."""

import pytest

from services.agenda.search.words import ENDINGS, STOP_WORDS, WHOLE, content_words, stem
from services.agenda.themes.words import words_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("빈집을", "빈집"),
        ("빈집에서의", "빈집"),
        ("학생들에게는", "학생"),
        ("놀이터로", "놀이터"),
        ("통학로에서", "통학로"),
        ("흡연합니다", "흡연"),
        ("충전해주세요", "충전"),
        ("사과", "사과"),  # a syllable is too little to be left
        ("도로", "도로"),
        ("횡단보도", "횡단보도"),  # its ending is its own
        ("횡단보도를", "횡단보도"),
        ("어린이", "어린이"),
        ("어린이가", "어린이"),
        ("아동의", "아동"),
        ("산책로", "산책로"),
        ("막아주세요", ""),  # a verb
        ("건너도록", ""),
        ("바뀌었습니다", ""),
    ],
)
def test_a_word_is_cut_to_the_same_form_wherever_it_stands(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_longest_ending_goes_and_never_leaves_one_syllable(ending: str) -> None:
    assert stem(f"빈칸{ending}") == "빈칸"
    assert len(stem(f"빈{ending}")) != 1


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("놀이터에 횡단보도를 설치해주세요", {"놀이터", "횡단보도"}),
        ("놀이터 관련 민원 제출의 건", {"놀이터"}),
        ("청년 주택 요청", {"청년", "주택"}),
        ("A request about PARKING in the park", {"parking", "park"}),
        ("강 옆 길", set()),
        ("2026년 1호선 CCTV 12대", {"호선", "cctv"}),
        ("", set()),
        ("!!! ??? ㅋㅋㅋ", set()),
        ("Người dân cần trường học", {"người", "trường"}),
        ("Çocuk parkı", {"çocuk", "parkı"}),
    ],
)
def test_a_title_speaks_of_its_content_words(title: str, words: set[str]) -> None:
    assert set(content_words(title)) == words


def test_words_are_the_same_however_they_are_composed() -> None:
    assert content_words("\u1107\u1175\u11ab\u110c\u1175\u11b8") == ["빈집"]
    assert content_words("Parking") == content_words("PARKING")


def test_theme_tags_count_as_they_are_and_once_with_the_title() -> None:
    assert words_of("빈집을 고치자", ["theme:빈집", "theme:주거  환경", "theme:기타", "group:women", "source:voices"]) == (
        "고치자",
        "빈집",
        "주거 환경",
    )


def test_a_word_that_was_cut_off_is_none() -> None:
    assert words_of("골목 가로등 놀이…", []) == ("가로등", "골목")


def test_the_tables_are_whole() -> None:
    assert len(set(ENDINGS)) == len(ENDINGS)
    assert all(stem(word) == word for word in WHOLE)
    assert all(word == word.casefold() for word in STOP_WORDS)
