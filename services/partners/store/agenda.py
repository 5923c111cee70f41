"""Rows of what the agenda says of partners' sources. A link and a decision come in any order, and each finds the other here."""

from datetime import datetime
from uuid import UUID

from services.kit.database import Connection, Row


async def take_turn(connection: Connection, agenda_id: UUID) -> None:
    """Until the transaction ends, nobody else reads or writes what is kept of an item."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"agenda-facts {agenda_id}")


async def keep_link(
    connection: Connection, link_id: UUID, version: int, agenda_id: UUID, source_id: UUID, event_type: str, at: datetime, *, removed: bool
) -> None:
    """Keep that a source became part of an item, or is none any more."""
    await connection.execute(
        """INSERT INTO agenda_link (link_id, version, agenda_id, source_id, relation, removed, event_type, occurred_at)
           VALUES ($1, $2, $3, $4, '', $5, $6, $7) ON CONFLICT DO NOTHING""",
        link_id, version, agenda_id, source_id, removed, event_type, at,
    )  # fmt: skip


async def keep_decision(connection: Connection, event_id: UUID, agenda_id: UUID, event_type: str, at: datetime, body: bytes) -> None:
    """Keep a decision as it is sent."""
    await connection.execute(
        "INSERT INTO agenda_fact (event_id, agenda_id, event_type, at, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        event_id, agenda_id, event_type, at, body,
    )  # fmt: skip


async def decisions_since(connection: Connection, agenda_id: UUID, at: datetime) -> list[Row]:
    """What was decided about an item from a moment on, oldest first."""
    query = "SELECT event_id, event_type, at, body FROM agenda_fact WHERE agenda_id = $1 AND at >= $2 ORDER BY at, event_id"
    return await connection.fetch(query, agenda_id, at)


async def senders_of_source(connection: Connection, source_id: UUID) -> set[str]:
    """The partner whose accepted event became a source."""
    rows = await connection.fetch("SELECT partner FROM received_event WHERE result_id = $1 AND outcome = 'accepted'", source_id)
    return {row["partner"] for row in rows}


async def senders_of_item(connection: Connection, agenda_id: UUID, at: datetime) -> set[str]:
    """The partners whose sources were part of an item at a moment, as far as is known here."""
    rows = await connection.fetch(
        """SELECT DISTINCT e.partner
           FROM (SELECT DISTINCT ON (link_id) source_id, removed FROM agenda_link WHERE agenda_id = $1 AND occurred_at <= $2
                 ORDER BY link_id, version DESC) AS l
           JOIN received_event AS e ON e.result_id = l.source_id AND e.outcome = 'accepted' WHERE NOT l.removed""",
        agenda_id, at,
    )  # fmt: skip
    return {row["partner"] for row in rows}
