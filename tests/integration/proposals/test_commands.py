"""Commands of the proposals service, from the wire to the outbox, without a broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from madang.proposals.v1 import proposal_pb2, proposals_pb2_grpc
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.kit.errors import Kind
from tests.serving import Served, serving


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("proposals")
    async with serving("proposals", dsn, Path(tmp_path_factory.mktemp("proposals"))) as running:
        yield running


@pytest.fixture
def stub(served: Served) -> proposals_pb2_grpc.ProposalServiceStub:
    return proposals_pb2_grpc.ProposalServiceStub(served.channel)


def submission(**changes: object) -> pb.SubmitProposalRequest:
    request = pb.SubmitProposalRequest(
        request_id=str(uuid4()),
        channel=proposal_pb2.CHANNEL_WEB,
        title="버스 정류장에 그늘막을",
        description=Text(plain="여름에 그늘이 없다", language="ko"),
    )
    request.MergeFrom(pb.SubmitProposalRequest(**changes))  # type: ignore[arg-type]
    return request


async def submitted(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> str:
    answer = await stub.SubmitProposal(submission(), metadata=served.caller())
    return str(answer.written.id)


async def triaged(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> str:
    proposal_id = await submitted(served, stub)
    request = pb.TriageProposalRequest(proposal_id=proposal_id, case_kind=proposal_pb2.CASE_KIND_GENERAL)
    await stub.TriageProposal(request, metadata=served.caller())
    return proposal_id


async def rows(served: Served, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(served.dsn)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def test_a_proposal_can_live_its_whole_life(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    proposal_id, me = await triaged(served, stub), served.caller()
    answer = Text(plain="설치하겠습니다", language="ko")
    await stub.AssignProposal(pb.AssignProposalRequest(proposal_id=proposal_id, department="버스정책과", reason="정류장 담당"), metadata=me)
    await stub.StartProposal(pb.StartProposalRequest(proposal_id=proposal_id), metadata=me)
    await stub.AnswerProposal(pb.AnswerProposalRequest(proposal_id=proposal_id, text=answer, department="버스정책과"), metadata=me)
    await stub.FollowUpProposal(pb.FollowUpProposalRequest(proposal_id=proposal_id, text=Text(plain="언제요?")), metadata=me)
    await stub.StartProposal(pb.StartProposalRequest(proposal_id=proposal_id), metadata=me)
    await stub.AnswerProposal(pb.AnswerProposalRequest(proposal_id=proposal_id, text=answer, department="버스정책과"), metadata=me)
    last = await stub.CloseProposal(
        pb.CloseProposalRequest(proposal_id=proposal_id, resolution_code=proposal_pb2.RESOLUTION_CODE_ACCEPTED), metadata=me
    )
    assert (last.written.revision, last.written.version) == (9, 9)
    found = await stub.GetProposal(pb.GetProposalRequest(proposal_id=proposal_id))
    assert found.proposal.status == proposal_pb2.PROPOSAL_STATUS_CLOSED
    assert found.proposal.answer.text.plain == "설치하겠습니다"
    history = await stub.GetProposalHistory(pb.GetProposalHistoryRequest(proposal_id=proposal_id))
    assert [step.type.split(".")[-2] for step in history.steps] == [
        "received", "triaged", "routed", "started", "answered", "follow-up-received", "started", "answered", "closed",
    ]  # fmt: skip


async def test_a_retry_with_the_same_key_writes_once_and_answers_the_same(
    served: Served, stub: proposals_pb2_grpc.ProposalServiceStub
) -> None:
    request = submission()
    answers = await asyncio.gather(*(stub.SubmitProposal(request, metadata=served.caller()) for _ in range(8)))
    assert len({answer.SerializeToString() for answer in answers}) == 1
    found = await rows(served, "SELECT version FROM outbox WHERE aggregateid = $1", UUID(answers[0].written.id))
    assert [row["version"] for row in found] == [1]


async def test_the_same_key_with_another_body_is_refused(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    request = submission()
    await stub.SubmitProposal(request, metadata=served.caller())
    request.title = "다른 제안"
    refused = await served.refusal(stub.SubmitProposal(request, metadata=served.caller()))
    assert refused.code == "IDEMPOTENCY_MISMATCH"


async def test_the_same_key_of_somebody_else_is_another_key(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    request = submission()
    first = await stub.SubmitProposal(request, metadata=served.caller(subject="one"))
    second = await stub.SubmitProposal(request, metadata=served.caller(subject="two"))
    assert first.written.id != second.written.id


async def test_a_stale_etag_is_refused_with_the_current_one(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    proposal_id = await triaged(served, stub)
    request = pb.AssignProposalRequest(proposal_id=proposal_id, department="버스정책과", etag=1)
    refused = await served.refusal(stub.AssignProposal(request, metadata=served.caller()))
    assert (refused.kind, refused.code, refused.details["current"]) == (Kind.CONFLICT, "VERSION_CONFLICT", "2")


async def test_of_two_officers_who_saw_the_same_only_one_writes(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    proposal_id = await triaged(served, stub)
    calls = [
        stub.AssignProposal(pb.AssignProposalRequest(proposal_id=proposal_id, department=f"과 {n}", etag=2), metadata=served.caller())
        for n in range(6)
    ]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert len(await rows(served, "SELECT 1 FROM outbox WHERE aggregateid = $1", UUID(proposal_id))) == 3


async def test_a_refused_command_leaves_nothing_behind(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    proposal_id = await submitted(served, stub)
    request = pb.CloseProposalRequest(
        request_id=str(uuid4()), proposal_id=proposal_id, resolution_code=proposal_pb2.RESOLUTION_CODE_ACCEPTED
    )
    refused = await served.refusal(stub.CloseProposal(request, metadata=served.caller()))
    assert refused.code == "TRANSITION_FORBIDDEN"
    assert refused.details == {
        "state": "received",
        "wanted": "closed",
        "allowed": "merged, transferred, triaged, withdrawn",
    }
    assert not await rows(served, "SELECT 1 FROM idempotency_key WHERE request_id = $1", request.request_id)


async def test_an_officer_reaches_only_what_is_her_departments(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    proposal_id = await triaged(served, stub)
    assign = pb.AssignProposalRequest(proposal_id=proposal_id, department="버스정책과")
    await stub.AssignProposal(assign, metadata=served.caller("officer", department="민원과"))  # nobody's yet
    start = pb.StartProposalRequest(proposal_id=proposal_id)
    refused = await served.refusal(stub.StartProposal(start, metadata=served.caller("officer", department="민원과")))
    assert refused.code == "NOT_FOUND"
    await stub.StartProposal(start, metadata=served.caller("officer", department="버스정책과"))


async def test_the_proposer_never_leaves_the_service(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    answer = await stub.SubmitProposal(submission(proposer_ref="person-4711"), metadata=served.caller())
    found = await stub.GetProposal(pb.GetProposalRequest(proposal_id=answer.written.id))
    [event] = await rows(served, "SELECT payload FROM outbox WHERE aggregateid = $1", UUID(answer.written.id))
    assert b"person-4711" not in found.SerializeToString() + event["payload"]


async def test_an_import_takes_a_row_once(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    request = pb.ImportProposalRequest(
        origin=f"petitions:{uuid4()}", title="오래된 청원", channel=proposal_pb2.CHANNEL_PETITION_ARCHIVE, supports=4116,
        status=proposal_pb2.PROPOSAL_STATUS_CLOSED, resolution_code=proposal_pb2.RESOLUTION_CODE_EXPIRED, due_on="2019-05-01",
    )  # fmt: skip
    request.requested_at.FromJsonString("2019-04-01T00:00:00+09:00")
    request.status_at.FromJsonString("2019-05-01T00:00:00+09:00")
    first = await stub.ImportProposal(request, metadata=served.caller())
    again = await stub.ImportProposal(request, metadata=served.caller())
    assert (first.outcome, again.outcome) == (1, 2)
    assert first.written == again.written
    assert (first.written.revision, first.written.version) == (2, 2)


async def test_pages_follow_each_other_without_gap_or_repetition(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    for _ in range(7):
        await submitted(served, stub)
    seen: list[str] = []
    token = ""
    while True:
        page = await stub.ListProposals(pb.ListProposalsRequest(page_size=3, page_token=token))
        seen += [proposal.proposal_id for proposal in page.proposals]
        token = page.next_page_token
        if not token:
            break
    [count] = await rows(served, "SELECT count(*) FROM proposal")
    assert len(seen) == len(set(seen)) == count["count"]


async def test_a_page_token_serves_its_own_query_only(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    for _ in range(2):
        await submitted(served, stub)
    page = await stub.ListProposals(pb.ListProposalsRequest(page_size=1))
    other = pb.ListProposalsRequest(page_size=1, page_token=page.next_page_token, department="버스정책과")
    assert (await served.refusal(stub.ListProposals(other))).code == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "\u3000 "}, "TITLE_REQUIRED"),
        ({"title": "가" * 201}, "TEXT_TOO_LONG"),
        ({"title": "a" + "\u0301" * 20_000}, "TEXT_TOO_LONG"),
        ({"title": "제\x00안"}, "TEXT_FORBIDDEN_CHAR"),
        ({"title": "제\u202e안"}, "TEXT_FORBIDDEN_CHAR"),
        ({"channel": 99}, "ENUM_UNKNOWN"),
        ({"service_code": "ufo"}, "SERVICE_CODE_UNKNOWN"),
        ({"district_code": "99999"}, "DISTRICT_UNKNOWN"),
        ({"represented_groups": [1, 1]}, "DUPLICATE_ITEM"),
        ({"themes": [str(n) for n in range(21)]}, "LIST_TOO_LONG"),
        ({"description": Text(plain="x", language="한국어")}, "LANGUAGE_INVALID"),
        ({"requested_at": {"seconds": 253402300799}}, "TIME_RANGE"),
    ],
)
async def test_bad_input_has_a_stable_code(
    served: Served, stub: proposals_pb2_grpc.ProposalServiceStub, changes: dict[str, object], code: str
) -> None:
    request = submission()
    for name in changes:
        request.ClearField(name)  # type: ignore[arg-type]
    request.MergeFrom(pb.SubmitProposalRequest(**changes))  # type: ignore[arg-type]
    refused = await served.refusal(stub.SubmitProposal(request, metadata=served.caller()))
    assert refused.code == code


async def test_decomposed_hangul_is_taken_and_kept_composed(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    answer = await stub.SubmitProposal(submission(title="\u1109\u1165\u110b\u116e\u11af"), metadata=served.caller())
    found = await stub.GetProposal(pb.GetProposalRequest(proposal_id=answer.written.id))
    assert found.proposal.title.endswith("\uc11c\uc6b8")


@pytest.mark.parametrize("body", [b"\xff\xff\xff", b"\x2a\x80\x02" * 4000], ids=["random bytes", "nested too deep"])
async def test_what_is_no_request_is_refused_and_the_process_lives(
    served: Served, stub: proposals_pb2_grpc.ProposalServiceStub, body: bytes
) -> None:
    raw = served.channel.unary_unary("/madang.proposals.v1.ProposalService/SubmitProposal", None, None)
    assert (await served.refusal(raw(body, metadata=served.caller()))).code == "DECODE_FAILED"
    await submitted(served, stub)


async def test_two_mebibytes_are_too_many(served: Served, stub: proposals_pb2_grpc.ProposalServiceStub) -> None:
    refused = await served.refusal(stub.SubmitProposal(submission(description=Text(plain="x" * 2**21)), metadata=served.caller()))
    assert refused.kind is Kind.EXHAUSTED
