"""Use cases of series of meetings."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.meeting import MeetingType
from services.council.domain.series import MeetingSeries
from services.kit.actor import Call
from services.kit.clock import Clock, quarter_of
from services.kit.database import Connection
from services.kit.errors import wrong_state
from services.kit.ids import derived_id
from services.kit.scheduler import Ring
from services.kit.write import Target, Write, Written

# How many series of a council and type there are, and whether one of them runs.
Standing = Callable[[Connection, UUID, MeetingType], Awaitable[tuple[int, bool]]]
# Whether a council held a meeting of a type in a quarter.
WasHeld = Callable[[Connection, UUID, MeetingType, str], Awaitable[bool]]


class SeriesDesk:
    """What can be done with series of meetings."""

    def __init__(
        self, councils: Write[Council], series: Write[MeetingSeries], standing: Standing, was_held: WasHeld, clock: Clock
    ) -> None:  # fmt: skip
        self._councils, self._series, self._standing, self._was_held, self._clock = councils, series, standing, was_held, clock

    async def start(self, call: Call, council_id: UUID, meeting_type: MeetingType, first_quarter: str) -> Written:
        """Expect a meeting every quarter. Raises Refused: SERIES_RUNNING where one of this council and type is."""

        async def work(connection: Connection) -> Written:
            council = await self._councils.lean_on(connection, call, council_id)
            count, runs = await self._standing(connection, council_id, meeting_type)
            if runs:
                raise wrong_state("SERIES_RUNNING", f"a series of {meeting_type} meetings of this council runs already", "meeting_type")
            now = self._clock.now()
            # The same id for two who start one at once: the second is refused.
            identity = derived_id("meeting_series", str(council_id), meeting_type, str(count))
            watched = max(first_quarter, quarter_of(now))
            series = MeetingSeries(identity, council_id, council.name, meeting_type, first_quarter, watched, now)
            return await self._series.insert(connection, call, [series.started()])

        return await self._series.log.once(call, work)

    async def end(self, call: Call, target: Target, last_quarter: str) -> Written:
        """Expect no more meetings after a quarter."""
        return await self._series.change(call, target.id, target.etag, lambda series: series.end(last_quarter, at=self._clock.now()))

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"quarter_end": self._quarter_end}

    async def _quarter_end(self, connection: Connection, call: Call, series_id: UUID, at: datetime) -> None:
        series = await self._series.read(connection, call, series_id)
        was_held = await self._was_held(connection, series.council_id, series.meeting_type, series.watched_quarter)
        await self._series.react(connection, call, series_id, lambda standing: standing.look(was_held=was_held, at=at))
