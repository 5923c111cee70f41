"""What officers did with the agenda."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


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
class AgendaInterimReplied:
    """An item got a word before its answer."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaMerged:
    """An item was merged into another one."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaMergeUndone:
    """A merge was undone."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaSplit:
    """Some of an item's sources became an item of their own."""

    occurred_at: datetime
    reason: str
    into: UUID


@dataclass(frozen=True, slots=True)
class AgendaTagged:
    """An item got other themes or tasks of plans."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaDeadlineMissed:
    """An item's due day went by, and nothing was decided."""

    occurred_at: datetime
    due_on: date


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
class PlanImported:
    """A plan was taken in."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class IndexImported:
    """An index was taken in."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class IndexReviewOpened:
    """A value of an index lies below 100."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class IndexReviewConcluded:
    """Somebody said why it does."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeEmerged:
    """A theme rose in several services."""

    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeDismissed:
    """Somebody said that it is none."""

    occurred_at: datetime
    reason: str


ItemFact = (
    AgendaItemOpened | AgendaStatusChanged | AgendaOwnerAssigned | AgendaAnswered | AgendaInterimReplied | AgendaMerged | AgendaMergeUndone
    | AgendaSplit | AgendaTagged | AgendaDeadlineMissed
)  # fmt: skip
LinkFact = AgendaLinked | AgendaUnlinked
ReviewFact = IndexReviewOpened | IndexReviewConcluded
ThemeFact = ThemeEmerged | ThemeDismissed
