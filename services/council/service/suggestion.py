"""Use cases of suggestions for minutes."""

from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.minutes import Minutes, MinutesPart
from services.council.domain.passage import Passage
from services.council.domain.suggestion import Suggestion
from services.kit.actor import Call, Role
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found
from services.kit.ids import new_id
from services.kit.text import Text
from services.kit.write import Target, Write, Written


class Suggestions:
    """What those who attended can do with minutes in review, and what becomes of it. Minutes are locked before their suggestions."""

    def __init__(self, councils: Write[Council], minutes: Write[Minutes], suggestions: Write[Suggestion], clock: Clock) -> None:
        self._councils, self._minutes, self._suggestions, self._clock = councils, minutes, suggestions, clock

    async def suggest(self, call: Call, minutes_id: UUID, part: MinutesPart, text: Text, by_ref: str) -> Written:
        """Suggest what a part should say. Raises Refused: SUGGESTIONS_CLOSED, or NOT_FOUND for a citizen who is no member."""
        identity = new_id()

        async def work(connection: Connection) -> Written:
            minutes = await self._minutes.lean_on(connection, call, minutes_id)
            council = await self._councils.read(connection, call, minutes.sitting.council_id)
            if call.actor.role is Role.CITIZEN and not any(member.person_ref == call.actor.subject for member in council.members):
                raise not_found("minutes", minutes_id)
            minutes.check_reviewed()
            words = minutes.in_own_language(part, Passage(text)).text
            suggestion = Suggestion(
                identity, minutes.id, council.id, part, words, self._clock.now(),
                minutes.passage(part).digest, by_ref=by_ref or call.actor.subject,
            )  # fmt: skip
            return await self._suggestions.insert(connection, call, [suggestion.made()])

        return await self._suggestions.log.once(call, work)

    async def accept(self, call: Call, target: Target, given: Passage | None) -> Written:
        """Write it into its part. Raises Refused: MINUTES_FINAL, SPANS_NEEDED, PART_CHANGED."""

        async def work(connection: Connection) -> Written:
            suggestion = await self._suggestions.read(connection, call, target.id)
            await self._minutes.update(
                connection, call, suggestion.minutes_id, 0,
                lambda minutes: minutes.write(suggestion.part, suggestion.words_for(minutes, given)),
            )  # fmt: skip
            return await self._suggestions.update(connection, call, target.id, target.etag, lambda it: it.accept(at=self._clock.now()))

        return await self._suggestions.log.once(call, work)

    async def decline(self, call: Call, target: Target, reason: str) -> Written:
        """Leave it, with a reason."""
        return await self._suggestions.change(call, target.id, target.etag, lambda it: it.decline(reason, at=self._clock.now()))
