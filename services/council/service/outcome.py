"""Use cases of resolutions and action items."""

from collections.abc import Callable
from uuid import UUID

from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Meeting, Sitting
from services.council.domain.outcome import ActionItem, Resolution
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found
from services.kit.write import Target, Write, Written


class Outcomes:
    """What can be done with resolutions and action items. What makes one is given its meeting, and whether its item is public."""

    def __init__(
        self, meetings: Write[Meeting], items: Write[AgendaItem], resolutions: Write[Resolution], actions: Write[ActionItem], clock: Clock
    ) -> None:
        self._meetings, self._items, self._resolutions, self._actions, self._clock = meetings, items, resolutions, actions, clock

    async def adopt(self, call: Call, meeting_id: UUID, item_id: UUID | None, make: Callable[[Sitting, bool], Resolution]) -> Written:
        """Record a resolution of a held meeting."""

        async def work(connection: Connection) -> Written:
            resolution = make(*await self._place(connection, call, meeting_id, item_id))
            return await self._resolutions.insert(connection, call, [resolution.adopted(at=self._clock.now())])

        return await self._resolutions.log.once(call, work)

    async def open(self, call: Call, meeting_id: UUID, item_id: UUID | None, make: Callable[[Sitting, bool], ActionItem]) -> Written:
        """Record what a held meeting asked a department to do."""

        async def work(connection: Connection) -> Written:
            action = make(*await self._place(connection, call, meeting_id, item_id))
            return await self._actions.insert(connection, call, [action.opened(at=self._clock.now())])

        return await self._actions.log.once(call, work)

    async def complete(self, call: Call, target: Target) -> Written:
        """Record that it was done."""
        return await self._actions.change(call, target.id, target.etag, lambda action: action.complete(at=self._clock.now()))

    async def _place(self, connection: Connection, call: Call, meeting_id: UUID, item_id: UUID | None) -> tuple[Sitting, bool]:
        """The held meeting, and whether the item is public. Raises Refused: NOT_FOUND for an item of another meeting."""
        meeting = await self._meetings.lean_on(connection, call, meeting_id)
        meeting.check_held()
        if item_id is None:
            return meeting.sitting, True
        item = await self._items.read(connection, call, item_id)
        if item.sitting.meeting_id != meeting_id:
            raise not_found("agenda_item", item_id)
        return meeting.sitting, item.public
