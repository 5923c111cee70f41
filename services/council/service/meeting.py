"""Use cases of meetings."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Attendance, CountryCount, Meeting, Presence
from services.kit.actor import Call
from services.kit.clock import SEOUL, Clock
from services.kit.database import Connection
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written


@dataclass(frozen=True, slots=True)
class NewDay:
    """When and where a postponed meeting takes place; an empty location stays as it was."""

    start: datetime
    end: datetime | None
    location: str


class Meetings:
    """What can be done with meetings. `items_of` answers the ids of a meeting's items, in order."""

    def __init__(
        self, councils: Write[Council], meetings: Write[Meeting], items: Write[AgendaItem],
        items_of: Callable[[Connection, UUID], Awaitable[Sequence[UUID]]], clock: Clock, invitation_days: int,
    ) -> None:  # fmt: skip
        self._councils, self._meetings, self._items, self._items_of = councils, meetings, items, items_of
        self._clock, self._invitation_days = clock, invitation_days

    async def schedule(self, call: Call, council_id: UUID, make: Callable[[Council], Meeting]) -> Written:
        """Set the day of a meeting of a council."""

        async def work(connection: Connection) -> Written:
            council = await self._councils.lean_on(connection, call, council_id)
            scheduled = make(council).scheduled(at=self._clock.now(), invitation_days=self._invitation_days)
            return await self._meetings.insert(connection, call, [scheduled])

        return await self._meetings.log.once(call, work)

    async def invite(self, call: Call, target: Target) -> Written:
        """Invite its members."""
        return await self._change(call, target, lambda meeting: meeting.invite(at=self._clock.now()))

    async def postpone(self, call: Call, target: Target, reason: str) -> Written:
        """Put it off."""
        return await self._change(call, target, lambda meeting: meeting.postpone(reason, at=self._clock.now()))

    async def reschedule(self, call: Call, target: Target, day: NewDay) -> Written:
        """Set a postponed meeting's new day; what stands on its agenda moves with it."""

        async def work(connection: Connection) -> Written:
            at = self._clock.now()
            written = await self._meetings.update(
                connection, call, target.id, target.etag,
                lambda meeting: meeting.reschedule(day.start, day.end, day.location, at=at, invitation_days=self._invitation_days),
            )  # fmt: skip
            for item_id in await self._items_of(connection, target.id):
                await self._items.update(
                    connection, call, item_id, 0, lambda item: item.move(replace(item.sitting, start=day.start), at=at)
                )  # fmt: skip
            return written

        return await self._meetings.log.once(call, work)

    async def hold(self, call: Call, target: Target, attendance: Attendance, people: tuple[str, ...]) -> Written:
        """Record that it took place, and which members were there, where somebody says so."""

        def held(meeting: Meeting, council: Council) -> Change[Meeting]:
            present = len(people) or attendance.quorum_present
            return meeting.hold(replace(attendance, quorum_present=present), _presence(meeting, council, people), at=self._clock.now())

        return await self._with_council(call, target, held)

    async def update_attendance(self, call: Call, target: Target, total: int, members: int, people: tuple[str, ...]) -> Written:
        """Record that people came or left."""

        def updated(meeting: Meeting, council: Council) -> Change[Meeting]:
            present = len(people) or members
            return meeting.update_attendance(total, present, _presence(meeting, council, people), at=self._clock.now())

        return await self._with_council(call, target, updated)

    async def close(self, call: Call, target: Target) -> Written:
        """Make its agenda final."""
        return await self._change(call, target, lambda meeting: meeting.close(at=self._clock.now()))

    async def cancel(self, call: Call, target: Target, reason: str) -> Written:
        """Call it off."""
        return await self._change(call, target, lambda meeting: meeting.cancel(reason, at=self._clock.now()))

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"invitation_due": self._invitation_due}

    async def _invitation_due(self, connection: Connection, call: Call, meeting_id: UUID, at: datetime) -> None:
        await self._meetings.react(connection, call, meeting_id, lambda meeting: meeting.miss_invitation(at=at))

    async def _with_council(self, call: Call, target: Target, function: Callable[[Meeting, Council], Change[Meeting]]) -> Written:
        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.read(connection, call, target.id)
            council = await self._councils.lean_on(connection, call, meeting.council_id)
            return await self._meetings.update(connection, call, target.id, target.etag, lambda now: function(now, council))

        return await self._meetings.log.once(call, work)

    async def _change(self, call: Call, target: Target, function: Callable[[Meeting], Change[Meeting]]) -> Written:
        return await self._meetings.change(call, target.id, target.etag, function)


def _presence(meeting: Meeting, council: Council, people: tuple[str, ...]) -> Presence:
    counts = council.present(people, meeting.start.astimezone(SEOUL).date())
    return Presence(people, tuple(CountryCount(country, count) for country, count in counts.items()))
