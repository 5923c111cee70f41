"""Use cases of translations of minutes."""

from collections.abc import Callable
from uuid import UUID

from services.council.domain.minutes import Minutes, MinutesPart
from services.council.domain.passage import Passage
from services.council.domain.translation import Translation, TranslationStatus
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.ids import derived_id
from services.kit.write import Change, Target, Write, Written


class Translations:
    """What can be done with translations; each leans on the minutes that it translates."""

    def __init__(self, minutes: Write[Minutes], translations: Write[Translation], clock: Clock) -> None:
        self._minutes, self._translations, self._clock = minutes, translations, clock

    async def start(self, call: Call, minutes_id: UUID, language: str, status: TranslationStatus) -> Written:
        """Begin one. Raises Refused: ALREADY_EXISTS where there is one in this language."""
        identity = derived_id("translation", str(minutes_id), language)

        async def work(connection: Connection) -> Written:
            source = await self._minutes.lean_on(connection, call, minutes_id)
            translation = Translation(identity, minutes_id, source.sitting, language, self._clock.now(), status)
            return await self._translations.insert(connection, call, [translation.started(source)])

        return await self._translations.log.once(call, work)

    async def write(self, call: Call, target: Target, part: MinutesPart, passage: Passage) -> Written:
        """Write one part."""
        return await self._change(call, target, lambda it, source: it.write(part, passage, source, at=self._clock.now()))

    async def review(self, call: Call, target: Target) -> Written:
        """Make public what was compared with its original."""
        return await self._change(call, target, lambda it, source: it.review(source, at=self._clock.now()))

    async def make_official(self, call: Call, target: Target) -> Written:
        """Make a reviewed one official."""
        return await self._change(call, target, lambda it, source: it.make_official(source, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Translation, Minutes], Change[Translation]]) -> Written:
        async def work(connection: Connection) -> Written:
            standing = await self._translations.read(connection, call, target.id)
            source = await self._minutes.lean_on(connection, call, standing.minutes_id)
            return await self._translations.update(connection, call, target.id, target.etag, lambda it: function(it, source))

        return await self._translations.log.once(call, work)
