"""Faust handing out whole fetches, with offsets kept in PostgreSQL (ADR 0002).

Stock Faust takes records one by one (140 µs and more of CPU each) and begins where Kafka remembers, which may be past what was applied.
Here one message is what one fetch brought of one partition: its value is the list of records, its offset the last one's.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from services.kit.offsets import AskEnds, Place


class Places(Protocol):
    """Where PostgreSQL stands. Called from the worker's event loop; may wait, must not raise: an error would reach Faust."""

    async def starts(self, ends: AskEnds) -> Mapping[Place, int]:
        """Where to read each partition on, given a way to ask where it ends; called at every assignment, before a record is handed out."""
        ...

    async def applied(self) -> Mapping[Place, int]:
        """The next offset of every partition, for those who look into Kafka; called once a second."""
        ...

    def is_held(self, topic: str) -> bool:
        """Whether records of a topic are to be left alone."""
        ...


class BatchConsumer(driver.Consumer):
    """One message a partition and fetch."""

    @property
    def _places(self) -> Places:
        places: Places = self.transport.places  # type: ignore[attr-defined]
        return places

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's own signature
        """What one fetch brought, as one message a partition."""
        records, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if records is None or self.should_stop:
            return
        if not self.flow_active:
            await self.perform_seek()
            return
        for place, batch in records.items():
            if not self.flow_active or generation != self.app.consumer_generation_id:
                return
            if batch and self._is_wanted(place, active):
                yield place, _message(place, batch, generation)

    def _is_wanted(self, place: TP, active: set[TP] | None) -> bool:
        if self._places.is_held(place.topic):
            return False
        return active is None or place in active or place in self._buffered_partitions

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Every assignment begins where PostgreSQL says, whatever Kafka remembers."""
        assigned = self.assignment()
        if not assigned:
            return {}

        async def ends() -> Mapping[Place, int]:
            found = await self.highwaters(*assigned)
            return {(place.topic, place.partition): found[place] for place in assigned}

        starts = await self._places.starts(ends)
        wanted = {place: starts[place.topic, place.partition] for place in assigned}
        await self.seek_wait(wanted)
        return wanted

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002
        """Tell Kafka where PostgreSQL stands; Faust's own account of what was handled has gaps by design, and is dropped."""
        for account in (self._acked, self._acked_index, self._gap):
            account.clear()
        applied, assigned = await self._places.applied(), self.assignment()
        offsets = {place: applied[place.topic, place.partition] for place in assigned if (place.topic, place.partition) in applied}
        return bool(offsets and await self._commit(offsets))


class BatchTransport(driver.Transport):
    """Kafka with BatchConsumer; made as `app.transport = BatchTransport(app.conf.broker, app, places)`."""

    Consumer = BatchConsumer

    def __init__(self, broker: Any, app: Any, places: Places) -> None:
        super().__init__(broker, app)
        self.places = places


def _message(place: TP, batch: Any, generation: int) -> ConsumerMessage:
    last = batch[-1]
    return ConsumerMessage(
        last.topic, last.partition, last.offset, (last.timestamp or 0) / 1000, last.timestamp_type, [], None, batch, None, 0, 0, place,
        generation_id=generation,
    )  # fmt: skip
