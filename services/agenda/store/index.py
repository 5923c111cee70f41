"""Indexes and their reviews."""

from collections.abc import Iterable
from uuid import UUID

from services.agenda.domain.index import Index
from services.agenda.domain.index_review import IndexReview
from services.kit.database import Connection
from services.kit.tables import Aggregates

INDEXES = Aggregates("index", Index, key="index_id", newest="imported_at", columns={"values": "index_values"})
REVIEWS = Aggregates("index_review", IndexReview, key="review_id", newest="opened_at")


async def unknown_reviews(connection: Connection, reviews: Iterable[IndexReview]) -> list[IndexReview]:
    """Those of the reviews that were never opened, in id order."""
    wanted = {review.id: review for review in reviews}
    rows = await connection.fetch("SELECT review_id FROM index_review WHERE review_id = ANY ($1::uuid[])", list(wanted))
    known: set[UUID] = {row["review_id"] for row in rows}
    return [wanted[identity] for identity in sorted(wanted) if identity not in known]
