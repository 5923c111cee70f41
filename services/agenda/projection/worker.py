"""The projector's process: `apply_batch` on what the log brings, topics that are held, and the store's heartbeat."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.agenda.projection import freshness
from services.agenda.projection.apply import CONSUMER, apply_batch
from services.agenda.projection.breaker import Breaker, Held, held_topics, hold
from services.agenda.projection.database import open_store
from services.agenda.projection.log_worker import LogWorker, end
from services.agenda.settings import AgendaSettings
from services.kit.database import Connection, Database
from services.kit.envelope import Record
from services.kit.offsets import Place


def build(settings: AgendaSettings) -> LogWorker:
    """The process; several may run."""
    return LogWorker(settings, CONSUMER, lambda: open_store(settings, CONSUMER), Projector())


class Projector:
    """Fills the store."""

    def __init__(self) -> None:
        self._breaker = Breaker()
        self._held: frozenset[str] = frozenset()

    async def begin(self, connection: Connection) -> None:
        """Learn which topics are held."""
        self._held = await held_topics(connection)

    def is_held(self, topic: str) -> bool:
        """Whether a topic waits for an operator."""
        return topic in self._held

    async def apply(self, database: Database, records: Sequence[Any]) -> Sequence[Record]:
        """Apply a batch; a topic that must be held ends the process, which begins anew without it."""
        try:
            async with database.connection() as connection:
                applied = await apply_batch(connection, records, self._breaker)
        except Held as held:
            async with database.transaction() as connection:
                await hold(connection, held)
            end("starting again without the held topic", topic=held.topic)
        return [fact.record for fact in applied.facts]

    async def beat(self, connection: Connection, snapshots: Sequence[freshness.Snapshot], applied: Mapping[Place, int]) -> int:
        """Say how far the store is, and look whether an operator has released a topic."""
        held = await held_topics(connection)
        behind = await freshness.beat(connection, snapshots, applied)
        if held != self._held:
            end("the topics that are held have changed", held=sorted(held))
        return behind
