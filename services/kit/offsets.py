"""Offsets in PostgreSQL: read under a lock, moved in the transaction of their effects (ADR 0001)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import structlog

from services.kit.database import Connection, Database
from services.kit.envelope import Record
from services.kit.metrics import LOGS_REPLACED

log = structlog.get_logger()
R = TypeVar("R", bound=Record)
Place = tuple[str, int]
AskEnds = Callable[[], Awaitable[Mapping[Place, int]]]


class Skipped(Exception):  # noqa: N818 - it says what happened to the records
    """A batch begins above the next offset: something was skipped, and whoever reads must seek back."""


async def claim(connection: Connection, consumer: str, records: Sequence[R], *, holes: bool = False) -> list[R]:
    """Lock the offsets of the records' partitions, in order, and answer the records that are not applied yet.

    The lock fences a reader that lost the partition and does not know it yet. `holes`: the topic may lack offsets
    (transactions, compaction), so that any offset from the next on is right.

    Raises:
        Skipped: a partition's first record lies above its next offset.
    """
    fresh: list[R] = []
    for topic, partition in sorted({(record.topic, record.partition) for record in records}):
        expected = await next_offset(connection, consumer, topic, partition)
        mine = sorted(
            (record for record in records if (record.topic, record.partition) == (topic, partition)), key=lambda record: record.offset
        )
        if not holes and mine[0].offset > expected:
            raise Skipped(f"{topic}/{partition}: next is {expected}, the batch begins at {mine[0].offset}")
        fresh += [record for record in mine if record.offset >= expected]
    return fresh


async def next_offset(connection: Connection, consumer: str, topic: str, partition: int) -> int:
    """The next offset of a partition, its row locked and made if it was not there."""
    value = await connection.fetchval(
        """INSERT INTO consumer_offset AS o (consumer, topic, partition) VALUES ($1, $2, $3)
           ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = o.next_offset RETURNING next_offset""",
        consumer, topic, partition,
    )  # fmt: skip
    return int(value)


async def next_offsets(connection: Connection, consumer: str) -> dict[Place, int]:
    """How far each partition is applied."""
    rows = await connection.fetch("SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer = $1", consumer)
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def advance(connection: Connection, consumer: str, records: Iterable[Record]) -> None:
    """Move the offsets past the records, in the transaction of their effects."""
    newest: dict[tuple[str, int], int] = {}
    for record in records:
        place = (record.topic, record.partition)
        newest[place] = max(newest.get(place, -1), record.offset)
    for (topic, partition), offset in sorted(newest.items()):
        await connection.execute(
            "UPDATE consumer_offset SET next_offset = $4 WHERE consumer = $1 AND topic = $2 AND partition = $3",
            consumer, topic, partition, offset + 1,
        )  # fmt: skip


async def pass_to(connection: Connection, consumer: str, topic: str, partition: int, position: int) -> None:
    """Move a partition's offset on to a position below which there is nothing left to apply; never back."""
    await connection.execute(
        "UPDATE consumer_offset SET next_offset = $4 WHERE consumer = $1 AND topic = $2 AND partition = $3 AND next_offset < $4",
        consumer, topic, partition, position,
    )  # fmt: skip


async def starts(database: Database, consumer: str, cluster_id: str, ends: AskEnds) -> dict[Place, int]:
    """Where to read each partition on: its next offset, or 0 where the log is another one (another cluster, or shorter than what was read).

    `ends` asks the broker. It is called once the offsets are read: an end that is older than the offset may lie below it, since another
    reader goes on meanwhile. Nothing is lost by beginning again: every effect is guarded by its aggregate's version.
    """
    async with database.connection() as connection:
        applied = await next_offsets(connection, consumer)
    found = await ends()
    async with database.transaction() as connection:
        return {
            place: await _start(connection, consumer, place, cluster_id, end, applied.get(place, 0)) for place, end in sorted(found.items())
        }


async def _start(connection: Connection, consumer: str, place: Place, cluster_id: str, end_offset: int, applied: int) -> int:
    expected = await next_offset(connection, consumer, *place)
    known = await connection.fetchval(
        "SELECT cluster_id FROM consumer_offset WHERE consumer = $1 AND topic = $2 AND partition = $3", consumer, *place
    )
    if (known and known != cluster_id) or end_offset < min(applied, expected):
        log.critical("the log is another one; reading it from its beginning", topic=place[0], partition=place[1], next_offset=expected,
                     end_offset=end_offset, cluster=cluster_id, known_cluster=known)  # fmt: skip
        LOGS_REPLACED.labels(consumer).inc()
        expected = 0
    await connection.execute(
        "UPDATE consumer_offset SET next_offset = $4, cluster_id = $5 WHERE consumer = $1 AND topic = $2 AND partition = $3",
        consumer, *place, expected, cluster_id,
    )  # fmt: skip
    return expected
