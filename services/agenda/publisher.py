"""Each item as it stands, on `madang.agenda.items.v1`: the projector leaves word in its own transaction, this tells it.

A state is read after its word was taken, and the word is gone only once the state is acknowledged: whoever dies in between tells it again.
One publisher a database, so that a topic that keeps the newest record of each key keeps the newest state.
"""

import asyncio
from uuid import UUID

from aiokafka import AIOKafkaProducer

from madang.events.items.v1 import items_pb2
from services.agenda.queries.item import Found, found_by_id
from services.agenda.wire.listing import found_to_wire, place_to_wire
from services.kit.contracts import event_type_of
from services.kit.database import Connection, Database
from services.kit.envelope import Envelope, to_headers
from services.kit.ids import derived_id
from services.kit.relay import ACK_S, sole_producer
from services.kit.retrying import for_ever
from services.kit.wire import time_to_wire
from services.kit.write import MAX_EVENT_BYTES

TOPIC = "madang.agenda.items.v1"
BATCH, POLL_S, MOST_SOURCES = 500, 0.2, 500
LOCK = 0x6974656D73  # one publisher a database: "items" as a number


class ItemPublisher:
    """A part of the agenda's server; `database` leads to the store."""

    def __init__(self, database: Database, bootstrap: str) -> None:
        self._database, self._bootstrap = database, bootstrap
        self._doubtful: list[UUID] = []

    async def run(self) -> None:
        """Tell for ever; what goes wrong ends one attempt only."""
        await for_ever("telling items", self._attempt)

    async def _attempt(self) -> None:
        await self._leave_word_again()
        async with sole_producer(self._database, self._bootstrap, LOCK) as (connection, producer):
            while True:
                if not await self._send_some(connection, producer):
                    await asyncio.sleep(POLL_S)

    async def _send_some(self, connection: Connection, producer: AIOKafkaProducer) -> int:
        """Tell some items as they stand; answers how many words that took."""
        try:
            async with connection.transaction():
                taken: list[UUID] = [row["agenda_id"] for row in await connection.fetch(TAKE, BATCH)]
                found = await found_by_id(connection, sorted(set(taken)))
                self._doubtful = [each.row["agenda_id"] for each in found]
                acks = [await producer.send(TOPIC, *record_of(each)) for each in found]
                await asyncio.wait_for(asyncio.gather(*acks), ACK_S)
        finally:
            if not connection.is_closed():
                self._doubtful = []
        return len(taken)

    async def _leave_word_again(self) -> None:
        """What a session that ended meanwhile has sent may have come after something newer that another publisher told."""
        if self._doubtful:
            async with self._database.connection() as connection:
                await connection.execute("INSERT INTO item_todo (agenda_id) SELECT unnest($1::uuid[])", self._doubtful)
            self._doubtful = []


def record_of(found: Found) -> tuple[bytes, bytes, None, None, list[tuple[str, bytes]]]:
    """What a producer sends of an item: value, key, no partition, no time, headers."""
    row, state = found.row, state_of(found)
    agenda_id, version = row["agenda_id"], row["version"]
    event_id = derived_id("agenda-item-state", str(agenda_id), str(version))
    envelope = Envelope(event_id, "urn:madang:agenda", event_type_of(state), row["changed_at"], agenda_id, version, event_id, event_id)
    return state.SerializeToString(deterministic=True), str(agenda_id).encode(), None, None, to_headers(envelope)


def state_of(found: Found) -> items_pb2.AgendaItemState:
    """An item's state, of its sources only as many as a record holds: too large a record would stop all that come after it."""
    row = found.row
    state = items_pb2.AgendaItemState(occurred_at=time_to_wire(row["last_event_at"]), listed=row["shown"])
    if not row["shown"]:
        state.after.CopyFrom(place_to_wire(found))
        return state
    state.after.CopyFrom(found_to_wire(found))
    state.source_count = len(found.sources)
    sources = state.after.sources
    del sources[MOST_SOURCES:]
    while sources and state.ByteSize() > MAX_EVENT_BYTES:
        del sources[len(sources) // 2 :]
    return state


TAKE = """
    DELETE FROM item_todo WHERE ctid = ANY (ARRAY(SELECT ctid FROM item_todo LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING agenda_id"""
