"""Reviews of what fell below 100: their facts, and lists of them."""

from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import index_pb2 as pb
from madang.events.agenda.v1 import index_pb2 as events_pb
from services.agenda import events
from services.agenda.domain.index_review import IndexReview, IndexReviewCause, IndexReviewStatus
from services.agenda.queries.index import FoundReview, ReviewListing
from services.agenda.wire.label import label_to_wire
from services.kit.wire import EnumWire, fact_to_wire, page_from_wire, time_from_wire, time_or_none, time_to_wire

STATUSES = EnumWire(pb.IndexReviewStatus, IndexReviewStatus)
CAUSES = EnumWire(pb.IndexReviewCause, IndexReviewCause)
FACTS = {events.IndexReviewOpened: events_pb.IndexReviewOpened, events.IndexReviewConcluded: events_pb.IndexReviewConcluded}


def review_event(fact: events.ReviewFact, after: IndexReview) -> Message:
    """A fact about a review, with the whole review."""
    return fact_to_wire(fact, FACTS[type(fact)], review_to_wire(after))


def review_to_wire(review: IndexReview) -> pb.IndexReview:
    """A review."""
    return pb.IndexReview(
        review_id=str(review.id), index=review.index, indicator=review.indicator, period=review.period, opened_value=review.opened_value,
        opened_at=time_to_wire(review.opened_at), status=STATUSES.to_wire(review.status), cause=CAUSES.to_wire(review.cause),
        reason=review.reason, concluded_by=review.concluded_by, concluded_at=time_to_wire(review.concluded_at),
    )  # fmt: skip


def review_from_wire(message: pb.IndexReview) -> IndexReview:
    """A review as the domain has it."""
    return IndexReview(
        UUID(message.review_id), message.index, message.indicator, message.period, message.opened_value,
        time_from_wire(message.opened_at, "opened_at"), STATUSES.from_wire(message.status, "status"),
        CAUSES.optional(message.cause, "cause"), message.reason, message.concluded_by, time_or_none(message.concluded_at, "concluded_at"),
    )  # fmt: skip


def listing_from_wire(request: pb.ListIndexReviewsRequest) -> ReviewListing:
    """Which reviews are asked for."""
    return ReviewListing(
        page_from_wire(request), request.index or None, request.period or None, request.indicator or None,
        STATUSES.optional(request.status, "status"), CAUSES.optional(request.cause, "cause"),
    )  # fmt: skip


def listed_to_wire(found: FoundReview) -> pb.ListedReview:
    """A review in a list, and how its value stands now."""
    review, index = found.review, found.index
    title = next((one.title for one in index.definition.indicators if one.code == review.indicator), None)
    return pb.ListedReview(
        review_id=str(review.id), status=STATUSES.to_wire(review.status), indicator=review.indicator, period=review.period,
        opened_value=review.opened_value, value=index.value_of(review.indicator, review.period), cause=CAUSES.to_wire(review.cause),
        reason=review.reason, title=label_to_wire(title) if title else None, index=review.index, concluded_by=review.concluded_by,
        opened_at=time_to_wire(review.opened_at), concluded_at=time_to_wire(review.concluded_at),
    )  # fmt: skip
