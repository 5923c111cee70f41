"""Rows of what is on its way to webhooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.ids import new_id
from services.kit.tables import Table
from services.partners.domain.webhook import Delivery, DeliveryStatus, Try, Webhook
from services.partners.store.webhook import HEARD

DELIVERIES = Table("delivery", Delivery, key="delivery_id", newest="made_at")


async def put(
    connection: Connection, webhook: Webhook, event_id: UUID, event_type: str, subject: UUID, body: bytes, at: datetime,
    *, held_for: UUID | None = None,
) -> None:  # fmt: skip
    """Put a fact on its way to a webhook, once; one that is held waits for an outcome first."""
    await connection.execute(
        """INSERT INTO delivery (delivery_id, webhook_id, partner, event_id, event_type, subject, body, held_for, status, made_at,
                                 next_try_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9::timestamptz, CASE WHEN $8::uuid IS NULL THEN $9::timestamptz END)
           ON CONFLICT (webhook_id, event_id) DO NOTHING""",
        new_id(), webhook.id, webhook.partner, event_id, event_type, subject, body, held_for, at,
    )  # fmt: skip


async def release(connection: Connection, received_id: UUID, result_id: UUID | None, now: datetime) -> None:
    """Inside the transaction that settles an event: let out what it became, and drop what only said so."""
    await connection.execute(
        "UPDATE delivery SET held_for = NULL, next_try_at = $3 WHERE held_for = $1 AND subject = $2", received_id, result_id, now
    )
    await connection.execute("DELETE FROM delivery WHERE held_for = $1", received_id)


async def due(connection: Connection, now: datetime, under_way: list[UUID], limit: int) -> list[UUID]:
    """The webhooks for which something is due, those first where things arrive; `under_way`: those that are served already."""
    rows = await connection.fetch(
        f"""SELECT webhook_id FROM webhook
            CROSS JOIN LATERAL (SELECT next_try_at FROM delivery WHERE webhook_id = webhook.webhook_id AND status = 'waiting'
                                AND next_try_at <= $1 ORDER BY next_try_at LIMIT 1) AS first
            WHERE {HEARD} AND webhook_id <> ALL ($2::uuid[]) ORDER BY status = 'failing', first.next_try_at LIMIT $3""",
        now, under_way, limit,
    )  # fmt: skip
    return [row["webhook_id"] for row in rows]


async def claim(connection: Connection, webhook_id: UUID, now: datetime, lease: timedelta, limit: int) -> Sequence[Row]:
    """Take what is due for a webhook, for a while: whoever dies with it leaves it to be tried again. Two takers pass each other by."""
    return await connection.fetch(
        """UPDATE delivery SET tries = tries + 1, status_code = 0, error = '', next_try_at = $3 WHERE delivery_id IN (
               SELECT delivery_id FROM delivery WHERE webhook_id = $1 AND status = 'waiting' AND next_try_at <= $2
               ORDER BY next_try_at, delivery_id LIMIT $4 FOR UPDATE SKIP LOCKED)
           RETURNING delivery_id, event_id, body, tries""",
        webhook_id, now, now + lease, limit,
    )  # fmt: skip


async def mark(connection: Connection, row: Row, status: DeliveryStatus, tried: Try, now: datetime, next_try_at: datetime | None) -> bool:
    """Note what came of a try, if it counts: that it arrived does from whoever says it; that it did not, only from whoever tried last."""
    found = await connection.fetchval(
        """UPDATE delivery SET status = $2::text, status_code = $3, error = $4, next_try_at = $5,
                               delivered_at = CASE WHEN $2::text = 'delivered' THEN $6::timestamptz END
           WHERE delivery_id = $1 AND status = 'waiting' AND (tries = $7 OR $2::text = 'delivered') RETURNING true""",
        row["delivery_id"], status, tried.status_code, tried.error, next_try_at, now, row["tries"],
    )  # fmt: skip
    return bool(found)


async def again(connection: Connection, webhook_id: UUID, delivery_id: UUID | None, now: datetime) -> int:
    """Put one delivery, or all that were given up, on their way again, with every try before them; answers how many."""
    result = await connection.execute(
        """UPDATE delivery SET status = 'waiting', tries = 0, status_code = 0, error = '', next_try_at = $3, delivered_at = NULL
           WHERE webhook_id = $1 AND held_for IS NULL AND (delivery_id = $2::uuid OR ($2::uuid IS NULL AND status = 'given_up'))""",
        webhook_id, delivery_id, now,
    )  # fmt: skip
    return int(result.rpartition(" ")[2])
