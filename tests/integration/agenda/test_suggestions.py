"""Which items say the same as a new source, out of a real store, and over the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from madang.agenda.v1 import item_pb2
from madang.agenda.v1 import suggestion_pb2 as pb
from madang.agenda.v1 import suggestion_pb2_grpc as grpc_pb
from madang.type.v1 import vocabulary_pb2
from services.agenda.domain.suggestion import MOST_WORDS, Suggestion
from services.agenda.projection.apply import apply_batch
from services.agenda.queries import suggestion
from services.agenda.queries.suggestion import SuggestionQueries
from services.agenda.search.worker import refresh_some
from services.kit.database import Database
from services.kit.errors import Kind, Refused
from services.kit.ids import agenda_id_of
from tests.agenda_log import FactLog
from tests.integration.agenda.conftest import Store
from tests.serving import Served, serving

LAMPS = ("골목길 보안등 설치 요청", "골목이 어두워 늦은 시간 귀가하는 주민이 불안해합니다. 가로등을 더 달아 주십시오.")
VOICE = "우리 동네 뒷골목에 가로등이 없어서 밤늦게 귀가하기 무섭습니다"
OTHERS = [
    ("작은 도서관 주말 운영", "토요일에도 문을 열어 주세요"),
    ("경로당 냉방기 수리", "에어컨이 고장 났습니다"),
    ("따릉이 대여소 추가", "거치대가 멀다"),
]


class Filled:
    """A store, a log by hand, and the question."""

    def __init__(self, store: Store, connection: Any, queries: SuggestionQueries) -> None:
        self.store, self.connection, self.queries, self.log = store, connection, queries, FactLog()

    async def fill(self) -> None:
        """Apply the whole log anew, which changes nothing that is applied."""
        for records in self.log.everything():
            await apply_batch(self.connection, records)
        while await refresh_some(self.connection):
            pass

    async def like(self, service: str, source: UUID, **how: Any) -> list[Suggestion]:
        return await self.queries.like(agenda_id_of(service, source), 10, **how)


@pytest.fixture
async def agenda(store: Store) -> AsyncIterator[Filled]:
    database = Database(store.dsn, name="test", settings={"search_path": "store", "plan_cache_mode": "force_custom_plan"})
    await database.open()
    yield Filled(store, await store.connect(), SuggestionQueries(database))
    await database.close()


async def test_a_new_voice_finds_the_item_whose_source_says_the_same_in_other_words(agenda: Filled) -> None:
    item, source = agenda.log.item(title="안전한 귀갓길"), agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    agenda.log.link(item, source)
    for title, text in OTHERS:
        agenda.log.proposal(title=title, text=text)
    voice = agenda.log.voice(text=VOICE)
    await agenda.fill()
    best, *others = await agenda.like("voices", voice)
    assert all(found.score < best.score / 1.5 for found in others)
    assert best.item.agenda_id == item
    assert 0.2 < best.score < 1
    assert {"가로등", "귀가하기"} & set(best.words)
    assert len(best.words) <= MOST_WORDS


async def test_an_item_of_more_sources_than_a_word_may_find_is_found_all_the_same(agenda: Filled) -> None:
    item = agenda.log.item(title="안전한 귀갓길")
    for number in range(suggestion.A_KEY + 50):
        agenda.log.link(item, agenda.log.proposal(title=LAMPS[0], text=f"{LAMPS[1]} {number}"))
    for number in range(900):
        title, text = OTHERS[number % len(OTHERS)]
        agenda.log.proposal(title=f"{title} {number}", text=text)
    await agenda.fill()
    voice, candidate = agenda.log.voice(text=" ".join(LAMPS)), agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    await agenda.fill()
    assert {found.item.agenda_id for found in await agenda.like("voices", voice)} == {item, agenda_id_of("proposals", candidate)}
    assert [found.item.agenda_id for found in await agenda.like("voices", voice, going_on=True)] == [item]


async def test_a_candidate_is_found_and_the_asked_one_is_not(agenda: Filled) -> None:
    source, voice = agenda.log.proposal(title=LAMPS[0], text=LAMPS[1]), agenda.log.voice(text=VOICE)
    await agenda.fill()
    assert [found.item.agenda_id for found in await agenda.like("voices", voice)] == [agenda_id_of("proposals", source)]
    assert [found.item.agenda_id for found in await agenda.like("proposals", source)] == [agenda_id_of("voices", voice)]


async def test_neither_what_was_withdrawn_nor_the_item_that_it_is_part_of_is_suggested(agenda: Filled) -> None:
    gone, item, source = agenda.log.voice(text=VOICE), agenda.log.item(title=LAMPS[0]), agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    agenda.log.voice(gone, gone=True)
    agenda.log.link(item, source)
    await agenda.fill()
    assert await agenda.like("proposals", source) == []
    assert await agenda.like("voices", gone) == []


async def test_a_source_is_asked_about_before_its_search_row_is_there(agenda: Filled) -> None:
    source = agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    await agenda.fill()
    voice = agenda.log.voice(text=VOICE)
    for records in agenda.log.everything():
        await apply_batch(agenda.connection, records)
    assert [found.item.agenda_id for found in await agenda.like("voices", voice)] == [agenda_id_of("proposals", source)]


async def test_a_group_and_a_district_in_common_come_first(agenda: Filled) -> None:
    women: Any = {"represented_groups": [vocabulary_pb2.REPRESENTED_GROUP_WOMEN], "district_code": "11380"}
    here = agenda.log.proposal(title=LAMPS[0], text=LAMPS[1], **women)
    there = agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    voice = agenda.log.voice(text=VOICE, district_code="11380")
    await agenda.fill()
    first, second = await agenda.like("voices", voice)
    assert [first.item.agenda_id, second.item.agenda_id] == [agenda_id_of("proposals", here), agenda_id_of("proposals", there)]
    assert first.score == pytest.approx(second.score + 0.1, abs=1e-3)


async def test_where_only_opened_items_count_ended_ones_and_candidates_do_not(agenda: Filled) -> None:
    agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])
    agenda.log.item(title=LAMPS[0], summary=LAMPS[1], status=item_pb2.AGENDA_STATUS_PARKED)
    going_on, voice = agenda.log.item(title=LAMPS[0], summary=LAMPS[1]), agenda.log.voice(text=VOICE)
    await agenda.fill()
    assert [found.item.agenda_id for found in await agenda.like("voices", voice, going_on=True)] == [going_on]
    assert len(await agenda.like("voices", voice)) == 3


async def test_equals_come_in_one_order_and_no_more_than_asked_for(agenda: Filled) -> None:
    twins = [agenda_id_of("proposals", agenda.log.proposal(title=LAMPS[0], text=LAMPS[1])) for _ in range(30)]
    voice = agenda.log.voice(text=VOICE)
    await agenda.fill()
    assert [found.item.agenda_id for found in await agenda.like("voices", voice)] == sorted(twins)[:10]


async def test_a_text_without_words_and_one_of_the_greatest_length_are_answered(agenda: Filled) -> None:
    empty, long = (
        agenda.log.voice(text="!"),
        agenda.log.proposal(title="긴 글", text=" ".join(f"낱말{n}가나 다라{n}마바" for n in range(3_000))),
    )
    await agenda.fill()
    assert await agenda.like("voices", empty) == await agenda.like("proposals", long) == []


async def test_texts_are_found_through_the_index_only(agenda: Filled) -> None:
    for number in range(300):
        agenda.log.proposal(title=f"가로등 {number}번 골목길", text="어두운 골목")
    voice = agenda.log.voice(text="골목길 가로등이 어두운 골목")
    await agenda.fill()
    await agenda.connection.execute("ANALYZE")
    assert len(await agenda.like("voices", voice)) == 10
    async with agenda.connection.transaction():
        await agenda.connection.execute(suggestion.INDEX_ONLY)
        rows = await agenda.connection.fetch(f"EXPLAIN {suggestion.FOUND}", ["{1}"], [1.0], uuid4(), None, False, 10)
    plan = "\n".join(row[0] for row in rows)
    assert "Bitmap Index Scan on agenda_search_grams" in plan
    assert "Seq Scan" not in plan


async def test_what_the_store_does_not_know_is_not_found(agenda: Filled) -> None:
    with pytest.raises(Refused) as refused:
        await agenda.like("voices", uuid4())
    assert refused.value.kind is Kind.NOT_FOUND


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with serving("agenda", await fresh_database("agenda"), Path(tmp_path_factory.mktemp("agenda"))) as served:
        yield served


async def test_a_suggestion_says_over_the_wire_what_made_it(served: Served) -> None:
    connection = await asyncpg.connect(served.dsn, server_settings={"search_path": "store"})
    log = FactLog()
    source, voice = log.proposal(title=LAMPS[0], text=LAMPS[1], department="도로관리과"), log.voice(text=VOICE)
    for records in log.everything():
        await apply_batch(connection, records)
    while await refresh_some(connection):
        pass
    await connection.close()
    request = pb.SuggestItemsRequest(agenda_id=str(agenda_id_of("voices", voice)))
    found = await grpc_pb.SuggestionServiceStub(served.channel).SuggestItems(request, metadata=served.caller("officer", department="x"))
    [best] = found.suggestions
    assert (best.agenda_id, best.title) == (str(agenda_id_of("proposals", source)), LAMPS[0])
    assert (best.status, best.owner) == (item_pb2.AGENDA_STATUS_CANDIDATE, "도로관리과")
    assert list(best.services) == [vocabulary_pb2.SOURCE_SERVICE_PROPOSALS]
    assert best.words
    assert 0 < best.score <= 1
    assert found.HasField("freshness")


@pytest.mark.parametrize(
    ("request_", "kind", "code"),
    [
        (pb.SuggestItemsRequest(agenda_id=str(uuid4())), Kind.NOT_FOUND, "NOT_FOUND"),
        (pb.SuggestItemsRequest(agenda_id=str(uuid4()), limit=51), Kind.INVALID, "LIMIT_RANGE"),
        (pb.SuggestItemsRequest(agenda_id=str(uuid4()), limit=-1), Kind.INVALID, "LIMIT_RANGE"),
        (pb.SuggestItemsRequest(agenda_id="x"), Kind.INVALID, "ID_INVALID"),
    ],
)
async def test_what_is_asked_wrongly_is_refused(served: Served, request_: pb.SuggestItemsRequest, kind: Kind, code: str) -> None:
    call = grpc_pb.SuggestionServiceStub(served.channel).SuggestItems(request_, metadata=served.caller())
    refused = await served.refusal(call)
    assert (refused.kind, refused.code) == (kind, code)
