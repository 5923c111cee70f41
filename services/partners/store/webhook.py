"""Rows of webhooks and of what is on its way to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.ids import new_id
from services.kit.tables import Aggregates, Table
from services.partners.domain.webhook import Delivery, Webhook

WEBHOOKS = Aggregates("webhook", Webhook, key="webhook_id", newest="added_at")
DELIVERIES = Table("delivery", Delivery, key="delivery_id", newest="made_at")


async def listening(connection: Connection) -> list[Webhook]:
    """The webhooks that are not paused."""
    return [WEBHOOKS.of(row) for row in await connection.fetch(f"{WEBHOOKS.select} WHERE status <> 'paused'")]


async def put(connection: Connection, webhook: Webhook, event_id: UUID, event_type: str, body: bytes, at: datetime) -> None:
    """Put a fact on its way to a webhook, once."""
    await connection.execute(
        """INSERT INTO delivery (delivery_id, webhook_id, partner, event_id, event_type, body, status, made_at, next_try_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $7) ON CONFLICT (webhook_id, event_id) DO NOTHING""",
        new_id(), webhook.id, webhook.partner, event_id, event_type, body, at,
    )  # fmt: skip


async def claim(connection: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Take what is due, for a while: whoever dies with it leaves it to be tried again then. Two deliverers pass each other by."""
    return await connection.fetch(
        """UPDATE delivery AS d SET tries = d.tries + 1, next_try_at = $2 FROM (
               SELECT delivery_id FROM delivery JOIN webhook AS w USING (webhook_id)
               WHERE delivery.status = 'waiting' AND next_try_at <= $1 AND w.status <> 'paused'
               ORDER BY next_try_at LIMIT $3 FOR UPDATE OF delivery SKIP LOCKED) AS due
           WHERE d.delivery_id = due.delivery_id
           RETURNING d.delivery_id, d.webhook_id, d.event_id, d.body, d.tries""",
        now, until, limit,
    )  # fmt: skip


async def mark(
    connection: Connection, delivery_id: UUID, status: str, status_code: int, error: str, next_try_at: datetime | None,
    delivered_at: datetime | None,
) -> None:  # fmt: skip
    """Note what came of a try."""
    await connection.execute(
        """UPDATE delivery SET status = $2, status_code = $3, error = $4, next_try_at = $5, delivered_at = $6
           WHERE delivery_id = $1 AND status = 'waiting'""",
        delivery_id, status, status_code, error, next_try_at, delivered_at,
    )  # fmt: skip


async def again(connection: Connection, webhook_id: UUID, delivery_id: UUID | None, now: datetime) -> int:
    """Put one delivery, or all that were given up, on their way again, with every try before them."""
    result = await connection.execute(
        """UPDATE delivery SET status = 'waiting', tries = 0, next_try_at = $3, delivered_at = NULL, error = ''
           WHERE webhook_id = $1 AND (delivery_id = $2 OR ($2 IS NULL AND status = 'given_up'))""",
        webhook_id, delivery_id, now,
    )  # fmt: skip
    return int(result.rpartition(" ")[2])
