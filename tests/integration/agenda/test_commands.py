"""Officers' commands and questions, from the wire to the store and back; the log is carried over by hand."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from madang.log.v1 import log_pb2, log_pb2_grpc
from madang.type.v1 import text_pb2, vocabulary_pb2
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.integration.agenda.carried import PROPOSALS, Carried


async def test_an_item_opened_from_a_candidate_carries_its_title(agenda: Carried) -> None:
    source = await agenda.proposal(title="골목에 가로등을")
    candidate = await agenda.item(agenda_id_of("proposals", source))
    assert (candidate.status, candidate.sources[0].source_id) == (item_pb2.AGENDA_STATUS_CANDIDATE, str(source))
    agenda_id = await agenda.open(source)
    item = await agenda.item(agenda_id)
    assert (item.title, item.status) == ("골목에 가로등을", item_pb2.AGENDA_STATUS_OPEN)
    assert [(part.source_id, part.relation) for part in item.sources] == [(str(source), item_pb2.RELATION_RAISED)]
    assert (await agenda.item(agenda_id_of("proposals", source))).part_of == agenda_id


async def test_an_item_without_title_and_source_is_refused(agenda: Carried) -> None:
    refused = await agenda.refusal("OpenItem", pb.OpenItemRequest(title="  "))
    assert (refused.kind, refused.code) == (Kind.INVALID, "TITLE_REQUIRED")


async def test_a_voice_lends_no_title_so_that_its_words_can_be_taken_back(agenda: Carried) -> None:
    voice, proposal = agenda.log.voice(text="비밀스러운 뒷골목"), agenda.log.proposal(title="골목길 정비")
    await agenda.carry()
    spoken = pb.SourceRef(service=vocabulary_pb2.SOURCE_SERVICE_VOICES, source_id=str(voice))
    assert (await agenda.refusal("OpenItem", pb.OpenItemRequest(sources=[spoken]))).code == "TITLE_REQUIRED"
    written = pb.SourceRef(service=PROPOSALS, source_id=str(proposal))
    opened = (await agenda.ask("OpenItem", pb.OpenItemRequest(sources=[spoken, written]))).written.id
    await agenda.carry()
    assert (await agenda.item(opened)).title == "골목길 정비"
    agenda.log.voice(voice, gone=True)
    await agenda.carry()
    assert (await agenda.ask("ListItems", pb.ListItemsRequest(query="비밀스러운"))).total.value == 0
    kept = await agenda.connection.fetchval("SELECT count(*) FROM agenda_item WHERE title || body LIKE '%비밀스러운%'")
    assert kept == await agenda.connection.fetchval("SELECT count(*) FROM agenda_search WHERE folded LIKE '%비밀스러운%'") == 0


async def test_opening_writes_the_item_and_its_links_once_for_one_key(agenda: Carried) -> None:
    source = await agenda.proposal()
    request = pb.OpenItemRequest(request_id=str(uuid4()), sources=[pb.SourceRef(service=PROPOSALS, source_id=str(source))])
    replies = await asyncio.gather(*(agenda.ask("OpenItem", request) for _ in range(5)))
    assert len({reply.SerializeToString() for reply in replies}) == 1
    count = await agenda.connection.fetchval(
        "SELECT count(*) FROM agenda.outbox AS o WHERE correlation_id IN (SELECT correlation_id FROM agenda.outbox WHERE aggregateid = $1)",
        UUID(replies[0].written.id),
    )
    assert count == 2


async def test_an_item_lives_its_whole_life(agenda: Carried) -> None:
    agenda_id = await agenda.open(await agenda.proposal(title="한평 공원"), summary=text_pb2.Text(plain="빈터를 쓴다", language="ko"))
    await agenda.ask("AssignOwner", pb.AssignOwnerRequest(agenda_id=agenda_id, owner="공원녹지과", reason="담당"))
    statuses = ["IN_PROGRESS", "DECIDED", "IMPLEMENTED", "MEASURED", "CLOSED"]
    for name in statuses:
        status = item_pb2.AgendaStatus.Value(f"AGENDA_STATUS_{name}")
        last = await agenda.ask("ChangeStatus", pb.ChangeStatusRequest(agenda_id=agenda_id, status=status))
    await agenda.carry()
    assert (last.written.revision, last.written.version) == (7, 7)
    item = await agenda.item(agenda_id)
    assert (item.status, item.owner, item.summary) == (item_pb2.AGENDA_STATUS_CLOSED, "공원녹지과", "빈터를 쓴다")
    steps = (await agenda.ask("GetTimeline", pb.GetTimelineRequest(agenda_id=agenda_id))).steps
    assert [step.state for step in steps if step.aggregate_id == agenda_id] == ["open", "assigned", *(name.lower() for name in statuses)]
    assert {"proposals", "agenda"} == {step.service for step in steps}
    assert next(step.reason for step in steps if step.type.endswith("owner-assigned.v1")) == "담당"


async def test_a_timeline_is_paged(agenda: Carried) -> None:
    agenda_id = await agenda.open(await agenda.proposal(), await agenda.proposal(), title="둘")
    whole = (await agenda.ask("GetTimeline", pb.GetTimelineRequest(agenda_id=agenda_id))).steps
    steps: list[Any] = []
    token = ""
    while True:
        page = await agenda.ask("GetTimeline", pb.GetTimelineRequest(agenda_id=agenda_id, page_size=2, page_token=token))
        steps, token = [*steps, *page.steps], page.next_page_token
        if not token:
            break
    assert list(whole) == steps
    assert len(steps) == 5


async def test_a_source_is_linked_found_by_its_text_and_unlinked(agenda: Carried) -> None:
    agenda_id = await agenda.open(title="밤길 안전")
    source = await agenda.proposal(title="제목", text="골목이 캄캄합니다")
    ref = pb.SourceRef(service=PROPOSALS, source_id=str(source), relation=item_pb2.RELATION_SUPPORTS)
    await agenda.ask("LinkSource", pb.LinkSourceRequest(agenda_id=agenda_id, source=ref))
    await agenda.carry()
    found = await agenda.ask("ListItems", pb.ListItemsRequest(query="캄캄 안전"))
    assert [item.agenda_id for item in found.items] == [agenda_id]
    again = await agenda.refusal("LinkSource", pb.LinkSourceRequest(agenda_id=agenda_id, source=ref))
    assert again.code == "ALREADY_LINKED"
    unlink = pb.UnlinkSourceRequest(agenda_id=agenda_id, service=PROPOSALS, source_id=str(source), reason="다른 일")
    await agenda.ask("UnlinkSource", unlink)
    await agenda.carry()
    assert (await agenda.ask("ListItems", pb.ListItemsRequest(query="캄캄 안전"))).total.value == 0
    assert not (await agenda.item(agenda_id_of("proposals", source))).part_of
    assert (await agenda.refusal("UnlinkSource", unlink)).code == "NOT_LINKED"


async def test_linking_needs_an_opened_item_and_a_source_that_is_known(agenda: Carried) -> None:
    source = await agenda.proposal()
    ref = pb.SourceRef(service=PROPOSALS, source_id=str(source))
    to_candidate = pb.LinkSourceRequest(agenda_id=str(agenda_id_of("proposals", source)), source=ref)
    assert (await agenda.refusal("LinkSource", to_candidate)).kind is Kind.NOT_FOUND
    unknown = pb.LinkSourceRequest(
        agenda_id=await agenda.open(title="의제"), source=pb.SourceRef(service=PROPOSALS, source_id=str(uuid4()))
    )
    assert (await agenda.refusal("LinkSource", unknown)).kind is Kind.NOT_FOUND


async def test_an_officer_reaches_the_items_of_the_own_department_only(agenda: Carried) -> None:
    agenda_id = await agenda.open(title="의제")
    await agenda.ask("AssignOwner", pb.AssignOwnerRequest(agenda_id=agenda_id, owner="주택과"), "officer", department="복지과")
    move = pb.ChangeStatusRequest(agenda_id=agenda_id, status=item_pb2.AGENDA_STATUS_IN_PROGRESS)
    assert (await agenda.refusal("ChangeStatus", move, "officer", department="복지과")).kind is Kind.NOT_FOUND
    await agenda.ask("ChangeStatus", move, "officer", department="주택과")


async def test_a_stale_etag_is_refused(agenda: Carried) -> None:
    agenda_id = await agenda.open(title="의제")
    await agenda.ask("AssignOwner", pb.AssignOwnerRequest(agenda_id=agenda_id, owner="주택과", etag=1))
    refused = await agenda.refusal("AssignOwner", pb.AssignOwnerRequest(agenda_id=agenda_id, owner="복지과", etag=1))
    assert (refused.code, refused.details["current"]) == ("VERSION_CONFLICT", "2")


async def test_who_has_just_opened_an_item_finds_it(agenda: Carried) -> None:
    reply = await agenda.ask("OpenItem", pb.OpenItemRequest(request_id=str(uuid4()), title="방금"))

    async def carry_later() -> None:
        await asyncio.sleep(0.2)
        await agenda.carry()

    item, _ = await asyncio.gather(agenda.item(reply.written.id), carry_later())
    assert item.title == "방금"


async def test_an_answer_without_a_heartbeat_says_that_it_is_stale(agenda: Carried) -> None:
    await agenda.connection.execute("DELETE FROM progress")
    found = await agenda.ask("ListItems", pb.ListItemsRequest(page_size=1))
    assert found.freshness.stale
    assert found.freshness.lag_ms > 10**9


async def test_candidates_for_a_council_are_what_is_not_yet_decided(agenda: Carried) -> None:
    theme = uuid4().hex
    open_id = await agenda.open(await agenda.proposal(themes=[theme]), title="열린")
    parked = await agenda.open(await agenda.proposal(themes=[theme]), title="접은")
    await agenda.ask("ChangeStatus", pb.ChangeStatusRequest(agenda_id=parked, status=item_pb2.AGENDA_STATUS_PARKED))
    candidate = agenda_id_of("proposals", await agenda.proposal(themes=[theme]))
    found = await agenda.ask("ListCandidates", pb.ListCandidatesRequest(theme=theme), "secretary", council="any")
    assert {item.agenda_id for item in found.items} == {open_id, str(candidate)}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (pb.ListItemsRequest(page_size=501), "PAGE_SIZE_RANGE"),
        (pb.ListItemsRequest(page_size=-1), "PAGE_SIZE_RANGE"),
        (pb.ListItemsRequest(sort="name;drop table"), "SORT_UNKNOWN"),
        (pb.ListItemsRequest(page_token="made up"), "PAGE_TOKEN_INVALID"),
        (pb.ListItemsRequest(quarter="2026-Q5"), "QUARTER_INVALID"),
        (pb.ListItemsRequest(district_code="12345"), "DISTRICT_UNKNOWN"),
        (pb.ListItemsRequest(query=" ".join(chr(0xAC00 + number) for number in range(60))), "FILTER_TOO_COMPLEX"),
        (pb.ListItemsRequest(query="\x00"), "TEXT_FORBIDDEN_CHAR"),
        (pb.ListItemsRequest(status=99), "ENUM_UNKNOWN"),  # type: ignore[arg-type]
    ],
)
async def test_bad_questions_are_refused_with_their_code(agenda: Carried, request_: pb.ListItemsRequest, code: str) -> None:
    assert (await agenda.refusal("ListItems", request_)).code == code


async def test_a_dead_letter_of_the_store_is_listed_and_tried_again(agenda: Carried) -> None:
    source = uuid4()
    agenda.log.append("madang.proposals.facts.v1", source, b"\xff", [])
    await agenda.carry()
    stub: Any = log_pb2_grpc.LogServiceStub(agenda.served.channel)
    letters = (await stub.ListDeadLetters(log_pb2.ListDeadLettersRequest(), metadata=agenda.served.caller())).letters
    assert letters[0].code == "ATTRIBUTE_MISSING"
    again = await stub.ResendDeadLetter(log_pb2.ResendDeadLetterRequest(letter_id=letters[0].letter_id), metadata=agenda.served.caller())
    assert (again.applied, again.code) == (False, "ATTRIBUTE_MISSING")
