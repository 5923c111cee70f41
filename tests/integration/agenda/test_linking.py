"""Linking by itself: once where the settings allow it, never where they do not."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc, item_pb2
from madang.proposals.v1 import proposal_pb2, proposals_pb2, proposals_pb2_grpc
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from services.agenda.app import build
from services.agenda.projection.applied import Applied
from services.agenda.projection.apply import apply_batch
from services.agenda.queries.suggestion import SuggestionQueries
from services.agenda.search.worker import refresh_some
from services.agenda.service import linking
from services.agenda.service.item import Agenda, Opening
from services.agenda.service.linking import Linker
from services.agenda.settings import AgendaSettings
from services.agenda.store.item import ITEMS
from services.agenda.store.link import LINKS
from services.agenda.wire.item import item_event
from services.agenda.wire.link import link_event
from services.kit.actor import Call
from services.kit.consumer import Consumer
from services.kit.database import Database
from services.kit.grpc_client import open_channel
from services.kit.ids import agenda_id_of, new_id
from services.kit.text import Text as DomainText
from services.kit.tokens import jwks_of, make_key, sign
from services.kit.write import Log, Write
from services.local import keys
from tests.agenda_log import BEGIN, FactLog
from tests.integration.agenda.conftest import Store
from tests.serving import NO_BROKER, MovedClock, serving
from tests.stack import RealStack

TEXTS = ("골목길 보안등 설치 요청", "골목이 어두워 늦은 시간 귀가하는 주민이 불안해합니다. 가로등을 더 달아 주십시오.")
VOICE = "우리 동네 뒷골목에 가로등이 없어서 밤늦게 귀가하기 무섭습니다"


class Hand:
    """A linker that is handed a log by hand, over a real database."""

    def __init__(self, store: Database, own: Database) -> None:
        self.store, self.own, self.log, self.clock = store, own, FactLog(), MovedClock(BEGIN)
        log = Log(own, service="agenda", wake=lambda: None)
        self.agenda = Agenda(
            Write(log, ITEMS, item_event), Write(log, LINKS, link_event), Applied(store, own, NO_BROKER), self.clock
        )  # fmt: skip

    async def opened(self) -> UUID:
        """An item that officers opened, both decided and in the store."""
        identity = new_id()
        await self.agenda.open(Call.own("test"), Opening(identity, TEXTS[0], DomainText(TEXTS[1], "ko"), (), None, []))
        self.log.item(identity, title=TEXTS[0], summary=TEXTS[1])
        return identity

    async def project(self) -> None:
        async with self.store.connection() as connection:
            for records in self.log.everything():
                await apply_batch(connection, records)
            while await refresh_some(connection):
                pass

    async def link(self, above: float = 0.2) -> None:
        linker = Linker(self.own, SuggestionQueries(self.store), self.agenda, self.clock, above)
        for records in self.log.everything():
            if records[0].topic != "madang.agenda.facts.v1":
                async with self.own.transaction() as connection:
                    await linker.apply(connection, records)

    async def links(self) -> list[tuple[Any, ...]]:
        async with self.own.connection() as connection:
            rows = await connection.fetch("SELECT agenda_id, source_id, relation, linked_by, confidence < 1 FROM source_link")
        return [tuple(row) for row in rows]


@pytest.fixture
async def hand(store: Store) -> AsyncIterator[Hand]:
    databases = [Database(store.dsn, name="test", settings=settings) for settings in ({"search_path": "store"}, None)]
    for database in databases:
        await database.open()
    yield Hand(*databases)
    for database in databases:
        await database.close()


async def test_a_new_source_is_linked_once_however_often_its_fact_comes(hand: Hand) -> None:
    item, voice = await hand.opened(), hand.log.voice(text=VOICE)
    await hand.project()
    for _ in range(3):
        await hand.link()
    assert await hand.links() == [(item, voice, "supports", "service", True)]
    async with hand.own.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox WHERE type LIKE '%linked%'") == 1


async def test_nothing_is_linked_at_the_limit_or_below(hand: Hand) -> None:
    await hand.opened()
    hand.log.proposal(title=TEXTS[0], text=TEXTS[1])
    await hand.project()
    await hand.link(above=1.0)
    assert await hand.links() == []


async def test_a_newer_state_an_old_source_and_a_candidate_are_left_to_officers(hand: Hand) -> None:
    hand.log.proposal(title=TEXTS[0], text=TEXTS[1])
    voice = hand.log.voice(text=VOICE)
    await hand.project()
    await hand.link()
    assert await hand.links() == [], "there is no opened item"
    await hand.opened()
    hand.clock.at = BEGIN + linking.NEW + timedelta(hours=1)
    await hand.project()
    await hand.link()
    hand.log.now = hand.clock.at
    hand.log.voice(voice, text=VOICE)
    await hand.project()
    await hand.link()
    assert await hand.links() == []


async def test_what_was_withdrawn_or_is_linked_already_stays_as_it_is(hand: Hand) -> None:
    item, gone, linked = await hand.opened(), hand.log.voice(text=VOICE), hand.log.voice(text=VOICE)
    hand.log.voice(gone, gone=True)
    hand.log.link(item, linked)
    await hand.project()
    await hand.link()
    assert await hand.links() == []


async def test_a_store_that_is_behind_is_waited_for_and_then_asked_again(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "PATIENCE_S", 0.3)
    item, voice = await hand.opened(), hand.log.voice(text=VOICE)
    with pytest.raises(TimeoutError):
        await hand.link()
    await hand.project()
    await hand.link()
    assert [(link[0], link[1]) for link in await hand.links()] == [(item, voice)]


async def test_what_cannot_be_read_is_passed_over(hand: Hand) -> None:
    hand.log.append("madang.voices.facts.v1", uuid4(), b"x", [])
    await hand.link()
    assert await hand.links() == []


@pytest.mark.parametrize(("settings", "consumers"), [({}, 0), ({"agenda_link_above": 1.0}, 0), ({"agenda_link_above": 0.5}, 1)])
def test_nothing_listens_unless_the_settings_say_so(tmp_path: Path, settings: dict[str, float], consumers: int) -> None:
    (tmp_path / "key.pem").write_bytes(key := make_key())
    (tmp_path / "jwks.json").write_text(json.dumps(jwks_of(key)))
    process = build(
        AgendaSettings(
            database_url="postgresql:///x", kafka_bootstrap_servers=NO_BROKER, metrics_listen="127.0.0.1:0",
            jwks_file=str(tmp_path / "jwks.json"), signing_key_file=str(tmp_path / "key.pem"), **settings,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    assert sum(isinstance(part, Consumer) for part in process._parts) == consumers


class Stacked:
    """The whole stack, and servers of the agenda beside its own that link by themselves."""

    def __init__(self, stack: RealStack, folder: Path, exits: AsyncExitStack) -> None:
        self.stack, self.folder, self.exits = stack, folder, exits
        self.key = keys.signing_key(stack.stack.layout).read_bytes()
        self.caller = [("authorization", f"Bearer {sign(self.key, subject='test', role='operator')}")]

    async def ask(self, service: str, stub: Any, method: str, request: Any) -> Any:
        channel = open_channel(self.stack.addresses[service])
        try:
            return await getattr(stub(channel), method)(request, metadata=self.caller)
        finally:
            await channel.close(None)

    async def proposal(self, title: str, text: str) -> str:
        request = proposals_pb2.SubmitProposalRequest(
            channel=proposal_pb2.CHANNEL_WEB, title=title, description=Text(plain=text, language="ko")
        )  # fmt: skip
        answer = await self.ask("proposals", proposals_pb2_grpc.ProposalServiceStub, "SubmitProposal", request)
        return str(answer.written.id)

    async def opened(self, source: str) -> str:
        ref = agenda_pb2.SourceRef(service=vocabulary_pb2.SOURCE_SERVICE_PROPOSALS, source_id=source, relation=item_pb2.RELATION_RAISED)
        answer = await self.ask("agenda", agenda_pb2_grpc.AgendaServiceStub, "OpenItem", agenda_pb2.OpenItemRequest(sources=[ref]))
        await self.stack.until("agenda", "SELECT EXISTS (SELECT FROM store.agenda_item WHERE agenda_id = $1 AND shown)", answer.written.id)
        return str(answer.written.id)

    async def begin(self, instance: str) -> None:
        folder = self.folder / instance
        folder.mkdir()
        settings = {"bootstrap": self.stack.bootstrap, "key": self.key, "agenda_link_above": 0.6, "instance": instance}
        await self.exits.enter_async_context(serving("agenda", self.stack.dsn("agenda"), folder, **settings))  # type: ignore[arg-type]

    async def linked(self, source: str) -> None:
        await self.stack.until(
            "agenda", "SELECT count(*) = 1 FROM store.source_link WHERE source_item = $1 AND relation = 'supports'",
            agenda_id_of("proposals", source),
        )  # fmt: skip


SEEN = """
    INSERT INTO agenda.consumer_offset (consumer, topic, partition, next_offset)
    SELECT 'agenda-linker', topic, partition, next_offset FROM store.consumer_offset WHERE consumer = 'agenda-projector'
    ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset RETURNING true"""


async def test_two_servers_link_a_new_source_once_and_so_does_one_that_reads_all_of_it_again(stack: RealStack, tmp_path: Path) -> None:
    async with AsyncExitStack() as exits:
        stacked = Stacked(stack, tmp_path, exits)
        text = ("굴다리 밑 벽화 조명 복원", "굴다리 밑의 벽화 조명이 꺼져 통학하는 아이들이 무서워합니다")
        item = await stacked.opened(await stacked.proposal(*text))
        await stack.until("agenda", SEEN)  # what other tests have left is not this one's
        await stacked.begin("one")
        await stacked.begin("two")
        second = await stacked.proposal(text[0], f"{text[1]}. 꼭 고쳐 주세요")
        await stacked.linked(second)
    await stack.until(
        "agenda",
        "UPDATE agenda.consumer_offset SET next_offset = greatest(next_offset - 1, 0) WHERE consumer = 'agenda-linker' RETURNING true",
    )
    async with AsyncExitStack() as exits:
        stacked = Stacked(stack, tmp_path, exits)
        await stacked.begin("three")
        third = await stacked.proposal(text[0], f"{text[1]}. 다시 말씀드립니다")
        await stacked.linked(third)
    await stack.until(
        "agenda",
        """SELECT count(*) = 2 AND max(a.version) = 1 FROM agenda.source_link AS l JOIN agenda.aggregate AS a ON a.id = l.link_id
           WHERE l.agenda_id = $1 AND l.relation = 'supports' AND l.linked_by = 'service'""",
        item,
    )
