"""The log into counts of words: one batch, one transaction, offsets included. What rises is judged behind it (`judge`).

A record that can't be read is the projector's to put aside; here it counts for nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from services.agenda.domain.link import Service
from services.agenda.domain.rising import waiting_after, window_of
from services.agenda.projection.apply import fact_of
from services.agenda.projection.rows import ItemRow
from services.agenda.themes.statements import SourceRow, count_sources, want_judgement
from services.agenda.themes.words import words_of
from services.kit import offsets
from services.kit.database import Connection
from services.kit.envelope import Record, Unreadable
from services.kit.wire import EARLIEST, LATEST

CONSUMER = "agenda-themes"


async def apply_batch(connection: Connection, records: Sequence[Record]) -> Sequence[Record]:
    """Apply records that were read in the order of their partitions, each once; answers those that were new.

    Raises:
        Skipped: the batch begins above the next offset.
    """
    async with connection.transaction():
        fresh = await offsets.claim(connection, CONSUMER, records)
        if fresh:
            await count(connection, fresh)
            await offsets.advance(connection, CONSUMER, fresh)
    return fresh


async def count(connection: Connection, records: Sequence[Record]) -> None:
    """Inside a transaction: count the newest version of each source, and leave word that the windows that changed are to be judged."""
    newest: dict[UUID, SourceRow] = {}
    for row in _sources(records):
        if row.agenda_id not in newest or newest[row.agenda_id].version < row.version:
            newest[row.agenda_id] = row
    changed = await count_sources(connection, newest.values())
    await want_judgement(connection, {window for each in changed for window in waiting_after(each)})


def _sources(records: Sequence[Record]) -> Iterator[SourceRow]:
    """What the records say of sources; a theme is one too, but does not speak for itself."""
    for record in records:
        with suppress(Unreadable):
            row = fact_of(record).row
            if isinstance(row, ItemRow) and row.source_version and row.service != Service.THEMES and _is_in_time(row):
                yield source_of(row)


def _is_in_time(row: ItemRow) -> bool:
    """Whether a source was raised when sources can be; the log may hold what no service takes."""
    return row.raised_at is not None and EARLIEST <= row.raised_at < LATEST


def source_of(row: ItemRow) -> SourceRow:
    """A source's words in its window; those of one that was taken back are gone with it."""
    assert row.service, "a source is a service's"
    assert row.source_id, "a source has an id"
    assert row.raised_at, "a source says when it was raised"
    words = () if row.gone else words_of(row.title, row.tags)
    return SourceRow(
        row.agenda_id, row.source_version, row.service, row.source_id, window_of(row.raised_at), row.raised_at, words, row.gone
    )  # fmt: skip
