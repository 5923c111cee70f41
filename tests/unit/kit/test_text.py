"""Texts: what may stand in them, and how they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.kit.errors import Refused
from services.kit.text import cleaned, fold, normalise, one_line


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x85", "\u202e", "\u2066"])
def test_a_forbidden_character_is_refused_with_its_place(bad: str) -> None:
    request = pb.SubmitProposalRequest(title="제목", description=Text(plain=f"둘{bad}셋"))
    with pytest.raises(Refused) as refused:
        normalise(request)
    [violation] = refused.value.violations
    assert (violation.field, violation.code) == ("description.plain", "TEXT_FORBIDDEN_CHAR")
    assert violation.message.endswith("at 1")


def test_tabs_line_breaks_emoji_and_every_script_are_taken() -> None:
    request = pb.SubmitProposalRequest(title="한\t글\n中文 Tiếng Việt 👩\u200d🦽", themes=["응급실"])
    normalise(request)
    assert request.themes == ["응급실"]


def test_repeated_texts_are_normalised_too() -> None:
    request = pb.SubmitProposalRequest(themes=[unicodedata.normalize("NFD", "서울")])
    normalise(request)
    assert request.themes == ["서울"]


def test_an_import_drops_what_is_forbidden_and_says_how_much() -> None:
    assert cleaned("가\x00나\u202e다") == ("가나다", 2)
    assert cleaned("줄\n바꿈") == ("줄\n바꿈", 0)


def test_a_title_is_one_line() -> None:
    assert one_line("  긴\n제목\u3000 하나 ") == "긴 제목 하나"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_texts_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
