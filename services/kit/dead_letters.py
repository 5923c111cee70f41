"""Records that could not be applied: kept whole with a stable code, listed and tried again by an operator."""

import base64
from dataclasses import dataclass

from services.kit.database import Connection, Row
from services.kit.envelope import Headers, Record, Unreadable
from services.kit.metrics import DEAD_LETTERS
from services.kit.text import storable


async def put_aside(connection: Connection, record: Record, why: Unreadable) -> None:
    """Keep a record that can't be applied; the same record again is no second letter."""
    await connection.execute(
        """INSERT INTO dead_letter (topic, partition, "offset", code, reason, headers, key, value) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (topic, partition, "offset") DO NOTHING""",
        record.topic, record.partition, record.offset, why.code, storable(why.reason),
        [[storable(name), base64.b64encode(value or b"").decode()] for name, value in record.headers], record.key, record.value,
    )  # fmt: skip
    DEAD_LETTERS.labels(why.code).inc()


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record out of its letter, as it was read from Kafka."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


def record_of(row: Row) -> KeptRecord:
    """The record in a letter."""
    headers = [(name, base64.b64decode(value)) for name, value in row["headers"]]
    return KeptRecord(row["topic"], row["partition"], row["offset"], row["key"], row["value"], headers)
