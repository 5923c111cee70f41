"""When a word rises, as a table; and which words are one theme."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from services.agenda.domain.link import Service
from services.agenda.domain.rising import EVIDENCE, MOST, Counted, Rule, risen, waiting_after, window_at, window_of, windows_before
from services.agenda.domain.theme import Theme, ThemeSource, theme_id

WINDOW = date(2026, 10, 26)
BEGIN = datetime(2026, 10, 27, tzinfo=UTC)
NAMES = UUID(int=0)
V, P, C = Service.VOICES, Service.PROPOSALS, Service.COUNCIL


# -- windows ----------------------------------------------------------------------------------------------------------------------


def test_windows_begin_on_mondays_and_follow_one_another_without_a_gap() -> None:
    first = window_at(date(2026, 11, 22))
    assert first == date(2026, 10, 26)
    assert first.weekday() == 0
    for number in range(28):
        assert window_at(first + timedelta(days=number)) == first
    assert window_at(first + timedelta(days=28)) == date(2026, 11, 23)
    assert window_at(first - timedelta(days=1)) == date(2026, 9, 28)
    assert window_at(date(1900, 1, 1)) <= date(1900, 1, 1) < window_at(date(1900, 1, 1)) + timedelta(days=28)


def test_a_window_s_day_begins_in_seoul() -> None:
    assert window_of(datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)) == date(2026, 10, 26)
    assert window_of(datetime(2026, 11, 22, 15, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_window_is_held_against_the_three_before_and_is_judged_with_those_held_against_it() -> None:
    assert windows_before(WINDOW) == [date(2026, 8, 3), date(2026, 8, 31), date(2026, 9, 28)]
    for later in waiting_after(WINDOW)[1:]:
        assert WINDOW in windows_before(later)
    assert waiting_after(WINDOW)[0] == WINDOW
    assert len(waiting_after(WINDOW)) == 4


# -- the rule ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "everything", "before", "all_before", "rises"),
    [
        ({V: 2, P: 3}, 5, (0, 0, 0), 0, True),  # nothing was there before
        ({V: 2, P: 2}, 50, (0, 0, 0), 100, False),  # too few
        ({P: 50}, 50, (0, 0, 0), 100, False),  # one service alone
        ({V: 0, P: 50}, 50, (0, 0, 0), 100, False),
        ({V: 1, P: 4}, 300, (2, 2, 3), 1000, True),  # 5 is more than twice 7/3
        ({V: 1, P: 4}, 300, (2, 3, 3), 1000, False),  # and less than twice 8/3
        ({V: 3, P: 3}, 300, (3, 3, 3), 900, True),  # twice, no more
        ({V: 3, P: 3}, 300, (3, 3, 4), 1000, False),
        ({V: 30, P: 30}, 60, (3, 3, 4), 100, True),  # a tenth of all
        ({V: 30, P: 30}, 60, (3, 4, 4), 100, False),  # more than a tenth: the common tongue
        ({V: 2, P: 2, C: 2}, 50, (0, 0, 0), 100, True),
        ({V: 10, P: 10}, 600, (0, 0, 10), 300, False),  # twice as much is said as before, of everything
        ({V: 10, P: 11}, 310, (0, 0, 10), 300, True),
    ],
)
def test_a_word_rises_by_the_rule(
    counts: Mapping[Service, int], everything: int, before: Sequence[int], all_before: int, rises: bool
) -> None:
    assert Rule().is_rising(counts, everything, before, all_before) is rises


def test_the_rule_can_be_set() -> None:
    assert not Rule(least=10).is_rising({V: 4, P: 4}, 8, (0, 0, 0), 100)
    assert Rule(ratio=1.0).is_rising({V: 3, P: 3}, 300, (6, 6, 6), 1000)


# -- themes -----------------------------------------------------------------------------------------------------------------------


def source(number: int, service: Service, *words: str) -> Counted:
    identity = uuid5(NAMES, str(number))
    return Counted(ThemeSource(service, identity, uuid5(NAMES, f"item {number}")), frozenset(words), BEGIN + timedelta(hours=number))


def themes(counted: Sequence[Counted], before: Mapping[str, Sequence[int]] | None = None, known: Sequence[str] = ()) -> list[Theme]:
    words = {word for each in counted for word in each.words}
    return risen(Rule(), WINDOW, counted, 30, dict.fromkeys(words, (0, 0, 0)) | dict(before or {}), 100, known)


def test_a_theme_says_why_it_rose() -> None:
    counted = [source(number, V if number % 2 else P, "빈집") for number in range(7)]
    [theme] = themes(counted, {"빈집": (1, 0, 2)})
    assert (theme.word, theme.window, theme.sources, theme.before) == ("빈집", WINDOW, 7, (1, 0, 2))
    assert [(each.service, each.sources) for each in theme.counts] == [(V, 3), (P, 4)]
    assert theme.evidence == tuple(each.source for each in counted)
    assert theme.raised_at == counted[-1].raised_at
    assert theme.id == theme_id("빈집", WINDOW)


def test_words_with_nearly_the_same_sources_are_one_theme_called_by_the_most_frequent() -> None:
    counted = [source(number, V if number % 2 else P, "빈집", "고양이" if number else "담장") for number in range(6)]
    [theme] = themes(counted)
    assert (theme.word, theme.other_words, theme.sources) == ("빈집", ("고양이",), 6)


def test_of_words_with_the_same_sources_the_longest_names_the_theme_and_then_the_first() -> None:
    counted = [source(number, V if number % 2 else P, "가람", "나루", "전세사기") for number in range(6)]
    [theme] = themes(counted)
    assert (theme.word, theme.other_words) == ("전세사기", ("가람", "나루"))
    assert themes([source(number, V if number % 2 else P, "나루", "가람") for number in range(6)])[0].word == "가람"


def test_words_that_share_some_sources_are_themes_of_their_own() -> None:
    counted = [source(number, V if number % 2 else P, "빈집", *(["골목"] if number < 6 else [])) for number in range(10)]
    assert [theme.word for theme in themes(counted)] == ["빈집", "골목"]


@pytest.mark.parametrize("known", ["빈집", "고양이"])
def test_a_theme_that_the_window_has_emerges_no_more_whichever_of_its_words_leads_now(known: str) -> None:
    counted = [source(number, V if number % 2 else P, "빈집", "고양이") for number in range(6)]
    assert themes(counted, known=[known]) == []


def test_evidence_is_bounded_and_the_count_is_not() -> None:
    [theme] = themes([source(number, V if number % 2 else P, "빈집") for number in range(EVIDENCE + 30)])
    assert (theme.sources, len(theme.evidence)) == (EVIDENCE + 30, EVIDENCE)


def test_the_order_in_which_words_are_met_does_not_matter() -> None:
    counted = [source(number, V if number % 2 else P, *(["나루"] if number % 3 else ["가람"]), "다리") for number in range(30)]
    words = ["다리", "가람", "나루"]
    found = [risen(Rule(), WINDOW, counted, 30, dict.fromkeys(order, (0, 0, 0)), 100, ()) for order in (words, words[::-1])]
    assert found[0] == found[1]
    assert [theme.word for theme in found[0]] == ["다리", "나루", "가람"]


def test_of_more_themes_than_anybody_reads_those_with_most_sources_emerge() -> None:
    sizes = {f"낱말{number:03}": 5 + number % 60 for number in range(MOST + 20)}
    words = [word for word, size in sizes.items() for _ in range(size)]
    found = themes([source(number, V if number % 2 else P, word) for number, word in enumerate(words)])
    assert [theme.sources for theme in found] == sorted(sizes.values(), reverse=True)[:MOST]
    assert (
        themes([source(number, V if number % 2 else P, word) for number, word in enumerate(words)], known=[theme.word for theme in found])
        == []
    )
