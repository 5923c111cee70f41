"""Use cases of voices."""

from collections.abc import Callable
from uuid import UUID

from services.kit.actor import Actor, Call, Role, Scope
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found, wrong_state
from services.kit.ids import id_from, new_id
from services.kit.standing import Standing
from services.kit.write import Change, Target, Write, Written
from services.voices.domain.activity import Activity
from services.voices.domain.mandate import Mandate
from services.voices.domain.voice import Consent, Heard, Sensitivity, Voice
from services.voices.store.voice import has_duplicates


class Voices:
    """What can be done with voices."""

    def __init__(self, mandates: Write[Mandate], activities: Write[Activity], voices: Write[Voice], clock: Clock) -> None:
        self._mandates, self._activities, self._voices, self._clock = mandates, activities, voices, clock

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

    async def mark_duplicate(self, call: Call, target: Target, original_id: UUID) -> Written:
        """Say that another voice says the same."""

        async def work(connection: Connection) -> Written:
            original = (await self._voices.lean_on(connection, Call.own("duplicates"), original_id)).seen_by(call.actor)
            if original is None:
                raise not_found("voice", original_id)
            if await has_duplicates(connection, target.id):
                raise wrong_state("DUPLICATE_CHAIN", "other voices are duplicates of this one", "duplicate_of")
            return await self._voices.update(
                connection, call, target.id, target.etag, lambda voice: voice.mark_duplicate(original, at=self._clock.now())
            )

        return await self._voices.log.once(call, work)

    async def follow(self, connection: Connection, call: Call, voice_id: UUID, standing: Standing) -> None:
        """Go as many steps after the items that a voice is linked to as there are, one save each."""
        at = self._clock.now()
        while await self._voices.react(connection, call, voice_id, lambda voice: voice.follow(standing, at=at)):
            pass

    async def _change(self, call: Call, target: Target, function: Callable[[Voice], Change[Voice]]) -> Written:
        return await self._voices.change(call, target.id, target.etag, function)


def _own_mandate(actor: Actor) -> UUID | None:
    """The mandate that an aide acts for; nobody else acts for one."""
    own = actor.scope.get(Scope.MANDATE) if actor.role is Role.AIDE else None
    return id_from(own, "mandate_id") if own else None
