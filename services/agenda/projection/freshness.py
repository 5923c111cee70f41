"""Up to when the store is complete: heartbeats that its workers leave, read with every answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.agenda.projection.apply import CONSUMER
from services.kit.database import Connection, Database
from services.kit.errors import unavailable
from services.kit.offsets import next_offsets

Ends = Mapping[tuple[str, int], int]
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Freshness:
    """An answer holds everything that stood in the log at `as_of`."""

    as_of: datetime
    lag: timedelta
    is_stale: bool


class FreshnessQueries:
    """Reads the heartbeats; `database` leads to the store."""

    def __init__(self, database: Database, stale_after: timedelta) -> None:
        self._database, self._stale_after = database, stale_after

    async def of(self, *, texts: bool) -> Freshness:
        """How fresh an answer is that was found by rows, or by the texts behind them. An old heartbeat tells by itself: it stands still."""
        name = "search" if texts else "projector"
        async with self._database.connection() as connection:
            row = await connection.fetchrow("SELECT as_of, clock_timestamp() AS now FROM progress WHERE name = $1", name)
        as_of, now = (row["as_of"], row["now"]) if row else (NEVER, datetime.now(UTC))
        return Freshness(as_of, max(now - as_of, timedelta()), now - as_of > self._stale_after)

    async def of_figures(self) -> Freshness:
        """How fresh figures are. Raises Refused: AGENDA_NOT_READY until all of the log was applied once."""
        freshness = await self.of(texts=False)
        if freshness.as_of == NEVER:
            raise unavailable("AGENDA_NOT_READY", "the agenda has not applied all of the log yet; try again")
        return freshness


async def now_of(connection: Connection) -> datetime:
    """The database's clock; all moments of freshness are its."""
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return now


async def behind(connection: Connection, ends: Ends) -> int:
    """How many records below these end offsets are not applied yet."""
    return left(ends, await next_offsets(connection, CONSUMER))


def left(ends: Ends, applied: Ends) -> int:
    """How many records lie between these next offsets and the ends of the log."""
    return sum(max(0, end - applied.get(place, 0)) for place, end in ends.items())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ends of the log, asked for at a moment: once all of it is applied, the store holds everything of that moment."""

    asked_at: datetime
    ends: Ends

    def is_applied(self, applied: Ends) -> bool:
        """Whether these next offsets have passed it."""
        return all(applied.get(place, 0) >= end for place, end in self.ends.items())


def applied_at(snapshots: Iterable[Snapshot], applied: Ends) -> datetime | None:
    """The latest moment of which everything is applied; none before the first.

    While records keep coming some are always under way, so that a snapshot is looked at again until all of it is applied.
    """
    return max((snapshot.asked_at for snapshot in snapshots if snapshot.is_applied(applied)), default=None)


async def beat(connection: Connection, snapshots: Sequence[Snapshot], applied: Ends) -> int:
    """Leave the projector's heartbeat, given the last snapshots, oldest first. Answers how many records it is behind the newest."""
    late = left(snapshots[-1].ends, applied)
    await connection.execute(
        """INSERT INTO progress AS p (name, at, as_of, behind) VALUES ('projector', clock_timestamp(), $1, $2)
           ON CONFLICT (name) DO UPDATE SET at = excluded.at, as_of = greatest(p.as_of, excluded.as_of), behind = excluded.behind""",
        applied_at(snapshots, applied) or NEVER, late,
    )  # fmt: skip
    return late
