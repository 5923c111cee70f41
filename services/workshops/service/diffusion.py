"""Use cases of diffusion cases."""

from collections.abc import Callable
from uuid import UUID

from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.write import Target, Write, Written
from services.workshops.domain.diffusion import DiffusionCase, Recognition
from services.workshops.domain.innovation import Innovation


class Diffusion:
    """Who took over what. An officer reaches it where the innovation agenda is reached."""

    def __init__(self, innovations: Write[Innovation], cases: Write[DiffusionCase]) -> None:
        self._innovations, self._cases = innovations, cases

    async def record(self, call: Call, innovation_id: UUID, make: Callable[[Innovation], DiffusionCase]) -> Written:
        """Record that somebody took over what an innovation agenda brought, once it is diffused."""

        async def work(connection: Connection) -> Written:
            innovation = await self._innovations.lean_on(connection, call, innovation_id)
            innovation.check_diffusing()
            return await self._cases.insert(connection, call, [make(innovation).diffused()])

        return await self._cases.log.once(call, work)

    async def recognise(self, call: Call, target: Target, recognition: Recognition) -> Written:
        """Record how a case was honoured."""

        async def work(connection: Connection) -> Written:
            case = await self._cases.read(connection, call, target.id)
            await self._innovations.read(connection, call, case.innovation_id)
            return await self._cases.update(connection, call, target.id, target.etag, lambda standing: standing.recognise(recognition))

        return await self._cases.log.once(call, work)
