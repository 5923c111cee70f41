"""Rows of agenda items."""

from uuid import UUID

from services.council.domain.item import AgendaItem
from services.council.store.meeting import SITTING
from services.kit.database import Connection
from services.kit.tables import Aggregates

ITEMS = Aggregates(
    "agenda_item", AgendaItem, key="item_id", newest="meeting_start",
    columns={
        "sitting": SITTING,
        "order": "place",
        "text": {"plain": "text", "language": "language"},
        "decision": {
            "result": "result", "votes": "votes", "original": "result_original",
            "resolution_text": {"plain": "resolution_text", "language": "resolution_language"},
        },
    },
)  # fmt: skip


async def items_of(connection: Connection, meeting_id: UUID) -> list[UUID]:
    """The ids of a meeting's items, in the order in which they are locked."""
    rows = await connection.fetch("SELECT item_id FROM agenda_item WHERE meeting_id = $1 ORDER BY item_id", meeting_id)
    return [row["item_id"] for row in rows]


async def count_items(connection: Connection, meeting_id: UUID) -> int:
    """How many items a meeting has."""
    found: int = await connection.fetchval("SELECT count(*) FROM agenda_item WHERE meeting_id = $1", meeting_id)
    return found


async def closed_words(connection: Connection, meeting_id: UUID) -> list[str]:
    """What is said in a meeting's items that are not public."""
    rows = await connection.fetch("SELECT text, resolution_text FROM agenda_item WHERE meeting_id = $1 AND NOT public", meeting_id)
    return [words for row in rows for words in row if words]
