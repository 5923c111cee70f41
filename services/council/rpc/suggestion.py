"""Methods on suggestions."""

from typing import Any

from madang.council.v1 import suggestion_pb2 as pb
from services.council.rpc.parts import Methods
from services.council.wire import suggestion as wire
from services.council.wire.minutes import PARTS
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import target_from_wire, text_from_wire, written_to_wire


class SuggestionMethods(Methods):
    """Suggestions."""

    async def SuggestMinutesPart(self, request: pb.SuggestMinutesPartRequest, context: Any) -> pb.SuggestMinutesPartResponse:
        minutes_id, part = id_from(request.minutes_id, "minutes_id"), PARTS.from_wire(request.part, "part")
        written = await self._parts.suggestions.suggest(call_of(context), minutes_id, part, text_from_wire(request.text), request.by_ref)
        return pb.SuggestMinutesPartResponse(written=written_to_wire(written))

    async def AcceptSuggestion(self, request: pb.AcceptSuggestionRequest, context: Any) -> pb.AcceptSuggestionResponse:
        target, given = target_from_wire(request, "suggestion_id"), wire.accepted_from_wire(request)
        return pb.AcceptSuggestionResponse(written=written_to_wire(await self._parts.suggestions.accept(call_of(context), target, given)))

    async def DeclineSuggestion(self, request: pb.DeclineSuggestionRequest, context: Any) -> pb.DeclineSuggestionResponse:
        target = target_from_wire(request, "suggestion_id")
        written = await self._parts.suggestions.decline(call_of(context), target, request.reason)
        return pb.DeclineSuggestionResponse(written=written_to_wire(written))

    async def ListSuggestions(self, request: pb.ListSuggestionsRequest, context: Any) -> pb.ListSuggestionsResponse:
        found, token = await self._parts.queries.suggestions(call_of(context).actor, wire.listing_from_wire(request))
        return pb.ListSuggestionsResponse(suggestions=[wire.suggestion_to_wire(one) for one in found], next_page_token=token)
