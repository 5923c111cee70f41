"""Questions about indexes and their reviews, answered from rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.agenda.domain.index import Index, IndexIndicator, IndexRow, IndexValue, index_id
from services.agenda.domain.index_review import IndexReview, IndexReviewCause, IndexReviewStatus
from services.agenda.store.index import INDEXES, REVIEWS
from services.kit.queries import Page, Queries


@dataclass(frozen=True, slots=True)
class IndexInPeriod:
    """An index in one period, and how many reviews of it (of all periods where there is none) stand where; None where not counted."""

    index: Index
    period: str
    rows: list[IndexRow]
    reviews: Mapping[IndexReviewStatus, int] | None


@dataclass(frozen=True, slots=True)
class ValueListing:
    """Which indicators of an index, and which period."""

    index: str
    period: str
    area: str
    task: str
    indicator: str


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """Which reviews, and which page of them."""

    page: Page
    index: str | None
    period: str | None
    indicator: str | None
    status: IndexReviewStatus | None
    cause: IndexReviewCause | None


@dataclass(frozen=True, slots=True)
class FoundReview:
    """A review with its index as it stands now."""

    review: IndexReview
    index: Index


class IndexQueries(Queries):
    """The questions."""

    async def index(self, code: str) -> Index:
        """An index by its code, or the one that was imported last. Raises Refused: NOT_FOUND."""
        newest: list[Index] = [] if code else (await self.page(INDEXES, Page(1), ()))[0]
        name = code or "yet; `madang index import FILE` takes one in"
        return newest[0] if newest else (await self.one(INDEXES, index_id(code), name))[0]

    async def in_period(self, code: str, period: str, *, with_reviews: bool) -> IndexInPeriod:
        """An index in a period, or in the newest that has values. Raises Refused: NOT_FOUND."""
        index = await self.index(code)
        period = period or index.newest_period
        reviews = await self._reviews(index, period) if with_reviews else None
        return IndexInPeriod(index, period, list(index.rows(period)), reviews)

    async def _reviews(self, index: Index, period: str) -> Counter[IndexReviewStatus]:
        sql = "SELECT status, count(*) AS reviews FROM index_review WHERE index = $1 AND $2 IN ('', period) GROUP BY status"
        async with self._database.connection() as connection:
            found = await connection.fetch(sql, index.code, period)
        return Counter({IndexReviewStatus(row["status"]): int(row["reviews"]) for row in found})

    async def values(self, listing: ValueListing) -> tuple[Index, list[tuple[IndexIndicator, IndexValue]]]:
        """Indicators that have a value in a period, or in the newest that has any, each with it. Raises Refused: NOT_FOUND."""
        index = await self.index(listing.index)
        period = listing.period or index.newest_period
        selected = index.selected(area=listing.area, task=listing.task, indicator=listing.indicator)
        measured = index.in_period(period)
        return index, [(one, measured[one.code]) for one in selected if one.code in measured]

    async def reviews(self, listing: ReviewListing) -> tuple[list[FoundReview], str]:
        """A page of reviews, newest first, each with its index, and the token of the next page. Raises Refused: PAGE_TOKEN_INVALID."""
        conditions = (
            ("index = $", listing.index), ("period = $", listing.period), ("indicator = $", listing.indicator),
            ("status = $", listing.status), ("cause = $", listing.cause),
        )  # fmt: skip
        found, token = await self.page(REVIEWS, listing.page, conditions)
        indexes = {code: await self.index(code) for code in {review.index for review in found}}
        return [FoundReview(review, indexes[review.index]) for review in found], token
