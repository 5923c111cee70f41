"""Questions about partners and what they have sent, answered from rows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.kit.database import Database
from services.kit.errors import not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens
from services.kit.write import Written
from services.partners.domain import Outcome, Partner, Received, partner_id_of
from services.partners.store import RECEIVED, SELECT, partner_of_row, received_of_row

LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Listing:
    """Which received events, and which page of them."""

    partner: str
    outcome: Outcome | None
    event_id: str
    chain_id: UUID | None
    page_size: int
    page_token: str

    @property
    def query(self) -> str:
        """What a page token belongs to."""
        return f"received {self.partner} {self.outcome} {self.event_id} {self.chain_id}"


class PartnerQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens = database, tokens

    async def get(self, code: str) -> tuple[Partner, Written]:
        """One partner with its numbers. Raises Refused: NOT_FOUND."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT p.*, a.revision, a.version FROM ({SELECT}) p JOIN aggregate a ON a.id = p.partner_id WHERE p.partner_id = $1",
                partner_id_of(code),
            )
        if row is None:
            raise not_found("partner", code)
        return partner_of_row(row), Written(row["partner_id"], row["revision"], row["version"])

    async def page(self, page_size: int, page_token: str) -> tuple[list[Partner], str]:
        """A page of partners, by code, and the token of the next."""
        size = page_size or DEFAULT_SIZE
        place = self._tokens.read(page_token, "partners")
        async with self._database.connection() as connection:
            rows = await connection.fetch(f"{SELECT} WHERE code > $1 ORDER BY code LIMIT $2", place[0] if place else "", size + 1)
        partners = [partner_of_row(row) for row in rows[:size]]
        return partners, self._tokens.sign([partners[-1].code], "partners") if len(rows) > size else ""

    async def received(self, listing: Listing) -> tuple[list[Received], str]:
        """A page of received events, newest first, and the token of the next."""
        size = listing.page_size or DEFAULT_SIZE
        place = self._tokens.read(listing.page_token, listing.query)
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                PAGE, listing.partner or None, listing.outcome, listing.event_id or None, listing.chain_id,
                place[0] if place else None, size + 1,
            )  # fmt: skip
        token = self._tokens.sign([rows[size - 1]["sequence"]], listing.query) if len(rows) > size else ""
        return [received_of_row(row) for row in rows[:size]], token


class Inboxes:
    """How far the inboxes are, in the log and here."""

    def __init__(self, database: Database, *, bootstrap: str, consumer: str) -> None:
        self._database, self._bootstrap, self._consumer = database, bootstrap, consumer

    async def drain(self) -> int:
        """Wait until what stands in the inboxes now is stored and has its outcome; answers how much that was."""
        ends = await self._ends()
        unread = await _until_none(lambda: self._missing(ends))
        async with self._database.connection() as connection:
            last = await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM received_event")
        return unread + await _until_none(lambda: self._waiting(last))

    async def _ends(self) -> dict[TopicPartition, int]:
        """Where each partition of each inbox ends, behind the last finished transaction."""
        async with self._database.connection() as connection:
            topics = [partner_of_row(row).inbox for row in await connection.fetch(SELECT)]
        if not topics:
            return {}
        consumer = AIOKafkaConsumer(*topics, bootstrap_servers=self._bootstrap, isolation_level="read_committed")
        try:
            await consumer.start()
            return dict(await consumer.end_offsets(sorted(consumer.assignment())))
        finally:
            await consumer.stop()

    async def _missing(self, ends: dict[TopicPartition, int]) -> int:
        async with self._database.connection() as connection:
            rows = await connection.fetch("SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer = $1", self._consumer)
        reached = {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        return sum(max(0, end - reached.get(place, 0)) for place, end in ends.items())

    async def _waiting(self, last: int) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval("SELECT count(*) FROM received_event WHERE outcome = 'waiting' AND sequence <= $1", last))


async def _until_none(left: Callable[[], Awaitable[int]]) -> int:
    """Look until nothing is left; answers how much there was at first."""
    first = now = await left()
    while now:
        await asyncio.sleep(LOOK_EVERY_S)
        now = await left()
    return first


PAGE = f"""SELECT {RECEIVED} FROM received_event
    WHERE ($1::text IS NULL OR partner = $1) AND ($2::text IS NULL OR outcome = $2) AND ($3::text IS NULL OR event_id = $3)
      AND ($4::uuid IS NULL OR correlation_id = $4 OR cause_id = $4) AND ($5::bigint IS NULL OR sequence < $5)
    ORDER BY sequence DESC LIMIT $6"""
