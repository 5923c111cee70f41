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


async def brought(connection: Connection, agenda_id: UUID, but: UUID) -> list[Link]:
    """The links with which items came that were merged into this one, except for one of them."""
    rows = await connection.fetch(
        f"""{LINKS.select} WHERE link_id IN (SELECT unnest(moved_links || shared_links) FROM agenda_item
                                             WHERE merged_into = $1 AND agenda_id <> $2)""",
        agenda_id, but,
    )  # fmt: skip
    return [LINKS.of(row) for row in rows]
