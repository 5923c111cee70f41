"""Which parts of an innovation agenda are asked for."""

from typing import Any

from services.kit.ids import id_or_none
from services.kit.wire import page_from_wire
from services.workshops.queries import PartListing


def parts_from_wire(request: Any) -> PartListing:
    """Which advice notes or indicators are asked for."""
    return PartListing(page_from_wire(request), id_or_none(request.innovation_id, "innovation_id"))
