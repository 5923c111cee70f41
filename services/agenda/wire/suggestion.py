"""Suggestions as the wire has them."""

from collections.abc import Sequence

from madang.agenda.v1 import suggestion_pb2 as pb
from services.agenda.domain.link import Service
from services.agenda.domain.suggestion import Suggestion
from services.agenda.projection.freshness import Freshness
from services.agenda.wire.freshness import freshness_to_wire
from services.agenda.wire.item import STATUSES
from services.agenda.wire.link import SERVICES

SOURCE = "source:"


def suggestions_to_wire(suggestions: Sequence[Suggestion], freshness: Freshness) -> pb.SuggestItemsResponse:
    """Items that may be about the same."""
    return pb.SuggestItemsResponse(suggestions=map(suggestion_to_wire, suggestions), freshness=freshness_to_wire(freshness))


def suggestion_to_wire(suggestion: Suggestion) -> pb.Suggestion:
    """One of them."""
    item = suggestion.item
    services = [Service(tag.removeprefix(SOURCE)) for tag in item.tags if tag.startswith(SOURCE)]
    return pb.Suggestion(
        agenda_id=str(item.agenda_id), title=item.title, score=suggestion.score, words=suggestion.words,
        status=STATUSES.to_wire(item.status), owner=item.owner, services=map(SERVICES.to_wire, services),
    )  # fmt: skip
