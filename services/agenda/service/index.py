"""What can be done with indexes and the reviews of what falls below 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.agenda.domain.index import Index, IndexDefinition, IndexValue, index_id
from services.agenda.domain.index_review import IndexReview, IndexReviewCause, reviews_of
from services.agenda.store.index import unknown_reviews
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found
from services.kit.write import Target, Write, Written


@dataclass(frozen=True, slots=True)
class IndexImport:
    """What an index is made of (none: as it was), and values of its indicators."""

    code: str
    definition: IndexDefinition | None
    values: Sequence[IndexValue]


class Indexes:
    """The use cases."""

    def __init__(self, indexes: Write[Index], reviews: Write[IndexReview], clock: Clock) -> None:
        self._indexes, self._reviews, self._clock = indexes, reviews, clock

    async def take_in(self, call: Call, taken: IndexImport) -> Written:
        """Take in what an index is made of, values, or both; every value below 100 opens its review in the same transaction."""
        at, identity = self._clock.now(), index_id(taken.code)

        async def work(connection: Connection) -> Written:
            standing = await self._indexes.find(connection, identity)
            written = await self._write(connection, call, taken, at, first=standing is None)
            if written is None:
                assert standing is not None, "what is taken in for the first time is written"
                return standing
            index = await self._indexes.read(connection, call, identity)
            for review in await unknown_reviews(connection, reviews_of(index)):
                await self._reviews.insert(connection, call, [review.opened()])
            return written

        return await self._indexes.log.once(call, work)

    async def _write(self, connection: Connection, call: Call, taken: IndexImport, at: datetime, *, first: bool) -> Written | None:
        """The index as it stands after the import, none where nothing changes."""
        identity = index_id(taken.code)
        if not first:
            return await self._indexes.react(
                connection, call, identity, lambda index: index.with_import(taken.definition, taken.values, at=at)
            )  # fmt: skip
        if taken.definition is None:
            raise not_found("index", f"{taken.code}; import what it is made of first")
        index = Index(identity, taken.code, taken.definition, (), at)
        return await self._indexes.insert(connection, call, [index.imported(taken.values)])

    async def conclude(self, call: Call, target: Target, cause: IndexReviewCause, reason: str) -> Written:
        """Say why a value fell below 100."""
        return await self._reviews.change(
            call, target.id, target.etag, lambda review: review.conclude(cause, reason, call.actor.role, at=self._clock.now())
        )  # fmt: skip
