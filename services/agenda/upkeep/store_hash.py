"""One hash over everything in the store that follows from the log."""

import hashlib

from services.kit.database import Connection

# Ordered by key. The search rows follow from these; offsets, letters and gaps tell of the way and not of the result.
TABLES = {"event": "aggregate_id, version", "agenda_item": "agenda_id", "source_link": "link_id"}
CHUNK = 5_000


async def store_hash(connection: Connection) -> str:
    """SHA-256 over the canonical dump, in hex. Inside the caller's transaction, which fixes the moment."""
    digest = hashlib.sha256()
    for table, key in TABLES.items():
        digest.update(table.encode())
        rows = connection.cursor(f"SELECT sha256(convert_to(t::text, 'UTF8')) AS row FROM {table} AS t ORDER BY {key}", prefetch=CHUNK)
        async for row in rows:
            digest.update(row["row"])
    return digest.hexdigest()
