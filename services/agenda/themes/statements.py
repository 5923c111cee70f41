"""The statements by which sources become counts of words: each guarded by its version, the counts moved by the difference.

Their tables are named with their schema: an operator's letter is counted from the store's connection.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.agenda.projection.statements import text_array
from services.kit.database import Connection, Row


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a source says of its words."""

    agenda_id: UUID
    version: int
    service: str
    source_id: UUID
    window_start: date
    raised_at: datetime
    words: tuple[str, ...]
    gone: bool


async def count_sources(connection: Connection, sources: Iterable[SourceRow]) -> list[date]:
    """Write what newer versions say, and move the counts by what changed; answers the windows in which anything did."""
    ordered = sorted(sources, key=lambda row: row.agenda_id)
    if not ordered:
        return []
    columns = (
        [row.agenda_id for row in ordered], [row.version for row in ordered], [row.service for row in ordered],
        [row.source_id for row in ordered], [row.window_start for row in ordered], [row.raised_at for row in ordered],
        [text_array(row.words) for row in ordered], [row.gone for row in ordered],
    )  # fmt: skip
    changed = [row["window_start"] for row in await connection.fetch(COUNT, *columns)]
    if changed:
        await connection.execute("DELETE FROM themes.theme_window WHERE window_start = ANY ($1::date[]) AND sources = 0", changed)
    return changed


async def want_judgement(connection: Connection, windows: Collection[date]) -> None:
    """Leave word that these windows are to be judged."""
    if windows:
        await connection.execute(WANT, sorted(windows))


async def take_due(connection: Connection, quiet: timedelta, as_of: datetime) -> date | None:
    """Take the first window that is to be judged, if nothing changed in it for a while, though all that was in the log is applied.

    A window that never comes to rest is judged once an hour.
    """
    window: date | None = await connection.fetchval(TAKE, as_of - quiet, as_of - timedelta(hours=1))
    return window


async def frequent(connection: Connection, window: date, least: int) -> list[str]:
    """The words that at least so many sources of a window have."""
    return [row["word"] for row in await connection.fetch(FREQUENT, window, least)]


async def sources_of(connection: Connection, window: date, words: Sequence[str]) -> list[Row]:
    """The sources of a window that have any of the words, oldest first."""
    return await connection.fetch(SOURCES, window, words)


async def counts_of(connection: Connection, windows: Sequence[date], words: Sequence[str]) -> dict[tuple[str, date], int]:
    """How many sources have each word in each window; what is not there is none."""
    return {(row["word"], row["window_start"]): row["sources"] for row in await connection.fetch(COUNTS, windows, words)}


async def all_sources(connection: Connection, windows: Sequence[date]) -> int:
    """How many sources there are in some windows."""
    return int(await connection.fetchval(ALL, windows))


async def known_words(connection: Connection, window: date) -> list[str]:
    """The words of the themes that a window has."""
    return [row["word"] for row in await connection.fetch(KNOWN, window)]


# DO UPDATE locks the row of a version that is not newer as well, and then changes nothing. Rows in one order, so that no two writers
# wait for each other.
COUNT = """
    WITH changed AS (
        INSERT INTO themes.theme_source AS t (agenda_id, version, service, source_id, window_start, raised_at, words, gone)
        SELECT agenda_id, version, service, source_id, window_start, raised_at, words::text[], gone
        FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::date[], $6::timestamptz[], $7::text[], $8::bool[])
             AS new (agenda_id, version, service, source_id, window_start, raised_at, words, gone)
        ON CONFLICT (agenda_id) DO UPDATE SET
            version = excluded.version, service = excluded.service, source_id = excluded.source_id, gone = excluded.gone,
            window_start = excluded.window_start, raised_at = excluded.raised_at, words = excluded.words
        WHERE t.version < excluded.version
        RETURNING old.service AS old_service, old.window_start AS old_window, old.words AS old_words, old.gone AS old_gone,
                  new.service AS new_service, new.window_start AS new_window, new.words AS new_words, new.gone AS new_gone
    ),
    moved AS (
        SELECT old_window AS window_start, old_service AS service, unnest(old_words) AS word, -1 AS sources
        FROM changed WHERE NOT old_gone
        UNION ALL
        SELECT new_window, new_service, unnest(new_words), 1 FROM changed WHERE NOT new_gone
    ),
    counted AS (
        INSERT INTO themes.theme_window AS t (window_start, word, service, sources)
        SELECT window_start, word, service, sum(sources) FROM moved
        GROUP BY window_start, word, service HAVING sum(sources) <> 0 ORDER BY window_start, word, service
        ON CONFLICT (window_start, word, service) DO UPDATE SET sources = t.sources + excluded.sources
    )
    SELECT window_start
    FROM changed, LATERAL (VALUES (old_window, old_gone), (new_window, new_gone)) AS touched (window_start, gone)
    WHERE NOT gone AND (old_window, old_words, old_gone) IS DISTINCT FROM (new_window, new_words, new_gone)
    GROUP BY window_start"""
WANT = """
    INSERT INTO themes.theme_due AS t (window_start) SELECT unnest($1::date[])
    ON CONFLICT (window_start) DO UPDATE SET changed_at = clock_timestamp()"""
TAKE = """
    DELETE FROM themes.theme_due WHERE window_start = (
        SELECT window_start FROM themes.theme_due WHERE changed_at <= $1 OR since <= $2
        ORDER BY window_start LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING window_start"""
FREQUENT = "SELECT word FROM themes.theme_window WHERE window_start = $1 GROUP BY word HAVING sum(sources) >= $2 AND count(*) > 1"
SOURCES = """
    SELECT agenda_id, service, source_id, raised_at, words FROM themes.theme_source
    WHERE window_start = $1 AND NOT gone AND words && $2::text[] ORDER BY raised_at, agenda_id"""
COUNTS = """
    SELECT word, window_start, sum(sources)::int AS sources FROM themes.theme_window
    WHERE window_start = ANY ($1::date[]) AND word = ANY ($2::text[]) GROUP BY word, window_start"""
ALL = "SELECT count(*) FROM themes.theme_source WHERE window_start = ANY ($1::date[]) AND NOT gone"
KNOWN = "SELECT word FROM theme WHERE first_day = $1 UNION SELECT unnest(other_words) FROM theme WHERE first_day = $1"
