"""Answers at once out of what is known, and open cases that are like another one."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.proposals.v1 import case_messages_pb2 as cases
from madang.proposals.v1 import knowledge_pb2 as pb
from madang.proposals.v1 import proposals_pb2
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from tests.integration.proposals.conftest import Desk

ANSWER = Text(plain="소상공인 종합지원센터에서 상담해 드립니다.", language="ko")


async def drafted(desk: Desk, question: str = "소액 카드 수수료는 어디에서 상담하나요", **changes: Any) -> str:
    request = pb.DraftKnowledgeRequest(request_id=str(uuid4()), question=question, answer=ANSWER, department="소상공인정책과", **changes)
    return str((await desk.call(request)).written.id)


async def test_only_confirmed_entries_are_suggested_and_the_nearest_comes_first(desk: Desk) -> None:
    entry, other = await drafted(desk), await drafted(desk, "소액 카드 대출 상담은 어디에서 하나요")
    await drafted(desk, "소액 카드 수수료 상담 창구")
    for knowledge_id in (entry, other):
        await desk.call(pb.ConfirmKnowledgeRequest(knowledge_id=knowledge_id))
    case = await desk.triaged("소액 카드 수수료 상담 창구를 알려 주세요")
    found = (await desk.call(pb.SuggestAnswersRequest(proposal_id=case))).suggestions
    assert [suggestion.knowledge_id for suggestion in found] == [entry, other]
    assert 1 > found[0].score > found[1].score >= 0.15
    await desk.call(pb.RetireKnowledgeRequest(knowledge_id=entry, reason="제도가 바뀜"))
    assert entry not in {one.knowledge_id for one in (await desk.call(pb.SuggestAnswersRequest(proposal_id=case))).suggestions}


async def test_an_officer_confirms_a_suggestion_by_answering_with_it(desk: Desk) -> None:
    entry, case = await drafted(desk), await desk.triaged("소액 카드 수수료 상담 창구를 알려 주세요")
    answer = proposals_pb2.AnswerProposalRequest(proposal_id=case, department="민원과", knowledge_id=entry)
    assert await desk.refusal(answer) == "KNOWLEDGE_NOT_CONFIRMED"
    await desk.call(pb.ConfirmKnowledgeRequest(knowledge_id=entry))
    await desk.call(answer, role="officer", department="민원과")
    found = await desk.shown(case)
    assert (found.answer.text, found.answer.knowledge_id, found.at_once) == (ANSWER, entry, True)
    assert await desk.listed(at_once=True) == {case}


async def test_past_answers_are_suggested_too(desk: Desk) -> None:
    past = await desk.started(title="심야버스 정류장 조명을 밝게 해 주세요")
    await desk.answer(past, "조명을 달겠습니다")
    found = (await desk.call(pb.SuggestAnswersRequest(text="심야버스 정류장의 조명이 어둡습니다"))).suggestions
    assert [(one.proposal_id, one.knowledge_id, one.answer.plain) for one in found] == [(past, "", "조명을 달겠습니다")]
    assert not (await desk.call(pb.SuggestAnswersRequest(text="도서관 열람실"))).suggestions
    assert not (await desk.call(pb.SuggestAnswersRequest(proposal_id=past))).suggestions  # not its own


async def test_an_entry_is_listed_confirmed_and_retired_once(desk: Desk) -> None:
    entry = await drafted(desk, service_code="inquiry")
    request = pb.ConfirmKnowledgeRequest(request_id=str(uuid4()), knowledge_id=entry, etag=1)
    assert await desk.call(request) == await desk.call(request)
    assert await desk.refusal(pb.ConfirmKnowledgeRequest(knowledge_id=entry)) == "TRANSITION_FORBIDDEN"
    assert await desk.refusal(pb.ConfirmKnowledgeRequest(knowledge_id=entry, etag=1)) == "VERSION_CONFLICT"
    listed = await desk.call(pb.ListKnowledgeRequest(status=pb.KNOWLEDGE_STATUS_CONFIRMED, service_code="inquiry"))
    assert [one.knowledge_id for one in listed.entries] == [entry]
    assert not await desk.rows("SELECT 1 FROM outbox")
    other = pb.RetireKnowledgeRequest(knowledge_id=entry, reason="바뀜")
    assert await desk.refusal(other, role="officer", department="버스정책과") == "NOT_FOUND"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (pb.DraftKnowledgeRequest(question=" ", answer=ANSWER, department="과"), "QUESTION_REQUIRED"),
        (pb.DraftKnowledgeRequest(question="?", department="과"), "FIELD_REQUIRED"),
        (pb.DraftKnowledgeRequest(question="?", answer=ANSWER, department="과", service_code="ufo"), "SERVICE_CODE_UNKNOWN"),
        (pb.SuggestAnswersRequest(), "FIELD_REQUIRED"),
        (pb.SuggestAnswersRequest(proposal_id="7"), "ID_INVALID"),
        (pb.SuggestAnswersRequest(proposal_id=str(UUID(int=7))), "NOT_FOUND"),
    ],
)
async def test_bad_input_for_the_knowledge_base_has_a_stable_code(desk: Desk, request_: Any, code: str) -> None:
    assert await desk.refusal(request_) == code


class Agenda(agenda_pb2_grpc.AgendaServiceServicer):
    """An agenda that answers these sources for a word, and keeps what it was asked."""

    def __init__(self, sources: dict[str, Sequence[str]]) -> None:
        self.sources, self.asked = sources, list[agenda_pb2.ListItemsRequest]()

    async def ListItems(self, request: agenda_pb2.ListItemsRequest, context: Any) -> agenda_pb2.ListItemsResponse:  # noqa: ARG002
        self.asked.append(request)
        number = vocabulary_pb2.SOURCE_SERVICE_PROPOSALS
        found = [agenda_pb2.ItemSource(service=number, source_id=source) for source in self.sources.get(request.query, [])]
        return agenda_pb2.ListItemsResponse(items=[agenda_pb2.AgendaItem(sources=found)])


@pytest.fixture
async def agenda(desk: Desk) -> AsyncIterator[Agenda]:
    """The agenda where the service looks for it."""
    servicer, server = Agenda({}), grpc.aio.server()
    agenda_pb2_grpc.add_AgendaServiceServicer_to_server(servicer, server)
    server.add_insecure_port(desk.served.settings.agenda_address)
    await server.start()
    yield servicer
    await server.stop(None)


async def test_open_cases_that_are_like_another_one_are_found_by_the_agenda(desk: Desk, agenda: Agenda) -> None:
    case = await desk.submitted("버스 정류장에 그늘막을 설치해 주세요")
    near, far = await desk.submitted("정류장 그늘막 설치 바랍니다"), await desk.submitted("정류장 이름은 영어로도")
    ended = await desk.submitted("버스 정류장에 그늘막을 설치해 주세요")
    await desk.call(cases.WithdrawProposalRequest(proposal_id=ended))
    agenda.sources = {"정류장": [case, near, far, ended, str(uuid4())], "그늘막": [near]}
    found = (await desk.call(cases.ListSimilarRequest(proposal_id=case))).proposals
    assert [(one.proposal_id, one.score) for one in found] == [(near, round(10 / 26, 4))]
    assert [request.query for request in agenda.asked] == ["정류장", "그늘막", "설치해"]


async def test_where_the_agenda_does_not_answer_the_caller_may_try_again(desk: Desk) -> None:
    case = await desk.submitted()
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await desk.call(cases.ListSimilarRequest(proposal_id=case))
    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
