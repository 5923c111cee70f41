"""What commands and questions mean."""

from datetime import date
from typing import Any
from uuid import UUID

from services.kit.errors import invalid
from services.kit.ids import id_from
from services.kit.queries import Page
from services.kit.wire import EARLIEST, LATEST, day_from_wire
from services.kit.write import Target


def target_from_wire(request: Any, field: str) -> Target:
    """The aggregate that a command means; `field` holds its id."""
    return Target(id_from(getattr(request, field), field), request.etag)


def page_from_wire(request: Any) -> Page:
    """The page that is asked for."""
    return Page(request.page_size, request.page_token)


def id_or_none(text: str, field: str) -> UUID | None:
    """An identifier, none for empty; refused with ID_INVALID."""
    return id_from(text, field) if text else None


def required_day(text: str, field: str) -> date:
    """A day from `YYYY-MM-DD`; refused with FIELD_REQUIRED, DATE_INVALID or TIME_RANGE."""
    day = day_or_none(text, field)
    if day is None:
        raise invalid("FIELD_REQUIRED", f"{field} is required", field)
    return day


def day_or_none(text: str, field: str) -> date | None:
    """A day that can be counted from, none for empty; refused with DATE_INVALID, or TIME_RANGE outside 1900 to 2199 as moments are."""
    day = day_from_wire(text, field)
    if day is not None and not EARLIEST.year <= day.year < LATEST.year:
        raise invalid("TIME_RANGE", f"{field} lies outside 1900 to 2199", field)
    return day
