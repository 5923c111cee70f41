"""Every aggregate of every service against the store: the ledger, the rows that follow from it, and what is derived from those."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from madang.log.v1 import log_pb2
from services.agenda.clients import Logs
from services.agenda.projection.applied import Applied
from services.agenda.projection.rows import ItemRow, LinkRow, row_of_event
from services.agenda.upkeep import verify_queries as queries
from services.kit.database import Connection, Database, Row
from services.kit.errors import Refused

log = structlog.get_logger()
ROUNDS, SETTLE_S, NAMED = 3, 20.0, 100
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it must be; `kind` is missing, behind or mismatched."""

    service: str
    aggregate_id: UUID | None
    kind: str
    table: str
    reason: str


@dataclass(slots=True)
class ServiceReport:
    """One service against the store."""

    service: str
    aggregates: int = 0
    damaged: dict[UUID, Damage] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many aggregates are damaged so."""
        return Counter(damage.kind for damage in self.damaged.values())[kind]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger, recounted; `counted` is what the offsets' own counters say of it."""

    applied: int
    duplicates: int
    dead_letters: int
    gaps: int
    counted: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison found."""

    services: Sequence[ServiceReport]
    ledger: Ledger

    @property
    def damaged(self) -> list[Damage]:
        """The first of all damages."""
        found = [damage for report in self.services for damage in report.damaged.values()]
        if self.ledger.counted != self.ledger.applied:
            reason = f"the ledger holds {self.ledger.applied} events, and {self.ledger.counted} were applied"
            found.insert(0, Damage("agenda", None, "mismatched", "event", reason))
        return found[:NAMED]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damaged and not self.ledger.gaps


class Verifier:
    """Compares; `store` leads to the store."""

    def __init__(self, store: Database, logs: Logs, applied: Applied) -> None:
        self._store, self._logs, self._applied = store, logs, applied

    async def run(self) -> AsyncIterator[int | Report]:
        """How many aggregates were compared so far, and at last the report. Raises Refused: UNAVAILABLE where a service is down."""
        compared, reports = 0, []
        for service in self._logs.services:
            report = await self._service(service)
            compared += report.aggregates
            reports.append(report)
            yield compared
        async with self._store.connection() as connection:
            yield Report(reports, Ledger(**dict(await queries.ledger(connection))))

    async def _service(self, service: str) -> ServiceReport:
        """What looks damaged may merely be under way: it is looked at again once everything is applied, and counts if it still does."""
        report = await self._compare(service)
        for _ in range(ROUNDS - 1):
            if not report.damaged:
                break
            await self._settle()
            again = await self._compare(service)
            again.damaged = {identity: damage for identity, damage in again.damaged.items() if identity in report.damaged}
            report = again
        return report

    async def _settle(self) -> None:
        """Let what is committed arrive; where it cannot, the comparison says what is missing all the same."""
        with suppress(Refused, TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                await self._logs.drain()
                async for _ in self._applied.everything():
                    pass

    async def _compare(self, service: str) -> ServiceReport:
        report, last = ServiceReport(service), FIRST
        async for aggregates in self._logs.aggregates(service):
            listed = {UUID(item.id): item for item in aggregates}
            report.aggregates += len(listed)
            async with self._store.transaction(isolation="repeatable_read", readonly=True) as connection:
                report.damaged |= await self._unknown(connection, service, last, max(listed), list(listed))
                report.damaged |= await _damages(connection, service, listed)
            last = max(listed)
        async with self._store.connection() as connection:
            report.damaged |= await self._unknown(connection, service, last, LAST, [])
        return report

    async def _unknown(self, connection: Connection, service: str, after: UUID, upto: UUID, known: list[UUID]) -> dict[UUID, Damage]:
        """What the ledger has of a service that knows nothing of it, such as one whose database is older than the log."""
        found = await queries.unknown(connection, service, after, upto, known)
        return {identity: Damage(service, identity, "mismatched", "event", "its service does not know it") for identity in found}


async def _damages(connection: Connection, service: str, listed: Mapping[UUID, log_pb2.AggregateVersion]) -> dict[UUID, Damage]:
    """Each aggregate of a chunk that is not as its service has it."""
    newest = {row["aggregate_id"]: row for row in await queries.newest_events(connection, list(listed))}
    found = {
        identity: Damage(service, identity, wrong[0], "event", wrong[1])
        for identity, item in listed.items()
        if (wrong := _event_damage(item, newest.get(identity)))
    }
    expected = {identity: row for identity, event in newest.items() if identity not in found and (row := row_of_event(event))}
    stored = await queries.stored_rows(connection, list(expected.values()))
    derived = await queries.wrongly_derived(connection, list(expected.values()))
    for identity, row in expected.items():
        if damage := _row_damage(row, stored.get(row.key), row.key in derived):
            found[identity] = Damage(service, identity, *damage)
    return found


def _event_damage(item: log_pb2.AggregateVersion, event: Row | None) -> tuple[str, str] | None:
    if event is None:
        return "missing", "no event of it"
    if event["version"] < item.version:
        return "behind", f"its service is at version {item.version}, the ledger at {event['version']}"
    if event["version"] > item.version:
        return "mismatched", f"its service is at version {item.version} only, the ledger at {event['version']}"
    if hashlib.sha256(event["payload"]).digest() != item.state_hash:
        return "mismatched", "another payload than its service published"
    return None


def _row_damage(expected: ItemRow | LinkRow, stored: ItemRow | LinkRow | None, is_wrongly_derived: bool) -> tuple[str, str, str] | None:
    table = "source_link" if isinstance(expected, LinkRow) else "agenda_item"
    if stored is None:
        return "missing", table, "no row of it"
    if stored.version < expected.version:
        return "behind", table, f"the row is at version {stored.version}, its event at {expected.version}"
    if stored != expected:
        return "mismatched", table, "the row is not what its newest event says"
    if is_wrongly_derived:
        return "mismatched", table, "what is derived in the row does not follow from its links and sources"
    return None
