"""The use case of a meeting of history: everything of it in one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.item import AgendaItem, Decision
from services.council.domain.meeting import Meeting, MeetingStatus, Sitting
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.vocabulary import ImportOutcome
from services.kit.write import Write, Written


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """An item as an archive reports it."""

    make: Callable[[Sitting], AgendaItem]
    decision: Decision


@dataclass(frozen=True, slots=True)
class MeetingHistory:
    """A meeting as an archive reports it."""

    meeting_id: UUID
    council_id: UUID
    make: Callable[[Council], Meeting]
    status: MeetingStatus
    cancellation_reason: str
    items: tuple[ItemHistory, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What became of a meeting of history, and how many items it has."""

    written: Written
    outcome: ImportOutcome
    items: int


class Archive:
    """Takes meetings of history. `count` answers how many items a meeting has."""

    def __init__(
        self, councils: Write[Council], meetings: Write[Meeting], items: Write[AgendaItem],
        count: Callable[[Connection, UUID], Awaitable[int]], clock: Clock,
    ) -> None:  # fmt: skip
        self._councils, self._meetings, self._items, self._count, self._clock = councils, meetings, items, count, clock

    async def recall(self, call: Call, history: MeetingHistory) -> Recalled:
        """Take a meeting with its items; one that was taken before stays as it is."""
        outcome, items = ImportOutcome.ACCEPTED, len(history.items)

        async def work(connection: Connection) -> Written:
            nonlocal outcome, items
            if standing := await self._meetings.find(connection, history.meeting_id):
                outcome, items = ImportOutcome.DUPLICATE, await self._count(connection, history.meeting_id)
                return standing
            return await self._take(connection, call, history)

        return Recalled(await self._meetings.log.once(call, work), outcome, items)

    async def _take(self, connection: Connection, call: Call, history: MeetingHistory) -> Written:
        now = self._clock.now()
        meeting = history.make(await self._councils.read(connection, call, history.council_id))
        life = meeting.recalled(history.status, history.cancellation_reason, now=now)
        written = await self._meetings.insert(connection, call, life)
        made = [(item.make(meeting.sitting), item.decision) for item in history.items]
        for item, decision in sorted(made, key=lambda pair: pair[0].id):
            await self._items.insert(connection, call, item.recalled(decision, now=now))
        return written
