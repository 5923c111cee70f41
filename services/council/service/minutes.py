"""Use cases of minutes."""

from collections.abc import Callable, Mapping
from uuid import UUID

from services.council.domain.meeting import Meeting
from services.council.domain.minutes import Minutes, MinutesPart
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.ids import derived_id
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written


class MinutesDesk:
    """What can be done with minutes."""

    def __init__(self, meetings: Write[Meeting], minutes: Write[Minutes], clock: Clock) -> None:
        self._meetings, self._minutes, self._clock = meetings, minutes, clock

    async def start(self, call: Call, meeting_id: UUID, language: str) -> Written:
        """Begin the minutes of a held meeting. Raises Refused: ALREADY_EXISTS where there are some in this language."""
        identity = derived_id("minutes", str(meeting_id), language)

        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.lean_on(connection, call, meeting_id)
            meeting.check_held()
            minutes = Minutes(identity, meeting.sitting, language, self._clock.now())
            return await self._minutes.insert(connection, call, [minutes.started()])

        return await self._minutes.log.once(call, work)

    async def write(self, call: Call, target: Target, part: MinutesPart, text: Text) -> Written:
        """Write one part."""
        return await self._change(call, target, lambda minutes: minutes.write(part, text))

    async def submit(self, call: Call, target: Target) -> Written:
        """Show the draft to those who attended."""
        return await self._change(call, target, lambda minutes: minutes.submit())

    async def approve(self, call: Call, target: Target) -> Written:
        """Approve reviewed minutes."""
        return await self._change(call, target, lambda minutes: minutes.approve(at=self._clock.now()))

    async def publish(self, call: Call, target: Target) -> Written:
        """Make approved minutes public."""
        return await self._change(call, target, lambda minutes: minutes.publish(at=self._clock.now()))

    async def correct(self, call: Call, target: Target, parts: Mapping[MinutesPart, Text], reason: str) -> Written:
        """Publish a later edition."""
        return await self._change(call, target, lambda minutes: minutes.correct(parts, reason, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Minutes], Change[Minutes]]) -> Written:
        return await self._minutes.change(call, target.id, target.etag, function)
