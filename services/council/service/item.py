"""Use cases of agenda items."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.item import AgendaItem, Decision, ItemResult, Votes
from services.council.domain.meeting import Meeting, Sitting
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found
from services.kit.write import Target, Write, Written


class Items:
    """What can be done with agenda items."""

    def __init__(self, councils: Write[Council], meetings: Write[Meeting], items: Write[AgendaItem], clock: Clock) -> None:
        self._councils, self._meetings, self._items, self._clock = councils, meetings, items, clock

    async def add(self, call: Call, meeting_id: UUID, make: Callable[[Sitting], AgendaItem]) -> Written:
        """Place an item on the agenda of a meeting that is neither closed nor cancelled."""

        async def work(connection: Connection) -> Written:
            meeting = await self._meetings.lean_on(connection, call, meeting_id)
            meeting.check_open()
            item = make(meeting.sitting)
            await self._check_carried(connection, call, item)
            return await self._items.insert(connection, call, [item.placed(at=self._clock.now())])

        return await self._items.log.once(call, work)

    async def _check_carried(self, connection: Connection, call: Call, item: AgendaItem) -> None:
        """Raise NOT_FOUND or ITEM_NOT_DEFERRED where it goes on with no deferred item of the same council."""
        if item.carried_from is None:
            return
        earlier = await self._items.read(connection, call, item.carried_from)
        if earlier.owner != item.owner:
            raise not_found("agenda_item", item.carried_from)
        earlier.check_deferred()

    async def decide(self, call: Call, target: Target, decision: Decision, present: int) -> Written:
        """Record what the meeting made of an item; only a withdrawal may come before the meeting was held.

        A vote needs the quorum: of those `present`, or, where that is 0, of those whom the attendance names last.
        """

        async def work(connection: Connection) -> Written:
            item = await self._items.read(connection, call, target.id)
            meeting = await self._meetings.lean_on(connection, call, item.sitting.meeting_id)
            if decision.result is not ItemResult.WITHDRAWN:
                meeting.check_held()
            at, votes = self._clock.now(), await self._checked(connection, call, meeting, decision.votes, present)
            made = replace(decision, votes=votes)
            return await self._items.update(connection, call, target.id, target.etag, lambda now: now.decide(made, at=at))

        return await self._items.log.once(call, work)

    async def _checked(self, connection: Connection, call: Call, meeting: Meeting, votes: Votes | None, present: int) -> Votes | None:
        """A vote with its base. Raises Refused: QUORUM_MISSING, VOTES_EXCEED_BASE. Whom an archive does not count, nobody checks."""
        if votes is None or meeting.attendance is None:
            return votes
        present = present or meeting.attendance.quorum_present
        meeting.check_quorum(present)
        council = await self._councils.read(connection, call, meeting.council_id)
        return votes.counted_of(members=len(council.current), present=present)
