"""Suggestions on the wire; whoever made one has no field there."""

from madang.council.v1 import suggestion_pb2 as pb
from services.council.domain.passage import Passage
from services.council.domain.suggestion import Suggestion, SuggestionStatus
from services.council.queries.minutes import SuggestionListing
from services.council.wire.minutes import PARTS
from services.council.wire.passage import passage_from_wire
from services.kit.errors import invalid
from services.kit.ids import id_or_none
from services.kit.wire import EnumWire, page_from_wire, text_to_wire, time_to_wire

STATUSES = EnumWire(pb.SuggestionStatus, SuggestionStatus)


def suggestion_to_wire(suggestion: Suggestion) -> pb.Suggestion:
    """A suggestion as the council's own people see it."""
    return pb.Suggestion(
        suggestion_id=str(suggestion.id), minutes_id=str(suggestion.minutes_id), council_id=str(suggestion.council_id),
        part=PARTS.to_wire(suggestion.part), text=text_to_wire(suggestion.text), status=STATUSES.to_wire(suggestion.status),
        reason=suggestion.reason, made_at=time_to_wire(suggestion.made_at), settled_at=time_to_wire(suggestion.settled_at),
    )  # fmt: skip


def accepted_from_wire(request: pb.AcceptSuggestionRequest) -> Passage | None:
    """The words that its part gets, none for its own. Raises Refused: FIELD_REQUIRED for spans without the words that they are of."""
    if request.HasField("text"):
        return passage_from_wire(request.text, request.spans)
    if request.spans:
        raise invalid("FIELD_REQUIRED", "private spans are of words: give the text too", "text")
    return None


def listing_from_wire(request: pb.ListSuggestionsRequest) -> SuggestionListing:
    """Which suggestions are asked for."""
    status = STATUSES.optional(request.status, "status")
    return SuggestionListing(id_or_none(request.minutes_id, "minutes_id"), status, page_from_wire(request))
