"""Use cases of resolutions and action items."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Meeting, Sitting
from services.council.domain.outcome import ActionItem, CityReply, Resolution
from services.kit.actor import Call
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.errors import not_found
from services.kit.scheduler import Ring
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written


class Resolutions:
    """What can be done with resolutions. What makes one is given its meeting, and whether its item is public."""

    def __init__(
        self, meetings: Write[Meeting], items: Write[AgendaItem], resolutions: Write[Resolution], clock: Clock, reply_days: int
    ) -> None:
        self._meetings, self._items, self._resolutions, self._clock, self._reply_days = meetings, items, resolutions, clock, reply_days

    async def adopt(self, call: Call, meeting_id: UUID, item_id: UUID | None, make: Callable[[Sitting, bool], Resolution]) -> Written:
        """Record a resolution of a held meeting."""

        async def work(connection: Connection) -> Written:
            meeting, item = await _place(self._meetings, self._items, connection, call, meeting_id, item_id)
            made = replace(make(meeting.sitting, item is None or item.public), matters=item.matters if item else ())
            return await self._resolutions.insert(connection, call, [made.adopted(at=self._clock.now(), reply_days=self._reply_days)])

        return await self._resolutions.log.once(call, work)

    async def reply(self, call: Call, target: Target, text: Text, department: str) -> Written:
        """Record what the city replied."""
        at = self._clock.now()
        return await self._resolutions.change(
            call, target.id, target.etag, lambda resolution: resolution.receive(CityReply(text, department, at))
        )

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"city_reply_due": self._reply_due}

    async def _reply_due(self, connection: Connection, call: Call, resolution_id: UUID, at: datetime) -> None:
        await self._resolutions.react(connection, call, resolution_id, lambda resolution: resolution.miss_reply(at=at))


class Actions:
    """What can be done with action items. What makes one is given its meeting, and whether its item is public."""

    def __init__(
        self, meetings: Write[Meeting], items: Write[AgendaItem], actions: Write[ActionItem], clock: Clock, calendar: WorkingDays
    ) -> None:
        self._meetings, self._items, self._actions, self._clock, self._calendar = meetings, items, actions, clock, calendar

    async def open(self, call: Call, meeting_id: UUID, item_id: UUID | None, make: Callable[[Sitting, bool], ActionItem]) -> Written:
        """Record what a held meeting asked a department to do."""

        async def work(connection: Connection) -> Written:
            meeting, item = await _place(self._meetings, self._items, connection, call, meeting_id, item_id)
            made = make(meeting.sitting, item is None or item.public)
            return await self._actions.insert(connection, call, [made.opened(at=self._clock.now(), calendar=self._calendar)])

        return await self._actions.log.once(call, work)

    async def start(self, call: Call, target: Target) -> Written:
        """Record that its department works on it."""
        return await self._change(call, target, lambda action: action.start(at=self._clock.now()))

    async def complete(self, call: Call, target: Target) -> Written:
        """Record that it was done."""
        return await self._change(call, target, lambda action: action.complete(at=self._clock.now()))

    async def carry(self, call: Call, target: Target, meeting_id: UUID, due_on: date | None) -> Written:
        """Take it up again at a later meeting of the same council."""

        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.lean_on(connection, call, meeting_id)
            meeting.check_open()
            if (await self._actions.read(connection, call, target.id)).owner != meeting.owner:
                raise not_found("meeting", meeting_id)
            at = self._clock.now()
            return await self._actions.update(
                connection, call, target.id, target.etag,
                lambda action: action.carry(meeting.sitting, due_on, at=at, calendar=self._calendar),
            )  # fmt: skip

        return await self._actions.log.once(call, work)

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"action_due": self._action_due}

    async def _action_due(self, connection: Connection, call: Call, action_id: UUID, at: datetime) -> None:
        await self._actions.react(connection, call, action_id, lambda action: action.miss_day(at=at))

    async def _change(self, call: Call, target: Target, function: Callable[[ActionItem], Change[ActionItem]]) -> Written:
        return await self._actions.change(call, target.id, target.etag, function)


async def _place(
    meetings: Write[Meeting], items: Write[AgendaItem], connection: Connection, call: Call, meeting_id: UUID, item_id: UUID | None
) -> tuple[Meeting, AgendaItem | None]:
    """The held meeting and its item. Raises Refused: NOT_FOUND for an item of another meeting."""
    meeting = await meetings.lean_on(connection, call, meeting_id)
    meeting.check_held()
    if item_id is None:
        return meeting, None
    item = await items.read(connection, call, item_id)
    if item.sitting.meeting_id != meeting_id:
        raise not_found("agenda_item", item_id)
    return meeting, item
