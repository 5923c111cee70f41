"""The timeline of an item: every event of its decision, its links and its sources, as the ledger has them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit.database import Database, Row
from services.kit.errors import not_found
from services.kit.paging import PageTokens
from services.kit.queries import Page

SIZE = 200


class Timeline:
    """Reads the ledger; `database` leads to the store."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens = database, tokens

    async def of(self, agenda_id: UUID, page: Page) -> tuple[Sequence[Row], str]:
        """A page of events, oldest first, and the token of the next. Raises Refused: NOT_FOUND, PAGE_TOKEN_INVALID."""
        query, size = f"timeline {agenda_id}", page.size or SIZE
        place = self._tokens.read(page.token, query)
        after = (*map(datetime.fromisoformat, place[:2]), UUID(place[2]), place[3]) if place else (None, None, None, None)
        async with self._database.transaction(isolation="repeatable_read", readonly=True) as connection:
            aggregates = [row["aggregate_id"] for row in await connection.fetch(AGGREGATES, agenda_id)]
            if not aggregates:
                raise not_found("agenda item", agenda_id)
            rows = await connection.fetch(EVENTS, aggregates, *after, size + 1)
        last = rows[size - 1] if len(rows) > size else None
        return rows[:size], self._tokens.sign(_place(last), query) if last else ""


def _place(row: Row) -> list[str | int]:
    return [row["occurred_at"].isoformat(), row["committed_at"].isoformat(), str(row["aggregate_id"]), row["version"]]


# The item or source itself and what was merged into it, every link that ever led to or from it, and what those links lead to.
AGGREGATES = """
    WITH RECURSIVE item AS (
        SELECT agenda_id, coalesce(source_id, agenda_id) AS aggregate_id FROM agenda_item
        WHERE agenda_id = $1 AND (source_version > 0 OR decision_version > 0)
        UNION SELECT i.agenda_id, i.agenda_id FROM item JOIN agenda_item AS i ON i.merged_into = item.agenda_id)
    SELECT aggregate_id FROM item
    UNION SELECT link_id FROM source_link AS l JOIN item ON l.agenda_id = item.agenda_id OR l.source_item = item.agenda_id
    UNION SELECT source_id FROM source_link AS l JOIN item ON l.agenda_id = item.agenda_id"""
EVENTS = """
    SELECT occurred_at, committed_at, service, type, aggregate_id, version, event_id, correlation_id, causation_id, payload
    FROM event
    WHERE (aggregate_id = ANY ($1::uuid[]) OR (about <> '{}' AND about && $1::uuid[]))
      AND ($2::timestamptz IS NULL OR (occurred_at, committed_at, aggregate_id, version) > ($2, $3::timestamptz, $4::uuid, $5::bigint))
    ORDER BY occurred_at, committed_at, aggregate_id, version LIMIT $6"""
