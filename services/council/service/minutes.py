"""Use cases of minutes."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from services.council.domain.meeting import Meeting
from services.council.domain.minutes import Minutes, MinutesPart
from services.council.domain.passage import Passage, Span
from services.council.domain.suggestion import check_settled
from services.kit.actor import Call
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.ids import derived_id
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written


class MinutesDesk:
    """What can be done with minutes; they are due `days` working days after their meeting.

    `count` answers how many suggestions are open, `closed` the words of a meeting's items that are not public.
    """

    def __init__(
        self, meetings: Write[Meeting], minutes: Write[Minutes], clock: Clock, calendar: WorkingDays, days: int,
        count: Callable[[Connection, UUID], Awaitable[int]], closed: Callable[[Connection, UUID], Awaitable[list[str]]],
    ) -> None:  # fmt: skip
        self._meetings, self._minutes, self._clock = meetings, minutes, clock
        self._calendar, self._days, self._count, self._closed = calendar, days, count, closed

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What the clocks of minutes do."""
        return {"minutes_due": self._minutes_due}

    async def start(self, call: Call, meeting_id: UUID, language: str) -> Written:
        """Begin the minutes of a held meeting. Raises Refused: ALREADY_EXISTS where there are some in this language."""
        identity = derived_id("minutes", str(meeting_id), language)

        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.lean_on(connection, call, meeting_id)
            meeting.check_held()
            due_on = self._calendar.after(meeting.start, self._days)
            minutes = Minutes(identity, meeting.sitting, language, self._clock.now(), due_on=due_on)
            return await self._minutes.insert(connection, call, [minutes.started()])

        return await self._minutes.log.once(call, work)

    async def write(self, call: Call, target: Target, part: MinutesPart, passage: Passage) -> Written:
        """Write one part."""
        return await self._change(call, target, lambda minutes: minutes.write(part, passage))

    async def mark(self, call: Call, target: Target, part: MinutesPart, spans: tuple[Span, ...]) -> Written:
        """Say which spans of a part are private."""
        return await self._change(call, target, lambda minutes: minutes.mark(part, spans))

    async def mask(self, call: Call, target: Target, part: MinutesPart, position: int) -> Written:
        """Replace an identity number's digits."""
        return await self._change(call, target, lambda minutes: minutes.mask(part, position))

    async def submit(self, call: Call, target: Target) -> Written:
        """Show the draft to those who attended."""
        return await self._change(call, target, lambda minutes: minutes.submit())

    async def approve(self, call: Call, target: Target) -> Written:
        """Approve reviewed minutes. Raises Refused: SUGGESTIONS_OPEN."""

        async def work(connection: Connection) -> Written:
            # A suggestion leans on its minutes: once they are locked, none comes in between.
            written = await self._minutes.update(connection, call, target.id, target.etag, lambda it: it.approve(at=self._clock.now()))
            check_settled(await self._count(connection, target.id))
            return written

        return await self._minutes.log.once(call, work)

    async def publish(self, call: Call, target: Target) -> Written:
        """Make approved minutes public."""
        return await self._make_public(call, target, lambda minutes, closed: minutes.publish(closed, at=self._clock.now()))

    async def correct(self, call: Call, target: Target, parts: Mapping[MinutesPart, Passage], reason: str) -> Written:
        """Publish a later edition."""
        return await self._make_public(call, target, lambda minutes, closed: minutes.correct(parts, reason, closed, at=self._clock.now()))

    async def _make_public(self, call: Call, target: Target, function: Callable[[Minutes, list[str]], Change[Minutes]]) -> Written:
        async def work(connection: Connection) -> Written:
            standing = await self._minutes.read(connection, call, target.id)
            closed = await self._closed(connection, standing.sitting.meeting_id)
            return await self._minutes.update(connection, call, target.id, target.etag, lambda minutes: function(minutes, closed))

        return await self._minutes.log.once(call, work)

    async def _minutes_due(self, connection: Connection, call: Call, identity: UUID, due_at: datetime) -> None:
        await self._minutes.react(
            connection, call, identity, lambda minutes: minutes.miss_deadline(at=due_at) if "minutes_due" in minutes.clocks() else None
        )

    async def _change(self, call: Call, target: Target, function: Callable[[Minutes], Change[Minutes]]) -> Written:
        return await self._minutes.change(call, target.id, target.etag, function)
