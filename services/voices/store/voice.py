"""Rows of voices."""

from datetime import datetime
from uuid import UUID

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.kit.vocabulary import RepresentedGroup
from services.voices.domain.voice import Voice

VOICES = Aggregates(
    "voice", Voice, key="voice_id", newest="raised_at",
    columns={
        "text": {"plain": "text", "language": "language"},
        "answer": {"answered_at": "answered_at", "text": "answer", "department": "answering_department"},
    },
)  # fmt: skip
# What was published and not withdrawn: what coverage counts, and what a list of it shows.
HEARD = "relayed_at IS NOT NULL AND status <> 'withdrawn'"


async def count_heard(connection: Connection, group: RepresentedGroup, begins: datetime, ends: datetime) -> int:
    """How many voices of a group were heard between two moments."""
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM voice WHERE represented_group = $1 AND raised_at >= $2 AND raised_at < $3 AND {HEARD}", group, begins, ends
    )
    return found


async def has_duplicates(connection: Connection, voice_id: UUID) -> bool:
    """Whether another voice is a duplicate of this one."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM voice WHERE duplicate_of = $1)", voice_id)
    return found
