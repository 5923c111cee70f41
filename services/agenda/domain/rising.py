"""When a word rises: windows of 28 days, what is counted in them, and the rule."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.agenda.domain.link import Service
from services.agenda.domain.theme import ServiceCount, Theme, ThemeSource
from services.kit.clock import SEOUL

DAYS, BEFORE = 28, 3
FIRST = date(1970, 1, 5)  # a Monday, so that every window begins on one
WINDOW = timedelta(days=DAYS)
SERVICES, COMMON, SAME, EVIDENCE = 2, 0.1, 0.8, 100
MOST = 100  # themes of one window: as many as anybody reads, and a bound to what is compared


def window_of(at: datetime) -> date:
    """The first day of the window that a moment lies in, by Seoul's calendar."""
    return window_at(at.astimezone(SEOUL).date())


def window_at(day: date) -> date:
    """The first day of the window that a day lies in."""
    return day - (day - FIRST) % WINDOW


def windows_before(window: date) -> list[date]:
    """The windows that one is held against, oldest first."""
    return [window - number * WINDOW for number in range(BEFORE, 0, -1)]


def waiting_after(window: date) -> list[date]:
    """The windows to be judged anew when one has changed: itself, and those that are held against it."""
    return [window + number * WINDOW for number in range(BEFORE + 1)]


@dataclass(frozen=True, slots=True)
class Rule:
    """A word rises with at least `least` sources, `ratio` times the mean of the three windows before, and `ratio` times its share there.

    The mean alone calls everything a theme where more is said than before, as when a city begins or takes history in; the share alone
    calls a theme what happens to be said first in a window.
    """

    least: int = 5
    ratio: float = 2.0

    def is_rising(self, counts: Mapping[Service, int], everything: int, before: Sequence[int], all_before: int) -> bool:
        """Whether a word rises: counted by service in its window, of all sources there; and in the windows before, of all there.

        What stands in more than a tenth of all that was said before is no theme but the common tongue.
        """
        now = sum(counts.values())
        return (
            sum(1 for sources in counts.values() if sources) >= SERVICES
            and now >= self.least
            and now * BEFORE >= self.ratio * sum(before)
            and now * all_before >= self.ratio * sum(before) * everything
            and sum(before) <= COMMON * all_before
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """A source of the window, its words, and when it was raised."""

    source: ThemeSource
    words: frozenset[str]
    raised_at: datetime


def risen(
    rule: Rule,
    window: date,
    counted: Sequence[Counted],
    everything: int,
    before: Mapping[str, Sequence[int]],
    all_before: int,
    known: Iterable[str],
) -> list[Theme]:
    """The themes of a window that are not known yet, given those of its sources that have a frequent word, oldest first, how many there
    are of all, how often the words stood in the windows before, and how many sources there were.

    Words that rise with nearly the same sources are one theme, called by the most frequent (then the longest) of them. A theme that
    has one of them already is that theme, so that it emerges once, however its words overtake one another. Of more than 100 themes those
    with most sources count.
    """
    taken, found = set(known), []
    rising = {
        word: sources
        for word, sources in _by_word(counted, before).items()
        if rule.is_rising(Counter(counted[place].source.service for place in sources), everything, before[word], all_before)
    }
    for word, *others in _joined(rising):
        if not taken & {word, *others}:
            found.append(_theme(word, others, window, [counted[place] for place in sorted(rising[word])], before[word]))
    return found


def _by_word(counted: Sequence[Counted], wanted: Iterable[str]) -> dict[str, frozenset[int]]:
    """The places of the sources that have each of the wanted words."""
    places: dict[str, set[int]] = {word: set() for word in wanted}
    for place, each in enumerate(counted):
        for word in each.words & places.keys():
            places[word].add(place)
    return {word: frozenset(found) for word, found in places.items()}


def _joined(rising: Mapping[str, frozenset[int]]) -> list[list[str]]:
    """Words in groups, each led by the one that names it; the first groups only."""
    groups: list[list[str]] = []
    for word in sorted(rising, key=lambda word: (-len(rising[word]), -len(word), word)):
        for group in groups:
            if _is_same(rising[group[0]], rising[word]):
                group.append(word)
                break
        else:
            if len(groups) < MOST:
                groups.append([word])
    return groups


def _is_same(more: frozenset[int], fewer: frozenset[int]) -> bool:
    """Whether two words have nearly the same sources, by Jaccard's index: what both have of what either has."""
    return len(fewer) >= SAME * len(more) and len(more & fewer) >= SAME * len(more | fewer)


def _theme(word: str, others: Sequence[str], window: date, counted: Sequence[Counted], before: Sequence[int]) -> Theme:
    counts = Counter(each.source.service for each in counted)
    return Theme(
        word=word, window=window, other_words=tuple(sorted(others)), sources=len(counted),
        counts=tuple(ServiceCount(service, counts[service]) for service in Service if counts[service]), before=tuple(before),
        evidence=tuple(each.source for each in counted[:EVIDENCE]), raised_at=max(each.raised_at for each in counted),
    )  # fmt: skip
