"""A gap in versions is repaired once, by its owner; what does not help is an alarm and no loop."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.agenda.projection.apply import CONSUMER, apply_batch
from services.agenda.projection.freshness import Snapshot, beat, now_of
from services.agenda.upkeep import repair
from services.agenda.upkeep.repair import GapRepair
from services.kit.database import Connection, Database
from services.kit.offsets import next_offsets
from tests.agenda_log import FactLog
from tests.integration.agenda.conftest import Store


class Owner:
    """The log of an owner that is asked to send again."""

    services: Sequence[str] = ["proposals"]

    def __init__(self) -> None:
        self.asked: list[tuple[str, UUID, int, int]] = []

    async def replay(self, service: str, aggregate_id: UUID, first: int, last: int) -> int:
        self.asked.append((service, aggregate_id, first, last))
        return last - first + 1


@pytest.fixture
async def database(store: Store) -> AsyncIterator[Database]:
    database = Database(store.dsn, name="test", settings={"search_path": "store"})
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Owner:
    monkeypatch.setattr(repair, "EVERY_S", 0)
    monkeypatch.setattr(repair, "GRACE", timedelta())
    return Owner()


async def with_gap(connection: Connection) -> tuple[FactLog, UUID, bytes]:
    """A store that has versions 1 and 3 of a proposal, and the record of version 2."""
    log, made = FactLog(), FactLog()
    source = log.proposal(title="하나")
    made.versions[source] = 1
    made.proposal(source, title="둘")
    ((record,),) = made.everything()
    log.versions[source] = 2
    log.proposal(source, title="셋")
    for batch in log.everything():
        await apply_batch(connection, batch)
    await connection.execute("UPDATE version_gap SET noticed_at = noticed_at - interval '2 s'")
    log.append(record.topic, source, record.value or b"", record.headers)
    return log, source, record.value or b""


async def states(connection: Connection) -> list[str]:
    return [row["state"] for row in await connection.fetch("SELECT state FROM version_gap")]


async def heartbeat(connection: Connection) -> None:
    await beat(connection, [Snapshot(await now_of(connection), {})], await next_offsets(connection, CONSUMER))


async def test_a_gap_is_asked_for_once_and_closed_when_it_is_filled(connection: Connection, database: Database, owner: Owner) -> None:
    log, source, _ = await with_gap(connection)
    repairer = GapRepair(database, owner)  # type: ignore[arg-type]
    await repairer._look()
    await repairer._look()
    assert owner.asked == [("proposals", source, 2, 2)]
    assert await states(connection) == ["asked"]
    await apply_batch(connection, log.everything()[0][-1:])
    await repairer._look()
    assert await states(connection) == []
    title: Any = await connection.fetchval("SELECT title FROM agenda_item")
    assert title == "셋"


async def test_a_gap_that_stays_is_given_up_once_the_store_has_read_on(connection: Connection, database: Database, owner: Owner) -> None:
    await with_gap(connection)
    repairer = GapRepair(database, owner)  # type: ignore[arg-type]
    await repairer._look()
    await repairer._look()
    assert await states(connection) == ["asked"]
    await heartbeat(connection)
    await repairer._look()
    await repairer._look()
    assert (await states(connection), len(owner.asked)) == (["unrepairable"], 1)


async def test_a_store_is_complete_as_of_the_newest_snapshot_that_is_applied(connection: Connection) -> None:
    log = FactLog()
    log.proposal()
    ((place, records),) = log.records.items()
    empty, one = Snapshot(await now_of(connection), {place: 0}), Snapshot(await now_of(connection), {place: 1})
    assert await beat(connection, [empty, one], await next_offsets(connection, CONSUMER)) == 1
    assert await connection.fetchval("SELECT as_of FROM progress") == empty.asked_at
    await apply_batch(connection, records)
    assert await beat(connection, [empty, one], await next_offsets(connection, CONSUMER)) == 0
    assert await connection.fetchval("SELECT as_of FROM progress") == one.asked_at
