"""The projector on a real PostgreSQL: every record once, whatever comes twice, late or broken."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from madang.agenda.v1 import item_pb2
from madang.proposals.v1 import proposal_pb2
from services.agenda.projection.apply import apply_batch
from services.kit.database import Connection
from services.kit.ids import agenda_id_of
from services.kit.offsets import Skipped
from tests.agenda_log import SOURCES, FactLog


async def applied(connection: Connection, log: FactLog) -> None:
    for batch in log.everything():
        await apply_batch(connection, batch)


async def item(connection: Connection, agenda_id: Any) -> Any:
    return await connection.fetchrow("SELECT * FROM agenda_item WHERE agenda_id = $1", agenda_id)


@pytest.mark.parametrize("service", SOURCES)
async def test_a_source_is_its_own_candidate(connection: Connection, service: str) -> None:
    log = FactLog()
    source = log.source(service, title="한강 공원에 그늘을")
    await applied(connection, log)
    row = await item(connection, agenda_id_of(service, source))
    assert (row["shown"], row["status"], row["source_version"]) == (True, "candidate", 1)
    assert row["title"].startswith("한강 공원에 그늘을")
    assert f"source:{service}" in row["tags"]


async def test_an_opened_item_gathers_what_its_sources_say(connection: Connection) -> None:
    log = FactLog()
    sources = [log.source(service) for service in SOURCES]
    opened = log.item(themes=["안전"])
    for source in sources:
        log.link(opened, source)
    await applied(connection, log)
    row = await item(connection, opened)
    assert {tag for tag in row["tags"] if tag.startswith("source:")} == {f"source:{service}" for service in SOURCES}
    assert {"theme:안전", "group:women", "field:jobs", "language:ko"} <= set(row["tags"])
    first = await item(connection, agenda_id_of("voices", sources[0]))
    assert row["first_raised_at"] == first["own_raised_at"]
    assert (first["part_of"], first["shown"]) == (opened, False)


async def test_a_source_that_is_unlinked_is_a_candidate_again(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    opened = log.item()
    log.link(opened, source)
    log.link(opened, source, removed=True)
    await applied(connection, log)
    row = await item(connection, agenda_id_of("proposals", source))
    assert (row["part_of"], row["shown"]) == (None, True)
    assert "source:proposals" not in (await item(connection, opened))["tags"]


async def test_a_source_belongs_to_the_item_of_its_best_relation(connection: Connection) -> None:
    log = FactLog()
    source, weak, strong = log.proposal(), log.item(), log.item()
    log.link(weak, source, relation=item_pb2.RELATION_SUPPORTS)
    log.link(strong, source, relation=item_pb2.RELATION_RAISED)
    await applied(connection, log)
    assert (await item(connection, agenda_id_of("proposals", source)))["part_of"] == strong


async def test_a_link_may_arrive_before_its_item_and_its_source(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    opened = log.item()
    log.link(opened, source)
    batches = {batch[0].topic: batch for batch in log.everything() if "proposals" in batch[0].topic}
    agenda = [batch for batch in log.everything() if "agenda" in batch[0].topic]
    for batch in agenda:
        await apply_batch(connection, batch)
    placeholder = await item(connection, agenda_id_of("proposals", source))
    assert (placeholder["shown"], placeholder["part_of"]) == (False, opened)
    await apply_batch(connection, batches["madang.proposals.facts.v1"])
    assert (await item(connection, opened))["tags"] == ["language:ko", "source:proposals"]


async def test_a_clock_that_no_longer_runs_is_not_shown(connection: Connection) -> None:
    log = FactLog()
    running = log.proposal(due_on="2026-11-20", status=proposal_pb2.PROPOSAL_STATUS_ASSIGNED)
    ended = log.proposal(due_on="2026-11-20", status=proposal_pb2.PROPOSAL_STATUS_CLOSED)
    await applied(connection, log)
    assert (await item(connection, agenda_id_of("proposals", running)))["due_on"] == date(2026, 11, 20)
    assert (await item(connection, agenda_id_of("proposals", ended)))["due_on"] == date.max


async def test_a_voice_taken_back_is_no_candidate(connection: Connection) -> None:
    log = FactLog()
    voice = log.voice(text="이름을 빼 주세요")
    log.voice(voice, gone=True)
    await applied(connection, log)
    row = await item(connection, agenda_id_of("voices", voice))
    assert (row["shown"], row["gone"], row["body"]) == (False, True, "")


async def test_records_that_come_again_change_nothing(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    log.again(log.records["madang.proposals.facts.v1", _only(log)][0])
    await applied(connection, log)
    await applied(connection, log)
    count: Any = await connection.fetchrow("SELECT sum(applied) AS applied, sum(duplicates) AS duplicates FROM consumer_offset")
    assert (count["applied"], count["duplicates"]) == (1, 1)
    assert (await item(connection, agenda_id_of("proposals", source)))["source_version"] == 1


async def test_an_older_version_never_wins(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal(title="처음")
    log.proposal(source, title="나중")
    (batch,) = log.everything()
    old, new = batch
    swapped = [new.__class__(**(new.__dict__ | {"offset": 0})), old.__class__(**(old.__dict__ | {"offset": 1}))]
    for record in swapped:
        await apply_batch(connection, [record])
    row = await item(connection, agenda_id_of("proposals", source))
    assert (row["title"], row["source_version"]) == ("나중", 2)


async def test_a_batch_that_begins_too_late_is_refused(connection: Connection) -> None:
    log = FactLog()
    log.proposal(log.proposal())
    (batch,) = log.everything()
    with pytest.raises(Skipped):
        await apply_batch(connection, batch[1:])


async def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    ((place, (good,)),) = log.records.items()
    headers = [(name, value) for name, value in good.headers if name != "ce_id"]
    unknown = [(name, b"kr.go.seoul.madang.unknown.v9" if name == "ce_type" else value) for name, value in good.headers]
    for value, broken in ((b"\xff", good.headers), (good.value, headers), (good.value, unknown), (None, []), (b"", good.headers)):
        log.append(good.topic, source, value, broken)  # type: ignore[arg-type]
    log.proposal(source, title="그래도")
    await applied(connection, log)
    codes = [row["code"] for row in await connection.fetch('SELECT code FROM dead_letter ORDER BY "offset"')]
    assert codes == ["DECODE_FAILED", "ATTRIBUTE_MISSING", "TYPE_UNSUPPORTED", "ATTRIBUTE_MISSING", "PAYLOAD_INVALID"]
    assert (await item(connection, agenda_id_of("proposals", source)))["title"] == "그래도"
    assert await connection.fetchval("SELECT next_offset FROM consumer_offset WHERE partition = $1", place[1]) == 7


async def test_the_same_version_with_another_payload_is_a_conflict(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal(title="하나")
    log.versions[source] = 0
    log.proposal(source, title="둘")
    await applied(connection, log)
    assert await connection.fetchval("SELECT code FROM dead_letter") == "CONFLICTING_EVENT"
    assert (await item(connection, agenda_id_of("proposals", source)))["title"] == "하나"


async def test_a_row_that_the_database_refuses_costs_only_itself(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal(title="좋은")
    log.proposal(source, title="NUL \x00 안에")
    (batch,) = log.everything()
    await apply_batch(connection, batch)
    log.proposal(source, title="다음")
    await applied(connection, log)
    assert await connection.fetchval("SELECT code FROM dead_letter") == "DATA_REJECTED"
    assert (await item(connection, agenda_id_of("proposals", source)))["title"] == "다음"
    gap: Any = await connection.fetchrow("SELECT from_version, to_version, service FROM version_gap")
    assert tuple(gap) == (2, 2, "proposals")


async def test_a_jump_in_versions_is_a_gap(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    log.versions[source] = 4
    log.proposal(source)
    await applied(connection, log)
    gap: Any = await connection.fetchrow("SELECT from_version, to_version, state FROM version_gap")
    assert tuple(gap) == (2, 4, "open")


async def test_a_link_to_a_candidate_is_put_aside(connection: Connection) -> None:
    log = FactLog()
    source = log.proposal()
    log.link(agenda_id_of("voices", uuid4()), source)
    await applied(connection, log)
    assert await connection.fetchval("SELECT code FROM dead_letter") == "PAYLOAD_INVALID"


async def test_a_fact_on_another_service_s_topic_is_put_aside(connection: Connection) -> None:
    log = FactLog()
    log.proposal()
    (record,) = log.everything()[0]
    await apply_batch(connection, [record.__class__(**(record.__dict__ | {"topic": "madang.voices.facts.v1"}))])
    assert await connection.fetchval("SELECT code FROM dead_letter") == "SOURCE_MISMATCH"


def _only(log: FactLog) -> int:
    return next(partition for _, partition in log.records)
