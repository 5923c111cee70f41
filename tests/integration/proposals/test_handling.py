"""How cases are handled: the measures against a count by hand, and each number opens its records."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from madang.proposals.v1 import case_messages_pb2 as cases
from madang.proposals.v1 import proposals_pb2 as pb
from services.kit.clock import SEOUL
from tests.integration.proposals.conftest import Desk

MARKS = {"answered", "at_once", "was_late", "bounced", "rated"}


async def handling(desk: Desk, year: int = 0) -> dict[str, pb.Handling]:
    return {found.period: found for found in (await desk.call(pb.GetHandlingRequest(year=year))).periods}


async def opened(desk: Desk, records: pb.HandlingRecords) -> set[str]:
    """What the filters behind a number open."""
    filters: dict[str, Any] = {name: value == "true" if name in MARKS else value for name, value in records.filter.items()}
    return await desk.listed(**filters)


async def answered_after(desk: Desk, received_at: datetime, days: float) -> str:
    """A case that was received then, and answered so many days later."""
    desk.clock.at = received_at
    case = await desk.started()
    desk.clock.at = received_at + timedelta(days=days)
    await desk.answer(case)
    return case


@pytest.mark.parametrize(("year", "average"), [(2013, 3.8), (2014, 2.8)])
async def test_the_average_days_are_those_that_seoul_published(desk: Desk, year: int, average: float) -> None:
    for month in range(1, 13):
        received_at = datetime(year, month, 3, 10, tzinfo=SEOUL)
        for days in (average - 1.5, average + 0.5, average + 1):
            await answered_after(desk, received_at, days)
    found = await handling(desk, year)
    assert (found[str(year)].average_days, found[str(year)].received, found[str(year)].answered) == (average, 36, 36)
    assert [found[f"{year}-{month:02}"].average_days for month in range(1, 13)] == [average] * 12
    assert list(found) == sorted(found)


async def test_every_number_is_a_count_by_hand_and_opens_its_records(desk: Desk) -> None:
    may, june = datetime(2026, 5, 6, 10, tzinfo=SEOUL), datetime(2026, 6, 1, 0, tzinfo=SEOUL)
    slow, quick = await answered_after(desk, may, 4), await answered_after(desk, may, 2)
    await desk.call(cases.RateAnswerRequest(proposal_id=slow, satisfaction=2))
    await desk.call(cases.RateAnswerRequest(proposal_id=quick, satisfaction=5))
    desk.clock.at = may
    at_once, bounced = await desk.triaged(), await desk.assigned()
    await desk.answer(at_once)
    for department in ("보행정책과", "민원과"):
        await desk.call(cases.RefuseAssignmentRequest(proposal_id=bounced, reason="소관 아님"))
        await desk.call(pb.AssignProposalRequest(proposal_id=bounced, department=department))
    desk.clock.at = june  # midnight in Seoul, the day before in UTC
    await desk.submitted()
    found = await handling(desk)
    assert list(found) == ["2026", "2026-05", "2026-06"]
    one = found["2026-05"]
    assert (one.received, one.answered, one.average_days, one.at_once_share) == (4, 3, 2.0, 0.3333)
    assert (one.late_share, one.bounces_per_case, one.average_satisfaction) == (0, 0.5, 3.5)
    assert (found["2026"].received, found["2026-06"].received, found["2026-06"].average_days) == (5, 1, 0)
    behind = {
        "received": {slow, quick, at_once, bounced}, "answered": {slow, quick, at_once}, "average_days": {slow, quick, at_once},
        "at_once_share": {at_once}, "late_share": set(), "bounces_per_case": {bounced}, "average_satisfaction": {slow, quick},
    }  # fmt: skip
    assert {records.number: await opened(desk, records) for records in one.records} == behind
    assert {records.number: records.count for records in one.records} == {number: len(ids) for number, ids in behind.items()}


async def test_a_year_that_nobody_knows_is_empty_and_a_wrong_one_refused(desk: Desk) -> None:
    assert await handling(desk, 1999) == {}
    assert await desk.refusal(pb.GetHandlingRequest(year=3000)) == "PERIOD_INVALID"
