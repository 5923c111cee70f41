"""SuggestionService: map, call, map. Its methods are documented in the proto."""

from typing import Any

from madang.agenda.v1 import suggestion_pb2 as pb
from madang.agenda.v1 import suggestion_pb2_grpc
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.queries.suggestion import DEFAULT, SuggestionQueries
from services.agenda.wire.suggestion import suggestions_to_wire
from services.kit.ids import id_from


class SuggestionServicer(suggestion_pb2_grpc.SuggestionServiceServicer):
    """The whole service."""

    def __init__(self, suggestions: SuggestionQueries, freshness: FreshnessQueries) -> None:
        self._suggestions, self._freshness = suggestions, freshness

    async def SuggestItems(self, request: pb.SuggestItemsRequest, context: Any) -> pb.SuggestItemsResponse:
        freshness = await self._freshness.of(texts=True)
        found = await self._suggestions.like(id_from(request.agenda_id, "agenda_id"), request.limit or DEFAULT)
        return suggestions_to_wire(found, freshness)
