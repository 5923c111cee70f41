"""The proposals service on a database of its own, with a clock that tests move, and the steps that its tests take."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from madang.proposals.v1 import case_messages_pb2 as cases
from madang.proposals.v1 import proposal_pb2, proposals_pb2_grpc
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from tests.serving import MovedClock, Served, free_address, serving

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday morning in Seoul


class Desk:
    """Whoever works on cases: each method is one call, with the operator's token unless another is given."""

    def __init__(self, served: Served, clock: MovedClock) -> None:
        self.served, self.clock = served, clock
        self.stub = proposals_pb2_grpc.ProposalServiceStub(served.channel)

    async def call(self, request: Any, **caller: str) -> Any:
        """Send a request by its method's name."""
        method = getattr(self.stub, type(request).__name__.removesuffix("Request"))
        return await method(request, metadata=self.served.caller(**caller))

    async def refusal(self, request: Any, **caller: str) -> str:
        """The code that a request is refused with."""
        return (await self.served.refusal(self.call(request, **caller))).code

    async def submitted(self, title: str = "버스 정류장에 그늘막을", **changes: Any) -> str:
        """A new proposal's id."""
        request = pb.SubmitProposalRequest(
            request_id=str(uuid4()), channel=proposal_pb2.CHANNEL_WEB, title=title, proposer_ref="resident-1", **changes
        )
        return str((await self.call(request)).written.id)

    async def triaged(self, title: str = "버스 정류장에 그늘막을", **changes: Any) -> str:
        """A triaged proposal's id."""
        proposal_id = await self.submitted(title, **changes)
        await self.call(pb.TriageProposalRequest(proposal_id=proposal_id, case_kind=proposal_pb2.CASE_KIND_GENERAL))
        return proposal_id

    async def assigned(self, department: str = "버스정책과", title: str = "버스 정류장에 그늘막을") -> str:
        """An assigned proposal's id."""
        proposal_id = await self.triaged(title)
        await self.call(pb.AssignProposalRequest(proposal_id=proposal_id, department=department, reason="담당"))
        return proposal_id

    async def started(self, department: str = "버스정책과", title: str = "버스 정류장에 그늘막을") -> str:
        """The id of a proposal in progress."""
        proposal_id = await self.assigned(department, title)
        await self.call(pb.StartProposalRequest(proposal_id=proposal_id))
        return proposal_id

    async def answer(self, proposal_id: str, words: str = "설치하겠습니다", **caller: str) -> Any:
        """Answer a proposal."""
        text = Text(plain=words, language="ko")
        return await self.call(pb.AnswerProposalRequest(proposal_id=proposal_id, text=text, department="버스정책과"), **caller)

    async def support(self, proposal_id: str, *people: str) -> None:
        """Have people support a proposal."""
        for person in people:
            await self.call(cases.SupportProposalRequest(proposal_id=proposal_id, supporter_ref=person))

    async def shown(self, proposal_id: str) -> proposal_pb2.Proposal:
        """How a proposal stands."""
        found: proposal_pb2.Proposal = (await self.call(pb.GetProposalRequest(proposal_id=proposal_id))).proposal
        return found

    async def steps(self, proposal_id: str) -> list[str]:
        """What happened to a proposal, in short names."""
        history = await self.call(pb.GetProposalHistoryRequest(proposal_id=proposal_id))
        return [step.type.split(".")[-2] for step in history.steps]

    async def listed(self, **filters: Any) -> set[str]:
        """The ids that a listing answers."""
        page = await self.call(pb.ListProposalsRequest(page_size=500, **filters))
        return {proposal.proposal_id for proposal in page.proposals}

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        """Rows of the service's database."""
        connection = await asyncpg.connect(self.served.dsn)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()


@pytest.fixture
async def desk(fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk at a service with nothing in it."""
    clock = MovedClock(BEGIN)
    more: dict[str, Any] = {"proposals_supports_needed": 3, "agenda_address": free_address()}
    async with serving("proposals", await fresh_database("proposals"), tmp_path, clock=clock, **more) as served:
        yield Desk(served, clock)
