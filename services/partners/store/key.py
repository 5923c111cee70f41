"""Rows of keys."""

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.partners.domain.key import VALID, Key

KEYS = Aggregates("partner_key", Key, key="key_id", newest="made_at")


async def count_valid(connection: Connection, partner: str) -> int:
    """How many keys of a partner open anything; until the transaction ends nobody else counts them."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"partner-keys {partner}")
    query = "SELECT count(*) FROM partner_key WHERE partner = $1 AND status = ANY ($2::text[])"
    return int(await connection.fetchval(query, partner, list(VALID)))
