"""Use cases of activities."""

from collections.abc import Callable

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Change, Target, Write, Written
from services.voices.domain.activity import Activity
from services.voices.domain.mandate import Mandate


class Activities:
    """What can be done with activities."""

    def __init__(self, mandates: Write[Mandate], activities: Write[Activity], clock: Clock) -> None:
        self._mandates, self._activities, self._clock = mandates, activities, clock

    async def plan(self, call: Call, activity: Activity) -> Written:
        """Announce an activity of a mandate that is not over."""

        async def work(connection: Connection) -> Written:
            (await self._mandates.lean_on(connection, call, activity.mandate_id)).check_going_on()
            return await self._activities.insert(connection, call, [activity.planned(at=self._clock.now())])

        return await self._activities.log.once(call, work)

    async def hold(self, call: Call, target: Target) -> Written:
        """Say that an activity took place."""
        return await self._change(call, target, lambda activity: activity.hold(at=self._clock.now()))

    async def report(self, call: Call, target: Target, attendee_count: int) -> Written:
        """Say how many came."""
        return await self._change(call, target, lambda activity: activity.report(attendee_count, at=self._clock.now()))

    async def cancel(self, call: Call, target: Target, reason: str) -> Written:
        """Call an activity off."""
        return await self._change(call, target, lambda activity: activity.cancel(reason, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Activity], Change[Activity]]) -> Written:
        return await self._activities.change(call, target.id, target.etag, function)
