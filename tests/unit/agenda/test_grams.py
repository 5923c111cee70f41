"""What stands in the search index narrows, and never loses a text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.agenda.search.grams import folded_text, grams_of, narrowing, words_of
from services.kit.text import fold

ALPHABET = st.sampled_from("가나다라마각ᄀaAbBßİıéÉe\u0301ñ漢字中🚌👩‍👩‍👧.,!?·-'\"\\%_ \n\t\u3000\u00a01२")
TEXTS = st.text(ALPHABET, max_size=40)


@given(TEXTS, st.integers(0, 40), st.integers(1, 12))
def test_every_text_with_a_word_has_the_grams_that_are_looked_for(text: str, begin: int, length: int) -> None:
    folded = folded_text([text])
    for word in folded[begin : begin + length].split():
        assert set(narrowing([word])) <= set(grams_of(folded))


@given(TEXTS)
def test_no_gram_reaches_across_white_space(text: str) -> None:
    apart = {gram for word in fold(text).split() for gram in grams_of(word)}
    assert set(grams_of(fold(text))) == apart


@given(st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=3))
def test_different_words_of_up_to_three_characters_have_different_longest_grams(one: str, other: str) -> None:
    first, second = fold(one).split(), fold(other).split()
    if len(first) == len(second) == 1 and first != second and max(len(first[0]), len(second[0])) <= 3:
        assert narrowing(first) != narrowing(second) or not narrowing(first)


def test_grams_fit_a_bigint() -> None:
    assert max(grams_of(chr(0x10FFFF) * 3)) < 2**63


def test_a_query_is_split_after_folding_and_decomposed_hangul_is_the_same() -> None:
    assert words_of("서울  시민\u3000STRASSE Straße") == ["서울", "시민", "strasse"]
    assert words_of(unicodedata.normalize("NFD", "서울")) == ["서울"]


def test_single_latin_letters_are_left_to_a_scan_and_single_syllables_are_not() -> None:
    assert narrowing(["a"]) == []
    assert len(narrowing(["가"])) == 1
