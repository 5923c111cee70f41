"""What the agenda decided comes back: how a source stands is derived from links and decisions, whichever came first."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2 as agenda_events
from madang.type.v1.text_pb2 import Text
from services.kit.actor import Call
from services.kit.agenda_facts import TOPIC, AgendaFacts
from services.kit.database import Connection, Database
from services.kit.standing import Standing
from tests.agenda_log import FactLog, LogRecord

ANSWERED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Ear:
    """An ear that remembers what it was told last, by source."""

    def __init__(self, dsn: str) -> None:
        self.database = Database(dsn, name="test")
        self.facts = AgendaFacts(self.database, service="voices", follow=self._follow)
        self.heard: dict[UUID, tuple[Call, Standing]] = {}

    async def _follow(self, _connection: Connection, call: Call, source_id: UUID, standing: Standing) -> None:
        self.heard[source_id] = call, standing

    async def hear(self, *records: LogRecord) -> None:
        async with self.database.transaction() as connection:
            await self.facts.apply(connection, records)


@pytest.fixture
async def ear(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Ear]:
    made = Ear(await fresh_database("voices"))
    await made.database.open()
    yield made
    await made.database.close()


@pytest.fixture
def log() -> FactLog:
    return FactLog()


def answered(log: FactLog, item: UUID, **changes: Any) -> None:
    at = Timestamp()
    at.FromDatetime(ANSWERED_AT)
    texts = [Text(plain="설치합니다", language="ko"), Text(plain="Sẽ lắp đặt", language="vi")]
    log.item(item, answer=item_pb2.ItemAnswer(texts=texts, department="버스정책과", answered_at=at), **changes)


def sent(log: FactLog) -> list[LogRecord]:
    return [record for (topic, _), records in log.records.items() if topic == TOPIC for record in records]


async def test_an_answer_and_a_link_make_the_same_whichever_comes_first(ear: Ear, log: FactLog) -> None:
    voice = log.voice()
    item = log.item()
    answered(log, item, status=item_pb2.AGENDA_STATUS_CLOSED)
    log.link(item, voice)
    for order in itertools.permutations(sent(log)):
        for record in order:
            await ear.hear(record)
        _, standing = ear.heard[voice]
        assert standing.agenda_ids == (item,)
        assert standing.is_closed
        assert standing.answer is not None
        assert (standing.answer.department, standing.answer.answered_at) == ("버스정책과", ANSWERED_AT)


async def test_an_answer_comes_in_the_persons_language_else_in_korean(ear: Ear, log: FactLog) -> None:
    voice, item = log.voice(), log.item()
    log.link(item, voice)
    answered(log, item)
    await ear.hear(*sent(log))
    answer = ear.heard[voice][1].answer
    assert answer is not None
    assert [answer.in_language(language).plain for language in ("vi", "ko", "zh-Hans")] == ["Sẽ lắp đặt", "설치합니다", "설치합니다"]


async def test_a_link_that_was_taken_back_counts_no_more(ear: Ear, log: FactLog) -> None:
    voice, item = log.voice(), log.item()
    log.link(item, voice)
    answered(log, item)
    log.link(item, voice, removed=True)
    await ear.hear(*sent(log))
    assert ear.heard[voice][1] == Standing((), is_closed=False, answer=None)


async def test_a_source_of_two_items_is_closed_when_both_are(ear: Ear, log: FactLog) -> None:
    voice, first, second = log.voice(), log.item(), log.item()
    log.link(first, voice)
    log.link(second, voice)
    log.item(first, status=item_pb2.AGENDA_STATUS_CLOSED)
    await ear.hear(*sent(log))
    assert not ear.heard[voice][1].is_closed
    log.item(second, status=item_pb2.AGENDA_STATUS_CLOSED)
    await ear.hear(sent(log)[-1], *sent(log))
    assert ear.heard[voice][1].is_closed


async def test_a_word_before_the_answer_and_the_answer_stand_in_the_history_of_every_contributor(ear: Ear, log: FactLog) -> None:
    voice, item = log.voice(), log.item()
    log.link(item, voice)
    at = Timestamp()
    at.FromDatetime(ANSWERED_AT)
    interim = item_pb2.ItemAnswer(texts=[Text(plain="살펴보고 있습니다", language="ko")], department="버스정책과", answered_at=at)
    log.item(item, fact=agenda_events.AgendaInterimReplied, interim_reply=interim)
    answered(log, item, fact=agenda_events.AgendaAnswered, interim_reply=interim)
    log.item(item, interim_reply=interim)
    await ear.hear(*sent(log))
    said = [([text.plain for text in step.said], step.department) for step in await ear.facts.history(voice) if step.said]
    assert said == [(["살펴보고 있습니다"], "버스정책과"), (["설치합니다", "Sẽ lắp đặt"], "버스정책과")]


async def test_the_next_step_names_the_agendas_fact_as_its_cause(ear: Ear, log: FactLog) -> None:
    voice, item = log.voice(), log.item()
    log.link(item, voice)
    await ear.hear(*sent(log))
    call, _ = ear.heard[voice]
    ids = {dict(record.headers)["ce_id"].decode() for record in sent(log)}
    assert str(call.causation_id) in ids


async def test_other_services_sources_are_not_told(ear: Ear, log: FactLog) -> None:
    item = log.item()
    log.link(item, log.proposal(uuid4()))
    await ear.hear(*sent(log))
    assert ear.heard == {}
