"""Words of which some may not be public."""

import pytest

from services.council.domain.passage import DisclosureLevel, Passage, Span
from services.kit.errors import Refused
from services.kit.text import Text

WORDS = "위원 김하나: 단가는 3만원입니다"
CLOSED, PARTIAL = DisclosureLevel.CLOSED, DisclosureLevel.PARTIAL


def passage(*spans: Span, language: str = "ko") -> Passage:
    return Passage(Text(WORDS, language), spans).checked("speeches")


def test_a_private_span_leaves_a_gap_that_says_why() -> None:
    public = passage(Span(13, 16, PARTIAL, 5), Span(3, 6, CLOSED, 6)).public
    assert public == Passage(Text("위원 [비공개: 제9조제1항제6호]: 단가는 3[부분공개: 제9조제1항제5호]니다", "ko"))


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("ko", "[비공개: 제9조제1항제6호]"),
        ("en-GB", "[Not public: Official Information Disclosure Act, article 9 (1) 6]"),
        ("zh-Hans", "[不公开:《信息公开法》第9条第1款第6项]"),
        ("vi", "[Không công khai: Luật Công khai thông tin, Điều 9 khoản 1 mục 6]"),
        ("th", "[비공개: 제9조제1항제6호]"),
    ],
)
def test_a_gap_is_labelled_in_the_language_of_the_words(language: str, label: str) -> None:
    assert passage(Span(0, len(WORDS), CLOSED, 6), language=language).public.text.plain == label


def test_spans_may_touch() -> None:
    assert passage(Span(0, 2, CLOSED, 1), Span(2, 4, CLOSED, 2)).spans == (Span(0, 2, CLOSED, 1), Span(2, 4, CLOSED, 2))


@pytest.mark.parametrize(
    "spans",
    [
        [Span(-1, 2, CLOSED, 6)],
        [Span(2, 2, CLOSED, 6)],
        [Span(5, 3, CLOSED, 6)],
        [Span(0, len(WORDS) + 1, CLOSED, 6)],
        [Span(0, 5, CLOSED, 6), Span(4, 6, CLOSED, 6)],
        [Span(0, 9, CLOSED, 6), Span(2, 3, PARTIAL, 1)],
    ],
)
def test_a_span_that_reaches_beyond_the_words_or_into_another_is_refused(spans: list[Span]) -> None:
    with pytest.raises(Refused) as refused:
        passage(*spans)
    assert (refused.value.code, refused.value.violations[0].field) == ("SPAN_INVALID", "speeches")


def test_the_digest_says_nothing_about_private_words() -> None:
    one, other = (Passage(Text(f"{name}가 말했다"), (Span(0, 2, CLOSED, 6),)) for name in ("하나", "두리"))
    assert one.digest == other.digest != Passage(Text("하나가 말했다")).digest


def test_an_identity_number_is_exposed_unless_a_span_covers_it_whole() -> None:
    number = Passage(Text("번호 900101-1234567 끝"))
    assert number.exposed == [3]
    assert Passage(number.text, (Span(3, 17, CLOSED, 6),)).exposed == []
    assert Passage(number.text, (Span(4, 17, CLOSED, 6),)).exposed == [3]


def test_a_masked_number_keeps_the_place_of_every_other_character() -> None:
    masked = Passage(Text("번호 900101-1234567 끝")).masked(3, "speeches")
    assert (masked.text.plain, masked.exposed) == ("번호 ******-******* 끝", [])


def test_only_an_identity_number_is_masked() -> None:
    with pytest.raises(Refused) as refused:
        passage().masked(3, "speeches")
    assert refused.value.code == "PERSONAL_NUMBER_MISSING"
