"""Links."""

from uuid import UUID

from services.agenda.domain.link import Link
from services.kit.database import Connection
from services.kit.tables import Aggregates

LINKS = Aggregates("source_link", Link, key="link_id", newest="linked_at")


async def live(connection: Connection, agenda_id: UUID) -> dict[UUID, Link]:
    """The links that an item has now, in id order."""
    rows = await connection.fetch(f"{LINKS.select} WHERE agenda_id = $1 AND NOT removed ORDER BY link_id", agenda_id)
    return {row["link_id"]: LINKS.of(row) for row in rows}


async def some(connection: Connection, link_ids: tuple[UUID, ...]) -> dict[UUID, Link]:
    """These links, live or not, in id order."""
    rows = await connection.fetch(f"{LINKS.select} WHERE link_id = ANY ($1::uuid[]) ORDER BY link_id", list(link_ids))
    return {row["link_id"]: LINKS.of(row) for row in rows}
