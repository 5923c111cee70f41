"""What officers did with the agenda."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AgendaItemOpened:
    """An item was opened."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaStatusChanged:
    """An item moved on."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaOwnerAssigned:
    """Somebody answers for an item now."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaAnswered:
    """An item was answered."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaLinked:
    """A source was linked to an item."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaUnlinked:
    """A link was taken back."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ThemeEmerged:
    """A theme rose in several services."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeDismissed:
    """Somebody said that it is none."""

    occurred_at: datetime
    reason: str


ItemFact = AgendaItemOpened | AgendaStatusChanged | AgendaOwnerAssigned | AgendaAnswered
LinkFact = AgendaLinked | AgendaUnlinked
ThemeFact = ThemeEmerged | ThemeDismissed
