"""What commands and questions mean."""

from typing import Any

from services.kit.ids import id_from, id_or_none
from services.kit.queries import Page
from services.kit.write import Target
from services.workshops.queries import PartListing


def target_from_wire(request: Any, field: str) -> Target:
    """The aggregate that a command means; `field` holds its id."""
    return Target(id_from(getattr(request, field), field), request.etag)


def page_from_wire(request: Any) -> Page:
    """The page that is asked for."""
    return Page(request.page_size, request.page_token)


def parts_from_wire(request: Any) -> PartListing:
    """Which advice notes or indicators are asked for."""
    return PartListing(page_from_wire(request), id_or_none(request.innovation_id, "innovation_id"))
