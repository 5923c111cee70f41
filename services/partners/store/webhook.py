"""Rows of webhooks."""

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.partners.domain.webhook import Webhook

WEBHOOKS = Aggregates("webhook", Webhook, key="webhook_id", newest="added_at")
# Of a partner that is suspended, or whose designation is over, nothing is taken; neither is it sent anything.
HEARD = "webhook.status <> 'paused' AND EXISTS (SELECT FROM partner WHERE code = webhook.partner AND partner.status = 'active')"


async def listening(connection: Connection) -> list[Webhook]:
    """The webhooks that facts are sent to."""
    return [WEBHOOKS.of(row) for row in await connection.fetch(f"{WEBHOOKS.select} WHERE {HEARD} ORDER BY webhook_id")]
