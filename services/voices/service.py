"""What can be done with mandates, activities and voices; each method is one use case and one transaction."""

from collections.abc import Callable
from uuid import UUID

from services.kit.actor import Actor, Call, Role, Scope
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.ids import id_from, new_id
from services.kit.write import Change, Target, Write, Written
from services.voices.domain import Activity, Consent, Heard, Mandate, Sensitivity, Voice


class Voices:
    """The use cases."""

    def __init__(self, mandates: Write[Mandate], activities: Write[Activity], voices: Write[Voice], clock: Clock) -> None:
        self._mandates, self._activities, self._voices, self._clock = mandates, activities, voices, clock

    async def appoint(self, call: Call, mandate: Mandate) -> Written:
        """Appoint an honorary vice-mayor."""
        return await self._mandates.create(call, mandate.appointed())

    async def plan(self, call: Call, activity: Activity) -> Written:
        """Announce an activity of a mandate."""

        async def work(connection: Connection) -> Written:
            await self._mandates.read(connection, call, activity.mandate_id)
            return await self._activities.insert(connection, call, [activity.planned(at=self._clock.now())])

        return await self._activities.log.once(call, work)

    async def report(self, call: Call, target: Target, attendee_count: int) -> Written:
        """Say that an activity was held, and how many came."""
        return await self._activities.change(
            call, target.id, target.etag, lambda activity: activity.report(attendee_count, at=self._clock.now())
        )

    async def cancel(self, call: Call, target: Target, reason: str) -> Written:
        """Call an activity off."""
        return await self._activities.change(call, target.id, target.etag, lambda activity: activity.cancel(reason, at=self._clock.now()))

    async def capture(self, call: Call, heard: Heard) -> Written:
        """Write a voice down, for the mandate of its activity or of the aide who heard it."""

        async def work(connection: Connection) -> Written:
            activity = await self._activities.lean_on(connection, call, heard.activity_id) if heard.activity_id else None
            mandate_id = activity.mandate_id if activity else _own_mandate(call.actor)
            mandate = await self._mandates.read(connection, call, mandate_id) if mandate_id else None
            return await self._voices.insert(connection, call, [heard.captured(new_id(), activity, mandate, at=self._clock.now())])

        return await self._voices.log.once(call, work)

    async def review(
        self, call: Call, target: Target, themes: tuple[str, ...], sensitivity: Sensitivity, consent: Consent | None
    ) -> Written:
        """Settle themes, sensitivity and consent."""
        return await self._change(call, target, lambda voice: voice.review(themes, sensitivity, consent))

    async def relay(self, call: Call, target: Target) -> Written:
        """Publish a voice."""
        return await self._change(call, target, lambda voice: voice.relay(at=self._clock.now()))

    async def withhold(self, call: Call, target: Target) -> Written:
        """Keep a voice back for ever."""
        return await self._change(call, target, lambda voice: voice.withhold())

    async def withdraw(self, call: Call, target: Target) -> Written:
        """Take back a published voice."""
        return await self._change(call, target, lambda voice: voice.withdraw(at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Voice], Change[Voice]]) -> Written:
        return await self._voices.change(call, target.id, target.etag, function)


def _own_mandate(actor: Actor) -> UUID | None:
    """The mandate that an aide acts for; nobody else acts for one."""
    own = actor.scope.get(Scope.MANDATE) if actor.role is Role.AIDE else None
    return id_from(own, "mandate_id") if own else None
