"""The watch over the twelve groups."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock, quarter_span
from services.kit.database import Connection
from services.kit.errors import Kind, Refused
from services.kit.scheduler import Ring
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Write
from services.voices.domain.watch import GroupWatch
from services.voices.store.voice import count_heard


class Watch:
    """Listens for every group, from the first start of the service on."""

    def __init__(self, watches: Write[GroupWatch], clock: Clock) -> None:
        self._watches, self._clock = watches, clock

    async def found(self) -> None:
        """Begin the watches that are not there yet."""
        for group in RepresentedGroup:
            await self.begin(group)

    async def begin(self, group: RepresentedGroup) -> None:
        """Begin one watch; without effect where it goes on already."""
        watch = GroupWatch.begun(group, at=self._clock.now())
        async with self._watches.log.database.connection() as connection:
            standing = await self._watches.find(connection, watch.id)
        if not standing:
            try:
                await self._watches.create(Call.own("watch"), watch.started())
            except Refused as refused:
                if refused.kind is not Kind.EXISTS:  # another process of this service was faster
                    raise

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What the clock of a watch means."""
        return {"quarter_end": self._quarter_end}

    async def _quarter_end(self, connection: Connection, call: Call, watch_id: UUID, at: datetime) -> None:
        watch = await self._watches.read(connection, call, watch_id)
        voices = await count_heard(connection, watch.represented_group, *quarter_span(watch.quarter))
        await self._watches.react(connection, call, watch_id, lambda standing: standing.settle(voices, at=at))
