"""Use cases of indicators."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written
from services.workshops.domain.indicator import Indicator, Measurement
from services.workshops.domain.innovation import ENDED, Innovation


class Indicators:
    """What innovation agendas are measured by. An officer reaches them where the innovation agenda is reached."""

    def __init__(self, innovations: Write[Innovation], indicators: Write[Indicator]) -> None:
        self._innovations, self._indicators = innovations, indicators

    async def define(self, call: Call, indicator: Indicator) -> Written:
        """Say what is measured."""

        async def work(connection: Connection) -> Written:
            await self._innovations.read(connection, call, indicator.innovation_id)
            return await self._indicators.insert(connection, call, [indicator.defined()])

        return await self._indicators.log.once(call, work)

    async def measure(self, call: Call, target: Target, measurement: Measurement) -> Written:
        """Record a measurement."""

        async def work(connection: Connection) -> Written:
            indicator = await self._indicators.read(connection, call, target.id)
            await self._innovations.read(connection, call, indicator.innovation_id)
            return await self._indicators.update(connection, call, target.id, target.etag, lambda standing: standing.measure(measurement))

        return await self._indicators.log.once(call, work)

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What their clocks mean, by name."""
        return {"measurement_due": self._measurement_due}

    async def _measurement_due(self, connection: Connection, call: Call, indicator_id: UUID, at: datetime) -> None:
        """A measurement is missed, unless its innovation agenda has ended since."""
        indicator = await self._indicators.read(connection, call, indicator_id)
        innovation = await self._innovations.read(connection, call, indicator.innovation_id)

        def missed(standing: Indicator) -> Change[Indicator]:
            return standing.stop_awaiting() if innovation.phase in ENDED else standing.miss_measurement(at=at)

        await self._indicators.react(connection, call, indicator_id, missed)
