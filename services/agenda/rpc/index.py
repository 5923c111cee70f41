"""IndexService: map, call, map. Its methods are documented in the proto."""

from typing import Any

from madang.agenda.v1 import index_pb2 as pb
from madang.agenda.v1 import index_pb2_grpc
from services.agenda.queries.index import IndexQueries
from services.agenda.service.index import Indexes
from services.agenda.wire import index as wire
from services.agenda.wire import index_review as review_wire
from services.kit.actor import call_of
from services.kit.policy import may_call
from services.kit.wire import target_from_wire, written_to_wire

LIST_REVIEWS = pb.DESCRIPTOR.services_by_name["IndexService"].methods_by_name["ListIndexReviews"]


class IndexServicer(index_pb2_grpc.IndexServiceServicer):
    """The whole service."""

    def __init__(self, indexes: Indexes, queries: IndexQueries) -> None:
        self._indexes, self._queries = indexes, queries

    async def ImportIndex(self, request: pb.ImportIndexRequest, context: Any) -> pb.ImportIndexResponse:
        written = await self._indexes.take_in(call_of(context), wire.import_from_wire(request))
        return pb.ImportIndexResponse(written=written_to_wire(written))

    async def GetIndex(self, request: pb.GetIndexRequest, context: Any) -> pb.GetIndexResponse:
        with_reviews = may_call(call_of(context).actor, LIST_REVIEWS)
        return wire.in_period_to_wire(await self._queries.in_period(request.index, request.period, with_reviews=with_reviews))

    async def ListIndexValues(self, request: pb.ListIndexValuesRequest, context: Any) -> pb.ListIndexValuesResponse:
        index, found = await self._queries.values(wire.values_from_wire(request))
        return pb.ListIndexValuesResponse(values=[wire.value_to_wire(index, one, value) for one, value in found])

    async def ListIndexReviews(self, request: pb.ListIndexReviewsRequest, context: Any) -> pb.ListIndexReviewsResponse:
        reviews, token = await self._queries.reviews(review_wire.listing_from_wire(request))
        return pb.ListIndexReviewsResponse(reviews=map(review_wire.listed_to_wire, reviews), next_page_token=token)

    async def ConcludeReview(self, request: pb.ConcludeReviewRequest, context: Any) -> pb.ConcludeReviewResponse:
        cause = review_wire.CAUSES.from_wire(request.cause, "cause")
        written = await self._indexes.conclude(call_of(context), target_from_wire(request, "review_id"), cause, request.reason)
        return pb.ConcludeReviewResponse(written=written_to_wire(written))
