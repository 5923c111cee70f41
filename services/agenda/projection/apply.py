"""The log into the store: one batch, one transaction, offsets included (docs/flows.md, "An event").

Every statement names its tables without a schema: the live store and a rebuild's shadow are filled by the same code.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Protocol
from uuid import UUID

import asyncpg

from services.agenda.projection import statements as rows
from services.agenda.projection.facts import TYPES, topic_of
from services.agenda.projection.rows import Fact, ItemRow, LinkRow, about_of, occurred_at, row_of
from services.kit import offsets
from services.kit.database import Connection, is_data_error
from services.kit.dead_letters import put_aside
from services.kit.envelope import Record, Unreadable, read

CONSUMER = "agenda-projector"
MAX_VERSION = 2**62
Letter = tuple[Record, Unreadable]


class Applied(NamedTuple):
    """What became of a batch."""

    facts: Sequence[Fact] = ()
    duplicates: Sequence[Fact] = ()
    letters: Sequence[Record] = ()


Apply = Callable[[Connection, Sequence[Fact], Sequence[Letter]], Awaitable[Applied]]


class Guard(Protocol):
    """Asked inside the transaction, before anything of a batch is written; does not block."""

    async def check(self, connection: Connection, records: Sequence[Record], bad: Sequence[Record]) -> None:
        """Let a batch pass, `bad` of which can't be read, or raise what rolls it back."""
        ...


async def apply_batch(connection: Connection, records: Sequence[Record], guard: Guard | None = None) -> Applied:
    """Apply records that were read in the order of their partitions, each once, and move the offsets past them.

    A row that PostgreSQL refuses costs its own record only: the batch is then applied record by record.

    Raises:
        Skipped: the batch begins above the next offset.
        What the guard or the database raises, the transaction rolled back.
    """
    try:
        async with connection.transaction():
            return await _apply_claimed(connection, records, guard, _apply)
    except Exception as error:
        if not is_data_error(error):
            raise
    async with connection.transaction():
        return await _apply_claimed(connection, records, guard, _apply_singly)


async def apply_letter(connection: Connection, records: Sequence[Record]) -> Applied:
    """Apply what was put aside, inside the caller's transaction, whatever the offsets say: every effect is guarded by a version."""
    return await _apply_singly(connection, *_read_all(records))


async def _apply_claimed(connection: Connection, records: Sequence[Record], guard: Guard | None, apply: Apply) -> Applied:
    fresh = await offsets.claim(connection, CONSUMER, records)
    if not fresh:
        return Applied()
    facts, letters = _read_all(fresh)
    if guard:
        await guard.check(connection, fresh, [record for record, _ in letters])
    applied = await apply(connection, facts, letters)
    await offsets.advance(connection, CONSUMER, fresh)
    return applied


async def _apply_singly(connection: Connection, facts: Sequence[Fact], letters: Sequence[Letter]) -> Applied:
    """Apply each fact under a savepoint of its own; those that PostgreSQL refuses become dead letters."""
    done = [await _apply(connection, [], letters)]
    for fact in facts:
        try:
            async with connection.transaction():
                done.append(await _apply(connection, [fact], []))
        except asyncpg.PostgresError as error:
            if not is_data_error(error):
                raise
            refused = (fact.record, Unreadable("DATA_REJECTED", f"the database refused it (SQLSTATE {error.sqlstate})"))
            done.append(await _apply(connection, [], [refused]))
    return Applied(*(list(chain.from_iterable(parts)) for parts in zip(*done, strict=True)))


async def _apply(connection: Connection, facts: Sequence[Fact], letters: Sequence[Letter]) -> Applied:
    news, duplicates, conflicts = await _enter(connection, facts)
    bad = [*letters, *conflicts]
    for record, why in bad:
        await put_aside(connection, record, why)
    await project(connection, (fact.row for fact in news if fact.row))
    await _note_gaps(connection, news)
    await _count(connection, news, duplicates)
    return Applied(news, duplicates, [record for record, _ in bad])


def _read_all(records: Sequence[Record]) -> tuple[list[Fact], list[Letter]]:
    facts: list[Fact] = []
    letters: list[Letter] = []
    for record in records:
        try:
            facts.append(fact_of(record))
        except Unreadable as why:
            letters.append((record, why))
    return facts, letters


def fact_of(record: Record) -> Fact:
    """A record read and projected. Raises Unreadable with a stable code."""
    envelope, message = read(record, TYPES)
    if record.topic != topic_of(envelope.service):
        raise Unreadable("SOURCE_MISMATCH", f"{envelope.source} does not publish on {record.topic}", "ce_source")
    if not 1 <= envelope.version <= MAX_VERSION:
        raise Unreadable("DECODE_FAILED", "ce_sequence is no version", "ce_sequence")
    return Fact(record, envelope, occurred_at(message), row_of(envelope, message), about_of(message))


async def _enter(connection: Connection, facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact], list[Letter]]:
    """Write facts into the ledger; answers the new ones, those that stood there, and those that contradict what stands there."""
    first: dict[tuple[UUID, int], Fact] = {}
    for fact in facts:
        first.setdefault(fact.key, fact)
    new = await rows.insert_events(connection, [first[key] for key in sorted(first)])
    again = [fact for fact in facts if fact.key not in new or first[fact.key] is not fact]
    standing = await rows.stored_payloads(connection, {fact.key for fact in again})
    duplicates = [fact for fact in again if standing[fact.key] == fact.payload]
    reason = Unreadable("CONFLICTING_EVENT", "the ledger has another payload under this aggregate and version")
    conflicts = [(fact.record, reason) for fact in again if standing[fact.key] != fact.payload]
    return [fact for key, fact in first.items() if key in new], duplicates, conflicts


async def project(connection: Connection, said: Iterable[ItemRow | LinkRow]) -> None:
    """Bring the rows that facts are about, and all that is derived from them, to what the rows now say.

    The order of the locks is the protocol: sources in id order, only then their links are read, then items in id order. Each statement
    after a lock sees what another worker committed; links read before it would leave an item stale for ever.
    """
    newest: dict[UUID, ItemRow | LinkRow] = {}
    for row in said:
        if row.key not in newest or newest[row.key].version < row.version:
            newest[row.key] = row
    links = [row for row in newest.values() if isinstance(row, LinkRow)]
    items = [row for row in newest.values() if isinstance(row, ItemRow)]
    sources = {row.agenda_id: row for row in items if row.source_version}
    opened = {row.agenda_id: row for row in items if row.decision_version}
    for link in links:
        sources.setdefault(link.source_item, ItemRow(link.source_item))
    await rows.upsert_items(connection, sources)
    await rows.upsert_links(connection, links)
    linked = await rows.links_of(connection, sources)
    for agenda_id in {agenda_id for _, agenda_id in linked}:
        opened.setdefault(agenda_id, ItemRow(agenda_id))
    await rows.upsert_items(connection, opened)
    await rows.place_sources(connection, {source for source, _ in linked})
    await rows.derive_items(connection, opened)
    await rows.leave_word(connection, [*sources, *opened])


async def _note_gaps(connection: Connection, facts: Sequence[Fact]) -> None:
    keys = {fact.key for fact in facts}
    late = [fact for fact in facts if fact.envelope.version > 1 and (fact.key[0], fact.key[1] - 1) not in keys]
    if late:
        await rows.note_gaps(connection, late)


async def _count(connection: Connection, facts: Sequence[Fact], duplicates: Sequence[Fact]) -> None:
    """Keep, for each partition, how many were applied and how many stood there already: the ledger can be recounted against it."""
    counts: dict[tuple[str, int], rows.Count] = {}
    for new, part in ((1, facts), (0, duplicates)):
        for fact in part:
            count = counts.setdefault((fact.record.topic, fact.record.partition), rows.Count(fact.envelope.time))
            count.applied += new
            count.duplicates += 1 - new
            count.newest = max(count.newest, fact.envelope.time)
    if counts:
        await rows.count(connection, CONSUMER, counts)
