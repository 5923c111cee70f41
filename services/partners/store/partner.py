"""Rows of partners and of what counted for them."""

from datetime import date

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.partners.domain.partner import Partner, Quota, Usage

PARTNERS = Aggregates("partner", Partner, key="partner_id", newest="added_at")


async def count_in(connection: Connection, partner: str, day: date, size: int, quota: Quota) -> bool:
    """Count one record of so many bytes, in the transaction that keeps it; false where the day's quota has no room for it."""
    return bool(
        await connection.fetchval(
            """INSERT INTO partner_usage AS u (partner, day, events, bytes)
               SELECT $1::text, $2::date, 1, $3::bigint WHERE $4::bigint >= 1 AND $5::bigint >= $3
               ON CONFLICT (partner, day) DO UPDATE SET events = u.events + 1, bytes = u.bytes + excluded.bytes
               WHERE u.events < $4 AND u.bytes + excluded.bytes <= $5 RETURNING true""",
            partner, day, size, quota.events, quota.bytes,
        )
    )  # fmt: skip


async def usage_of(connection: Connection, partner: str, day: date) -> Usage:
    """What counted on a day."""
    row = await connection.fetchrow("SELECT events, bytes FROM partner_usage WHERE partner = $1 AND day = $2", partner, day)
    return Usage(day, row["events"], row["bytes"]) if row else Usage(day, 0, 0)
