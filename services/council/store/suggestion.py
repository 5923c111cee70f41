"""Rows of suggestions."""

from uuid import UUID

from services.council.domain.suggestion import Suggestion
from services.kit.database import Connection
from services.kit.tables import Aggregates

SUGGESTIONS = Aggregates(
    "suggestion", Suggestion, key="suggestion_id", newest="made_at", columns={"text": {"plain": "text", "language": "language"}}
)


async def count_open(connection: Connection, minutes_id: UUID) -> int:
    """How many suggestions of minutes nobody has settled."""
    found: int = await connection.fetchval("SELECT count(*) FROM suggestion WHERE minutes_id = $1 AND status = 'open'", minutes_id)
    return found
