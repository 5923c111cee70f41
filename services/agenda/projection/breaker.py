"""The breaker: a topic of which too much can't be read is held, instead of being drained into dead letters.

A hold is a row that a restart does not forget. An operator's release lets what stands in the topic then become dead letters. A rebuild
has no breaker: it goes only as far as the live store went, and so follows what was released there.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

import structlog

from services.agenda.projection.log_ends import ends_of, log_reader, partitions
from services.kit.database import Connection, Database
from services.kit.envelope import Record
from services.kit.metrics import TOPICS_HELD

log = structlog.get_logger()
WINDOW, MIN_BAD, SHARE = 200, 20, 0.2


class Held(Exception):  # noqa: N818 - it says what happened to the topic
    """Too many records of a topic can't be read; the batch was rolled back."""

    def __init__(self, topic: str, partition: int, reason: str) -> None:
        super().__init__(reason)
        self.topic, self.partition, self.reason = topic, partition, reason


class Breaker:
    """Looks at the last 200 records of each topic: more than a fifth of them bad, and at least 20, is no accident."""

    def __init__(self) -> None:
        self._windows: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=WINDOW))

    async def check(self, connection: Connection, records: Sequence[Record], bad: Sequence[Record]) -> None:
        """Raises Held."""
        released = await _released(connection, {record.topic for record in bad})
        places = {(record.topic, record.partition, record.offset) for record in bad}
        for record in records:
            place = (record.topic, record.partition)
            is_bad = (*place, record.offset) in places and record.offset >= released.get(place, 0)
            window = self._windows[record.topic]
            window.append(is_bad)
            if is_bad and sum(window) >= MIN_BAD and sum(window) > SHARE * len(window):
                raise Held(*place, f"{sum(window)} of the last {len(window)} records can't be read; the newest at offset {record.offset}")


async def _released(connection: Connection, topics: Iterable[str]) -> dict[tuple[str, int], int]:
    wanted = list(topics)
    if not wanted:
        return {}
    rows = await connection.fetch("SELECT topic, partition, released_to FROM topic_hold WHERE topic = ANY ($1::text[])", wanted)
    return {(row["topic"], row["partition"]): row["released_to"] for row in rows}


async def hold(connection: Connection, held: Held) -> None:
    """Keep that a topic is held, in a transaction of its own."""
    await connection.execute(
        """INSERT INTO topic_hold (topic, partition, reason) VALUES ($1, $2, $3)
           ON CONFLICT (topic, partition) DO UPDATE SET reason = excluded.reason, held_at = excluded.held_at, released_at = NULL""",
        held.topic, held.partition, held.reason,
    )  # fmt: skip
    log.critical("a topic is held", topic=held.topic, partition=held.partition, reason=held.reason, repair="madang agenda release TOPIC")


async def held_topics(connection: Connection) -> frozenset[str]:
    """The topics that wait for an operator."""
    topics = frozenset(row["topic"] for row in await connection.fetch("SELECT DISTINCT topic FROM topic_hold WHERE released_at IS NULL"))
    TOPICS_HELD.labels("agenda").set(len(topics))
    return topics


class Holds:
    """What an operator does about them; `store` leads to the store."""

    def __init__(self, store: Database, bootstrap: str) -> None:
        self._store, self._bootstrap = store, bootstrap

    async def release(self, topic: str) -> int:
        """Let a topic go on; answers how many holds stood. What it holds now may become dead letters."""
        async with log_reader(self._bootstrap) as reader:
            ends = await ends_of(reader, [place for place in await partitions(self._bootstrap) if place.topic == topic])
        async with self._store.transaction() as connection:
            stood = await connection.fetch("SELECT FROM topic_hold WHERE topic = $1 AND released_at IS NULL FOR UPDATE", topic)
            if stood:
                await connection.execute(RELEASE, topic, [partition for _, partition in ends], list(ends.values()))
        return len(stood)


RELEASE = """
    INSERT INTO topic_hold (topic, partition, reason, released_at, released_to)
    SELECT $1, partition, 'released with its topic', clock_timestamp(), released_to
    FROM unnest($2::int[], $3::bigint[]) AS ends (partition, released_to)
    ON CONFLICT (topic, partition) DO UPDATE SET released_at = excluded.released_at, released_to = excluded.released_to"""
