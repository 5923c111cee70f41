"""Items as they stand, on the topic for partners and open data: the newest state of each, once the words for it are taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from madang.events.items.v1 import items_pb2
from services.agenda import publisher
from services.agenda.projection.apply import apply_batch
from services.agenda.publisher import TOPIC, ItemPublisher
from services.kit.database import Connection, Database
from services.kit.ids import agenda_id_of
from services.kit.relay import safe_producer, sole_producer
from tests.agenda_log import PARTITIONS, FactLog
from tests.integration.agenda.conftest import Store


class Listener:
    """Reads the topic from where it stood when the test began; keeps every state by item, as the topic has them."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        self.states: dict[str, list[tuple[int, items_pb2.AgendaItemState]]] = {}

    async def start(self) -> None:
        await self._consumer.start()
        places = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
        self._consumer.assign(places)
        for place, end in (await self._consumer.end_offsets(places)).items():
            self._consumer.seek(place, end)

    async def hear(self) -> None:
        """Whatever stands in the topic now."""
        places = self._consumer.assignment()
        ends = await self._consumer.end_offsets(places)
        while any([await self._consumer.position(place) < end for place, end in ends.items()]):
            for records in (await self._consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    state = items_pb2.AgendaItemState.FromString(record.value)
                    version = int(dict(record.headers)["ce_sequence"])
                    self.states.setdefault(record.key.decode(), []).append((version, state))

    def titles(self, agenda_id: UUID) -> list[str]:
        return [state.after.title for _, state in self.states.get(str(agenda_id), [])]

    def newest(self, agenda_id: UUID) -> items_pb2.AgendaItemState:
        return max(self.states[str(agenda_id)], key=lambda each: each[0])[1]

    async def stop(self) -> None:
        await self._consumer.stop()


class Told:
    """A log, its store, and a publisher that is asked to tell step by step."""

    def __init__(self, store: Store, database: Database, bootstrap: str) -> None:
        self.log, self.store, self.database, self.bootstrap = FactLog(), store, database, bootstrap
        self.publisher, self.listener = ItemPublisher(database, bootstrap), Listener(bootstrap)
        self._applied: dict[tuple[str, int], int] = {}

    async def apply(self) -> Connection:
        """Apply what is new in the log."""
        connection = await self.store.connect()
        for place, records in self.log.records.items():
            if new := records[self._applied.get(place, 0) :]:
                await apply_batch(connection, new)
                self._applied[place] = len(records)
        return connection

    async def tell(self, producer: Any) -> int:
        """Apply what is new in the log, and tell what follows."""
        connection, told = await self.apply(), 0
        while taken := await self.publisher._send_some(connection, producer):
            told += taken
        return told


@pytest.fixture
async def told(store: Store, kafka: str) -> AsyncIterator[Told]:
    database = Database(store.dsn, name="test", settings={"search_path": "store"})
    await database.open()
    made = Told(store, database, kafka)
    await made.listener.start()
    yield made
    await made.listener.stop()
    await database.close()


@pytest.fixture
async def producer(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    made = safe_producer(kafka)
    await made.start()
    yield made
    await made.stop()


async def test_the_newest_state_of_each_item_is_told(told: Told, producer: AIOKafkaProducer) -> None:
    proposal, voice = told.log.proposal(title="그늘막"), told.log.voice(text="덥다")
    await told.tell(producer)
    item = told.log.item(title="정류장 더위")
    told.log.link(item, proposal)
    told.log.link(item, voice)
    await told.tell(producer)
    told.log.voice(voice, gone=True)
    await told.tell(producer)
    await told.listener.hear()
    state = told.listener.newest(item)
    assert (state.listed, state.after.title) == (True, "정류장 더위")
    assert {source.source_id for source in state.after.sources} == {str(proposal), str(voice)}
    candidate = [state for _, state in told.listener.states[str(agenda_id_of("proposals", proposal))]]
    assert [(state.listed, state.after.title, state.after.part_of) for state in candidate] == [(True, "그늘막", ""), (False, "", str(item))]
    for states in told.listener.states.values():
        versions = [version for version, _ in states]
        assert versions == sorted(set(versions))


async def test_what_was_taken_back_leaves_no_word(told: Told, producer: AIOKafkaProducer) -> None:
    voice = told.log.voice(text="이름을 말했다")
    await told.tell(producer)
    told.log.voice(voice, gone=True)
    await told.tell(producer)
    await told.listener.hear()
    state = told.listener.newest(agenda_id_of("voices", voice))
    assert not state.listed
    assert (state.after.title, state.after.summary, list(state.after.sources)) == ("", "", [])


@pytest.mark.parametrize(("title_length", "named"), [(400, 500), (2_000, 125)])
async def test_an_item_with_more_sources_than_a_record_holds_names_the_first_and_says_how_many_there_are(
    told: Told, producer: AIOKafkaProducer, title_length: int, named: int
) -> None:
    sources, item = [told.log.proposal(title="가" * title_length) for _ in range(800)], told.log.item()
    for source in sources:
        told.log.link(item, source)
    await told.tell(producer)
    await told.listener.hear()
    state = told.listener.newest(item)
    assert state.source_count == 800
    assert [source.source_id for source in state.after.sources] == [str(source) for source in sources[:named]]


class Dying:
    """A producer whose process dies once the broker has the record."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(self, *record: Any) -> None:
        await self._producer.send_and_wait(*record)
        raise ConnectionResetError("killed")


async def test_whoever_dies_before_the_word_is_gone_is_followed_by_one_that_tells_it_again(told: Told, producer: AIOKafkaProducer) -> None:
    told.log.proposal(title="가로등")
    with pytest.raises(ConnectionResetError):
        await told.tell(Dying(producer))
    assert await told.tell(producer) == 1
    await told.listener.hear()
    (states,) = told.listener.states.values()
    assert [version for version, _ in states] == [1, 1]


class Woken:
    """A producer whose process stood still until its session had ended and another publisher had told something newer."""

    def __init__(self, told: Told, producer: AIOKafkaProducer, session: Connection, source: UUID) -> None:
        self._told, self._producer, self._session, self._source = told, producer, session, source

    async def send(self, *record: Any) -> Any:
        other = await self._told.store.connect()
        await other.execute("SELECT pg_terminate_backend($1, 5000)", self._session.get_server_pid())
        self._told.log.proposal(self._source, title="새")
        await self._told.tell(self._producer)
        return await self._producer.send(*record)


async def test_what_a_publisher_that_stood_still_told_late_is_followed_by_the_newest_state(
    told: Told, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = told.log.proposal(title="옛")
    await told.apply()
    session = await told.store.connect()
    attempts = iter([nullcontext((session, Woken(told, producer, session, source)))])
    monkeypatch.setattr(publisher, "sole_producer", lambda *values: next(attempts, None) or sole_producer(*values))
    task = asyncio.create_task(ItemPublisher(told.database, told.bootstrap).run())
    async with asyncio.timeout(20):
        while told.listener.titles(agenda_id_of("proposals", source)) != ["새", "옛", "새"]:
            await told.listener.hear()
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_part_of_the_server_tells_by_itself(told: Told) -> None:
    task = asyncio.create_task(told.publisher.run())
    connection = await told.store.connect()
    source = told.log.proposal(title="횡단보도")
    for records in told.log.everything():
        await apply_batch(connection, records)
    async with asyncio.timeout(20):
        while str(agenda_id_of("proposals", source)) not in told.listener.states:
            await told.listener.hear()
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
