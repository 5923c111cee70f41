"""A year of deadlines, found by two schedulers, each once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import case_messages_pb2 as cases
from madang.proposals.v1 import proposal_pb2
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.kit.clock import korea
from services.kit.database import Database
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.proposals.app import rules_of
from services.proposals.domain.proposal import Proposal
from services.proposals.service.proposal import Proposals
from services.proposals.store.knowledge import ENTRIES
from services.proposals.store.proposal import PROPOSALS
from services.proposals.wire import proposal as wire
from tests.integration.proposals.conftest import BEGIN, Desk

MISSED = "SELECT payload FROM outbox WHERE type LIKE '%deadline-missed%' ORDER BY sequence"


async def a_year_passes(desk: Desk) -> None:
    """Move the clock month by month, with a second scheduler beside the service's own."""
    database = Database(desk.served.dsn, name="second")
    await database.open()
    log = Log(database, service="proposals", wake=lambda: None)
    write = Write(log, PROPOSALS, wire.event_of, clocks=Proposal.clocks)
    proposals = Proposals(write, Write(log, ENTRIES), desk.clock, korea(), rules_of(desk.served.settings))
    schedulers = [Scheduler(database, desk.clock, proposals.rings, wake=lambda: None) for _ in range(2)]
    for month in range(1, 14):
        desk.clock.at = BEGIN + timedelta(days=30 * month)
        await asyncio.gather(*(scheduler.ring(desk.clock.at) for scheduler in schedulers))
    await database.close()


async def missed(desk: Desk) -> list[tuple[str, str, str]]:
    """Which clocks of which proposals fell due, and when."""
    found = [events_pb.DeadlineMissed.FromString(row["payload"]) for row in await desk.rows(MISSED)]
    return sorted((one.after.proposal_id, one.clock, one.occurred_at.ToJsonString()) for one in found)


async def test_every_deadline_of_a_year_is_missed_once_at_its_day(desk: Desk) -> None:
    late, extended, interim, answered, obliged, bounced = [await desk.started(title=f"제안 {n}") for n in range(6)]
    received = await desk.submitted()
    await desk.call(cases.ExtendProposalRequest(proposal_id=extended, days=7, reason="조사"))
    words = Text(plain="조사 중", language="ko")
    await desk.call(cases.ReplyInterimRequest(proposal_id=interim, text=words, department="버스정책과"))
    await desk.answer(answered)
    await desk.support(obliged, "a", "b", "c")
    await desk.support(received, "a", "b", "c")
    await a_year_passes(desk)
    due, moved, month = "2026-12-02T15:00:00Z", "2026-12-11T15:00:00Z", "2026-12-23T15:00:00Z"
    assert await missed(desk) == sorted([
        (late, "answer_due", due), (extended, "answer_due", moved), (interim, "answer_due", due), (bounced, "answer_due", due),
        (obliged, "answer_due", due), (obliged, "obliged_answer_due", month), (received, "obliged_answer_due", month),
    ])  # fmt: skip
    assert await desk.listed(overdue=True) == {late, extended, interim, bounced, obliged}
    assert not await desk.rows("SELECT 1 FROM clock")
    await desk.answer(late)
    assert await desk.listed(was_late=True) == {late, extended, interim, bounced, obliged}
    assert late not in await desk.listed(overdue=True)


async def test_a_follow_up_has_a_clock_of_its_own(desk: Desk) -> None:
    case = await desk.started()
    await desk.answer(case)
    assert not await desk.rows("SELECT 1 FROM clock")
    desk.clock.at = BEGIN + timedelta(days=100)
    await desk.call(pb.FollowUpProposalRequest(proposal_id=case, text=Text(plain="언제요?", language="ko")))
    assert (await desk.shown(case)).due_on == "2027-03-12"
    await a_year_passes(desk)
    assert await missed(desk) == [(case, "answer_due", "2027-03-12T15:00:00Z")]


def petition(supports: int, **changes: Any) -> pb.ImportProposalRequest:
    request = pb.ImportProposalRequest(
        origin=f"petitions:{uuid4()}", title="오래된 청원", channel=proposal_pb2.CHANNEL_PETITION_ARCHIVE, supports=supports,
        status=proposal_pb2.PROPOSAL_STATUS_RECEIVED, due_on="2019-05-01", **changes,
    )  # fmt: skip
    request.requested_at.FromJsonString("2019-04-01T00:00:00+09:00")
    return request


@pytest.mark.parametrize(("supports", "obliged"), [(2, False), (3, True)])
async def test_history_above_the_threshold_is_obliged_and_nothing_rings(desk: Desk, supports: int, obliged: bool) -> None:
    case = (await desk.call(petition(supports))).written.id
    found = await desk.shown(case)
    assert (found.obliged_until, found.obligation_missed) == (("2019-05-31", True) if obliged else ("", False))
    assert await desk.listed(obliged=True) == ({case} if obliged else set())
    await a_year_passes(desk)
    assert await missed(desk) == []


async def test_history_whose_deadline_is_past_is_overdue_without_a_word(desk: Desk) -> None:
    request = petition(0)
    request.status = proposal_pb2.PROPOSAL_STATUS_IN_PROGRESS
    case = (await desk.call(request)).written.id
    await a_year_passes(desk)
    assert (await desk.shown(case)).overdue
    assert await missed(desk) == []


@pytest.mark.parametrize("status", [proposal_pb2.PROPOSAL_STATUS_MERGED, proposal_pb2.PROPOSAL_STATUS_TRANSFERRED])
async def test_history_cannot_end_in_what_it_does_not_name(desk: Desk, status: Any) -> None:
    request = petition(0)
    request.status = status
    assert await desk.refusal(request) == "ENUM_UNKNOWN"
