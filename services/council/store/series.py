"""Rows of series of meetings, and what fills their slots."""

from uuid import UUID

from services.council.domain.meeting import MeetingType
from services.council.domain.series import MeetingSeries
from services.kit.clock import quarter_span
from services.kit.database import Connection
from services.kit.tables import Aggregates

SERIES = Aggregates("meeting_series", MeetingSeries, key="series_id", newest="started_at")


async def standing(connection: Connection, council_id: UUID, meeting_type: MeetingType) -> tuple[int, bool]:
    """How many series of a council and type there are, and whether one of them runs."""
    row = await connection.fetchrow(STANDING, council_id, meeting_type)
    assert row is not None, "a count always has a row"
    return row["count"], row["runs"]


async def was_held(connection: Connection, council_id: UUID, meeting_type: MeetingType, quarter: str) -> bool:
    """Whether a council held a meeting of a type in a quarter."""
    found: bool = await connection.fetchval(HELD, council_id, meeting_type, *quarter_span(quarter))
    return found


STANDING = """
    SELECT count(*) AS count, coalesce(bool_or(status = 'running'), false) AS runs
    FROM meeting_series WHERE council_id = $1 AND meeting_type = $2"""
HELD = """
    SELECT EXISTS (SELECT FROM meeting WHERE council_id = $1 AND meeting_type = $2 AND starts_at >= $3 AND starts_at < $4
                   AND status IN ('held', 'closed'))"""
