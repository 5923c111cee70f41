"""The comparison can fail: each kind of damage is seen and named."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from madang.log.v1 import log_pb2
from services.agenda.projection.apply import apply_batch
from services.agenda.upkeep.verify import Report, Verifier
from services.kit.database import Connection, Database
from tests.agenda_log import SOURCES, FactLog
from tests.integration.agenda.conftest import Store


class LogsOf:
    """The services' own logs, as far as a made log knows them."""

    def __init__(self, log: FactLog) -> None:
        self._log = log
        self.services: Sequence[str] = ["voices", "council", "workshops", "proposals", "agenda"]

    async def drain(self) -> None:
        """Nothing is under way."""

    async def aggregates(self, service: str) -> AsyncIterator[Sequence[log_pb2.AggregateVersion]]:
        newest: dict[bytes, Any] = {}
        for records in self._log.everything():
            for record in records:
                if f".{service}." in record.topic:
                    version = int(dict(record.headers)["ce_sequence"])
                    newest[record.key or b""] = (version, hashlib.sha256(record.value or b"").digest())
        found = [log_pb2.AggregateVersion(id=key.decode(), version=version, state_hash=digest) for key, (version, digest) in newest.items()]
        if found:
            yield sorted(found, key=lambda item: UUID(item.id))


class Settled:
    """Everything is applied."""

    async def everything(self) -> AsyncIterator[tuple[int, int]]:
        yield 0, 0


def full_log() -> FactLog:
    log = FactLog()
    sources = [log.source(service) for service in SOURCES for _ in range(2)]
    item = log.item(themes=["주거"])
    for source in sources[:3]:
        log.link(item, source)
    log.proposal(sources[-1], title="나중")
    return log


async def compared(store: Store, log: FactLog) -> Report:
    database = Database(store.dsn, name="test", settings={"search_path": "store"})
    await database.open()
    try:
        steps = [step async for step in Verifier(database, LogsOf(log), Settled()).run()]  # type: ignore[arg-type]
    finally:
        await database.close()
    assert isinstance(steps[-1], Report)
    return steps[-1]


async def test_a_store_that_follows_its_log_is_right(store: Store, connection: Connection) -> None:
    log = full_log()
    for batch in log.everything():
        await apply_batch(connection, batch)
    report = await compared(store, log)
    assert report.ok, report.damaged
    assert {service.service: service.aggregates for service in report.services} == {**dict.fromkeys(SOURCES, 2), "agenda": 4}
    assert (report.ledger.applied, report.ledger.gaps) == (13, 0)


@pytest.mark.parametrize(
    ("damage", "kind", "table"),
    [
        ("DELETE FROM event WHERE aggregate_id = (SELECT source_id FROM agenda_item WHERE service = 'voices' LIMIT 1)", "missing", "event"),
        ("DELETE FROM event WHERE version = 2", "behind", "event"),
        ("UPDATE event SET payload = payload || '\\x00'::bytea WHERE version = 2", "mismatched", "event"),
        ("UPDATE event SET version = 3 WHERE version = 2", "mismatched", "event"),
        ("DELETE FROM agenda_item WHERE source_version = 2", "missing", "agenda_item"),
        ("UPDATE agenda_item SET source_version = 1 WHERE source_version = 2", "behind", "agenda_item"),
        ("UPDATE agenda_item SET title = 'x' WHERE source_version = 2", "mismatched", "agenda_item"),
        ("UPDATE agenda_item SET tags = '{}' WHERE decision_version > 0", "mismatched", "agenda_item"),
        ("UPDATE agenda_item SET shown = NOT shown WHERE source_version = 2", "mismatched", "agenda_item"),
        ("UPDATE agenda_item SET part_of = NULL WHERE part_of IS NOT NULL", "mismatched", "agenda_item"),
        ("UPDATE source_link SET relation = 'decides' WHERE service = 'voices'", "mismatched", "source_link"),
        ("DELETE FROM source_link WHERE service = 'council'", "missing", "source_link"),
        ("UPDATE consumer_offset SET applied = applied - 1", "mismatched", "event"),
    ],
)
async def test_damage_is_seen_and_named(store: Store, connection: Connection, damage: str, kind: str, table: str) -> None:
    log = full_log()
    for batch in log.everything():
        await apply_batch(connection, batch)
    await connection.execute(damage)
    report = await compared(store, log)
    assert not report.ok
    assert (kind, table) in {(found.kind, found.table) for found in report.damaged}


async def test_what_its_service_does_not_know_is_named(store: Store, connection: Connection) -> None:
    """Such as after a service's database was put back to an older state than the log's."""
    log = full_log()
    for batch in log.everything():
        await apply_batch(connection, batch)
    older = full_log()
    report = await compared(store, older)
    assert {damage.reason for damage in report.damaged} >= {"its service does not know it", "no event of it"}


async def test_a_missing_version_is_a_gap(store: Store, connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    log.versions[source] = 2
    log.proposal(source)
    for batch in log.everything():
        await apply_batch(connection, batch)
    report = await compared(store, log)
    assert (report.ledger.gaps, report.ok) == (1, False)
