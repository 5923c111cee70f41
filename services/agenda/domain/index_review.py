"""Why a value of an index fell below 100: a review is opened with the value, and concluded with the cause."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.agenda.domain.index import BASE, Index
from services.agenda.events import IndexReviewConcluded, IndexReviewOpened
from services.kit.ids import derived_id
from services.kit.transitions import Transitions
from services.kit.write import Change


class IndexReviewStatus(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    CONCLUDED = "concluded"


class IndexReviewCause(StrEnum):
    """Why a value fell: other needs, or what could not be done as it was planned."""

    DEMAND = "demand"
    FEASIBILITY = "feasibility"


TRANSITIONS = Transitions[IndexReviewStatus]("index review", {IndexReviewStatus.OPEN: {IndexReviewStatus.CONCLUDED}})


@dataclass(frozen=True, slots=True)
class IndexReview:
    """A review of one indicator in one period. A value that is corrected later leaves it as it is: somebody has to look all the same."""

    id: UUID
    index: str
    indicator: str
    period: str
    opened_value: float
    opened_at: datetime
    status: IndexReviewStatus = IndexReviewStatus.OPEN
    cause: IndexReviewCause | None = None
    reason: str = ""
    concluded_by: str = ""
    concluded_at: datetime | None = None

    @property
    def owner(self) -> None:
        """Nobody's own: an indicator has no department."""

    def opened(self) -> Change["IndexReview"]:
        """A value below 100 was imported."""
        return Change(self, IndexReviewOpened(self.opened_at))

    def conclude(self, cause: IndexReviewCause, reason: str, by: str, *, at: datetime) -> Change["IndexReview"]:
        """Say why."""
        TRANSITIONS.check(self.status, IndexReviewStatus.CONCLUDED)
        concluded = replace(
            self, status=IndexReviewStatus.CONCLUDED, cause=cause, reason=reason, concluded_by=by, concluded_at=at
        )  # fmt: skip
        return Change(concluded, IndexReviewConcluded(at))


def review_id(index: str, indicator: str, period: str) -> UUID:
    """A review's id follows from what it is about, so that it is opened once."""
    return derived_id("index-review", index, indicator, period)


def reviews_of(index: Index) -> Iterator[IndexReview]:
    """The reviews that an index calls for: one for each value below 100."""
    for one, value in index.against_baseline():
        if value < BASE:
            identity = review_id(index.code, one.indicator, one.period)
            yield IndexReview(identity, index.code, one.indicator, one.period, value, index.imported_at)
