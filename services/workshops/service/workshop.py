"""Use cases of workshops and of their series."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.scheduler import Ring
from services.kit.write import Target, Write, Written
from services.workshops.domain.innovation import Innovation
from services.workshops.domain.workshop import Session, Workshop, WorkshopSeries

IsHeld = Callable[[Connection, str], Awaitable[bool]]


class Workshops:
    """What can be done with workshops; what is discussed there must exist."""

    def __init__(self, innovations: Write[Innovation], workshops: Write[Workshop], clock: Clock) -> None:
        self._innovations, self._workshops, self._clock = innovations, workshops, clock

    async def plan(self, call: Call, workshop: Workshop) -> Written:
        """Set its day."""

        async def work(connection: Connection) -> Written:
            await self._check_there(connection, call, workshop.innovation_ids)
            return await self._workshops.insert(connection, call, [workshop.planned(at=self._clock.now())])

        return await self._workshops.log.once(call, work)

    async def hold(self, call: Call, target: Target, session: Session) -> Written:
        """Record that a planned one took place."""

        async def work(connection: Connection) -> Written:
            await self._check_there(connection, call, session.innovation_ids)
            return await self._workshops.update(connection, call, target.id, target.etag, lambda workshop: workshop.hold(session))

        return await self._workshops.log.once(call, work)

    async def hold_at_once(self, call: Call, workshop: Workshop, session: Session) -> Written:
        """Record one that nobody had planned here."""

        async def work(connection: Connection) -> Written:
            await self._check_there(connection, call, session.innovation_ids)
            return await self._workshops.insert(connection, call, [workshop.hold(session)])

        return await self._workshops.log.once(call, work)

    async def _check_there(self, connection: Connection, call: Call, innovation_ids: Iterable[UUID]) -> None:
        for innovation_id in innovation_ids:
            await self._innovations.read(connection, call, innovation_id)


class Series:
    """The end of every quarter."""

    def __init__(self, series: Write[WorkshopSeries], is_held: IsHeld) -> None:
        self._series, self._is_held = series, is_held

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clock means."""
        return {"quarter_ends": self._quarter_ends}

    async def _quarter_ends(self, connection: Connection, call: Call, series_id: UUID, _at: datetime) -> None:
        series = await self._series.read(connection, call, series_id)
        held = await self._is_held(connection, series.quarter)
        await self._series.react(connection, call, series_id, lambda standing: standing.end_quarter(held=held))
