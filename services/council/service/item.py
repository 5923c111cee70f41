"""Use cases of agenda items."""

from collections.abc import Callable
from uuid import UUID

from services.council.domain.item import AgendaItem, Decision, ItemResult
from services.council.domain.meeting import Meeting, Sitting
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Target, Write, Written


class Items:
    """What can be done with agenda items."""

    def __init__(self, meetings: Write[Meeting], items: Write[AgendaItem], clock: Clock) -> None:
        self._meetings, self._items, self._clock = meetings, items, clock

    async def add(self, call: Call, meeting_id: UUID, make: Callable[[Sitting], AgendaItem]) -> Written:
        """Place an item on the agenda of a meeting that is neither closed nor cancelled."""

        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.lean_on(connection, call, meeting_id)
            meeting.check_open()
            return await self._items.insert(connection, call, [make(meeting.sitting).placed(at=self._clock.now())])

        return await self._items.log.once(call, work)

    async def decide(self, call: Call, target: Target, decision: Decision) -> Written:
        """Record what the meeting made of an item; only a withdrawal may come before the meeting was held."""

        async def work(connection: Connection) -> Written:
            item = await self._items.read(connection, call, target.id)
            meeting = await self._meetings.lean_on(connection, call, item.sitting.meeting_id)
            if decision.result is not ItemResult.WITHDRAWN:
                meeting.check_held()
            at = self._clock.now()
            return await self._items.update(connection, call, target.id, target.etag, lambda now: now.decide(decision, at=at))

        return await self._items.log.once(call, work)
