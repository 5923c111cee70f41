"""Use cases of councils."""

from collections.abc import Callable
from datetime import date

from services.council.domain.council import Council, Member
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.vocabulary import ImportOutcome
from services.kit.write import Change, Target, Write, Written


class Councils:
    """What can be done with councils."""

    def __init__(self, councils: Write[Council], clock: Clock) -> None:
        self._councils, self._clock = councils, clock

    async def form(self, call: Call, council: Council) -> Written:
        """Form a council."""
        return await self._councils.create(call, council.formed())

    async def change_members(self, call: Call, target: Target, ended: dict[str, date], joined: tuple[Member, ...]) -> Written:
        """End memberships and begin others."""
        return await self._change(call, target, lambda council: council.change_members(ended, joined, at=self._clock.now()))

    async def begin_term(self, call: Call, target: Target, start: date, end: date | None) -> Written:
        """Begin the next term."""
        return await self._change(call, target, lambda council: council.begin_term(start, end, at=self._clock.now()))

    async def set_standing_items(self, call: Call, target: Target, names: tuple[str, ...]) -> Written:
        """Say what stands on the agenda of every meeting."""
        return await self._change(call, target, lambda council: council.set_standing_items(names, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Council], Change[Council]]) -> Written:
        return await self._councils.change(call, target.id, target.etag, function)

    async def recall(self, call: Call, council: Council) -> tuple[Written, ImportOutcome]:
        """Take a body of history; one that was taken before stays as it is."""
        outcome = ImportOutcome.ACCEPTED

        async def work(connection: Connection) -> Written:
            nonlocal outcome
            if standing := await self._councils.find(connection, council.id):
                outcome = ImportOutcome.DUPLICATE
                return standing
            return await self._councils.insert(connection, call, [council.formed()])

        return await self._councils.log.once(call, work), outcome
