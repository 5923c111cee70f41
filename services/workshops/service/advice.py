"""Use cases of advice notes."""

from collections.abc import Collection

from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.write import Write, Written
from services.workshops.domain.advice import AdviceNote
from services.workshops.domain.innovation import Innovation
from services.workshops.domain.sector import ParticipantSector


class Advice:
    """Advice, from the sectors that give it. An officer reaches it where the innovation agenda is reached."""

    def __init__(self, innovations: Write[Innovation], notes: Write[AdviceNote], sectors: Collection[ParticipantSector]) -> None:
        self._innovations, self._notes, self._sectors = innovations, notes, sectors

    async def record(self, call: Call, note: AdviceNote) -> Written:
        """Record an adviser's opinion."""

        async def work(connection: Connection) -> Written:
            await self._innovations.read(connection, call, note.innovation_id)
            return await self._notes.insert(connection, call, [note.recorded(self._sectors)])

        return await self._notes.log.once(call, work)
