"""Themes that emerged: a word that rose in several services at once, with the evidence."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.agenda.domain.link import Service
from services.agenda.events import ThemeDismissed, ThemeEmerged
from services.kit.ids import derived_id
from services.kit.transitions import Transitions
from services.kit.write import Change


class ThemeStatus(StrEnum):
    """Where a theme stands."""

    CANDIDATE = "candidate"
    DISMISSED = "dismissed"


TRANSITIONS = Transitions[ThemeStatus]("theme", {ThemeStatus.CANDIDATE: {ThemeStatus.DISMISSED}})


def theme_id(word: str, window: date) -> UUID:
    """A theme's id follows from its word and the first day of its window, so that it emerges once however often it is found."""
    return derived_id("theme", word, window.isoformat())


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """How many sources of one service have a theme."""

    service: Service
    sources: int


@dataclass(frozen=True, slots=True)
class ThemeSource:
    """A source that has a theme; `agenda_id` is its id in the agenda's store."""

    service: Service
    source_id: UUID
    agenda_id: UUID


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it was when it emerged: a later count changes nothing about why. `before`: the three windows before, oldest first."""

    word: str
    window: date
    other_words: tuple[str, ...]
    sources: int
    counts: tuple[ServiceCount, ...]
    before: tuple[int, ...]
    evidence: tuple[ThemeSource, ...]
    raised_at: datetime
    status: ThemeStatus = ThemeStatus.CANDIDATE
    reason: str = ""

    @property
    def id(self) -> UUID:
        """Its id."""
        return theme_id(self.word, self.window)

    @property
    def owner(self) -> str | None:
        """Nobody's own: it speaks for several services."""
        return None

    def emerged(self, *, at: datetime) -> Change["Theme"]:
        """It rose."""
        return Change(self, ThemeEmerged(at))

    def dismiss(self, reason: str, *, at: datetime) -> Change["Theme"]:
        """Say that it is none; it is a candidate of the agenda no more."""
        TRANSITIONS.check(self.status, ThemeStatus.DISMISSED)
        return Change(replace(self, status=ThemeStatus.DISMISSED, reason=reason), ThemeDismissed(at, reason))
