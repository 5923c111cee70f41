"""Use cases of meetings."""

from collections.abc import Callable
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.meeting import Attendance, Meeting
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Change, Target, Write, Written


class Meetings:
    """What can be done with meetings."""

    def __init__(self, councils: Write[Council], meetings: Write[Meeting], clock: Clock) -> None:
        self._councils, self._meetings, self._clock = councils, meetings, clock

    async def schedule(self, call: Call, council_id: UUID, make: Callable[[Council], Meeting]) -> Written:
        """Set the day of a meeting of a council."""

        async def work(connection: Connection) -> Written:
            council = await self._councils.lean_on(connection, call, council_id)
            return await self._meetings.insert(connection, call, [make(council).scheduled(at=self._clock.now())])

        return await self._meetings.log.once(call, work)

    async def invite(self, call: Call, target: Target) -> Written:
        """Invite its members."""
        return await self._change(call, target, lambda meeting: meeting.invite(at=self._clock.now()))

    async def hold(self, call: Call, target: Target, attendance: Attendance) -> Written:
        """Record that it took place."""
        return await self._change(call, target, lambda meeting: meeting.hold(attendance, at=self._clock.now()))

    async def close(self, call: Call, target: Target) -> Written:
        """Make its agenda final."""
        return await self._change(call, target, lambda meeting: meeting.close(at=self._clock.now()))

    async def cancel(self, call: Call, target: Target, reason: str) -> Written:
        """Call it off."""
        return await self._change(call, target, lambda meeting: meeting.cancel(reason, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Meeting], Change[Meeting]]) -> Written:
        return await self._meetings.change(call, target.id, target.etag, function)
