"""Rows of workshops and of their series."""

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.workshops.domain.workshop import Workshop, WorkshopSeries

HELD = "SELECT EXISTS (SELECT FROM workshop WHERE quarter = $1 AND kind = 'quarterly' AND status = 'held')"


async def is_held(connection: Connection, quarter: str) -> bool:
    """Whether a quarter has had its workshop."""
    return bool(await connection.fetchval(HELD, quarter))


WORKSHOPS = Aggregates("workshop", Workshop, key="workshop_id", newest="starts_at")
SERIES = Aggregates("workshop_series", WorkshopSeries, key="series_id", newest="begun_at")
