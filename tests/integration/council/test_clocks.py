"""What falls due in a council's year is said once, at its time, though two services look at one database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import council_service_pb2_grpc, meeting_pb2, resolution_pb2, series_pb2
from madang.council.v1 import import_messages_pb2 as imports
from madang.council.v1 import meeting_messages_pb2 as meetings
from madang.council.v1 import outcome_messages_pb2 as outcomes
from madang.council.v1 import series_messages_pb2 as series
from madang.events.council.v1 import council_pb2 as events_pb
from madang.type.v1.text_pb2 import Text
from services.kit.contracts import EventTypes
from services.kit.ids import derived_id
from tests.integration.council.conftest import Desk
from tests.serving import MovedClock, serving

TYPES = EventTypes(events_pb)
OF_CLOCKS = {events_pb.QuarterNotHeld, events_pb.InvitationLate, events_pb.CityReplyMissed, events_pb.ActionItemDue}
PLENARY = meeting_pb2.MEETING_TYPE_PLENARY


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


def stamp(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


@dataclass(frozen=True)
class Year:
    """A council's desk, and the clock by which it works."""

    desk: Desk
    clock: MovedClock

    async def move(self, moment: datetime) -> None:
        """Move the clock and wait until everything that is due has rung."""
        self.clock.at = moment
        for _ in range(400):
            if not await self.desk.rows("SELECT FROM clock WHERE due_at <= $1", moment):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("a clock did not ring")

    async def said(self) -> list[tuple[str, str]]:
        """What was said at a clock's ring, and when it happened in Seoul, oldest first: nobody promises an order between aggregates."""
        rows = await self.desk.rows("SELECT type, payload FROM outbox ORDER BY sequence")
        read = [TYPES[row["type"]].FromString(row["payload"]) for row in rows]
        found = [
            (type(item).__name__, f"{item.occurred_at.ToDatetime(UTC) + timedelta(hours=9):%Y-%m-%d}")  # type: ignore[attr-defined]
            for item in read
            if type(item) in OF_CLOCKS
        ]
        return sorted(found, key=lambda pair: pair[1])

    async def schedule(self, start: datetime) -> str:
        request = meetings.ScheduleMeetingRequest(
            request_id=str(uuid4()), council_id=self.desk.council_id, name="전체회의", meeting_type=PLENARY, start=stamp(start)
        )
        return str((await self.desk.stub.ScheduleMeeting(request, metadata=self.desk.secretary)).written.id)

    async def start_series(self, quarter: str, council_id: str = "") -> str:
        request = series.StartSeriesRequest(
            council_id=council_id or self.desk.council_id, meeting_type=PLENARY, first_quarter=quarter, request_id=str(uuid4())
        )
        return str((await self.desk.stub.StartSeries(request, metadata=self.desk.served.caller())).written.id)

    async def slots(self, **given: str) -> list[tuple[str, str]]:
        answer = await self.desk.stub.ListQuarters(series.ListQuartersRequest(**given))  # type: ignore[arg-type]
        return [(slot.quarter, series_pb2.SlotState.Name(slot.state).removeprefix("SLOT_STATE_").lower()) for slot in answer.quarters]


@pytest.fixture
async def year(
    fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Year]:
    """A year that begins on 5 January 2026, with two services at work on one database."""
    monkeypatch.setattr("services.kit.scheduler.POLL_S", 0.05)
    dsn, clock = await fresh_database("council"), MovedClock(at("2026-01-05T10:00"))
    folders = [Path(tmp_path_factory.mktemp("council")) for _ in range(2)]
    async with serving("council", dsn, folders[0], clock=clock) as served, serving("council", dsn, folders[1], clock=clock):
        stub = council_service_pb2_grpc.CouncilServiceStub(served.channel)
        request = councils.CreateCouncilRequest(request_id=str(uuid4()), name="외국인주민 대표자회의", term_start="2026-01-01")
        yield Year(Desk(served, stub, (await stub.CreateCouncil(request, metadata=served.caller())).written.id), clock)


async def test_a_years_quarters_are_held_or_said_not_to_be(year: Year) -> None:
    await year.start_series("2026-Q1")
    first = await year.schedule(at("2026-03-25T14:00"))
    await year.move(at("2026-03-10T10:00"))
    await year.desk.hold(first)
    for day in ("2026-04-02", "2026-07-02", "2026-10-02"):
        await year.move(at(f"{day}T10:00"))
    third = await year.schedule(at("2026-12-09T14:00"))
    await year.desk.hold(third)
    await year.move(at("2027-01-05T10:00"))
    assert await year.said() == [("QuarterNotHeld", "2026-07-01"), ("QuarterNotHeld", "2026-10-01")]
    assert await year.slots() == [
        ("2027-Q1", "open"), ("2026-Q4", "held"), ("2026-Q3", "not_held"), ("2026-Q2", "not_held"), ("2026-Q1", "held"),
    ]  # fmt: skip
    assert await year.slots(quarter="2026-Q3") == [("2026-Q3", "not_held")]


async def test_a_year_in_which_nobody_looked_is_told_quarter_by_quarter(year: Year) -> None:
    series_id = await year.start_series("2026-Q1")
    await year.move(at("2027-01-05T10:00"))
    assert await year.said() == [("QuarterNotHeld", day) for day in ("2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01")]
    end = series.EndSeriesRequest(series_id=series_id, last_quarter="2026-Q4")
    await year.desk.stub.EndSeries(end, metadata=year.desk.secretary)
    await year.move(at("2027-07-05T10:00"))
    assert len(await year.said()) == 4
    assert (await year.slots())[0] == ("2026-Q4", "not_held")


async def test_quarters_of_history_are_listed_and_raise_nothing(year: Year) -> None:
    stub, operator, origin = year.desk.stub, year.desk.served.caller(), "https://oparl.example/body/1"
    await stub.ImportCouncil(councils.ImportCouncilRequest(origin=origin, name="Integrationsausschuss"), metadata=operator)
    for month, status in (("2025-02-11", meeting_pb2.MEETING_STATUS_CLOSED), ("2025-08-12", meeting_pb2.MEETING_STATUS_SCHEDULED)):
        request = imports.ImportMeetingRequest(
            origin=f"{origin}/{month}", council_origin=origin, name="Sitzung", meeting_type=PLENARY, start=stamp(at(f"{month}T17:00")),
            status=status,
        )  # fmt: skip
        await stub.ImportMeeting(request, metadata=operator)
    council_id = str(derived_id("council", origin))
    await year.start_series("2025-Q1", council_id)
    await year.move(at("2026-02-05T10:00"))
    assert await year.said() == []
    assert await year.slots(council_id=council_id) == [
        ("2026-Q1", "open"), ("2025-Q4", "not_held"), ("2025-Q3", "unconfirmed"), ("2025-Q2", "not_held"), ("2025-Q1", "held"),
    ]  # fmt: skip


async def test_invitations_replies_and_actions_that_nobody_cared_for_are_said_once(year: Year) -> None:
    desk = year.desk
    late, _on_time = await year.schedule(at("2026-02-20T14:00")), await desk.hold(await year.schedule(at("2026-02-21T14:00")))
    await year.move(at("2026-02-19T10:00"))
    adopt = outcomes.AdoptResolutionRequest(
        meeting_id=await desk.hold(late), kind=resolution_pb2.RESOLUTION_KIND_POLICY_PROPOSAL, text=Text(plain="건의한다")
    )
    resolution = (await desk.stub.AdoptResolution(adopt, metadata=desk.secretary)).written.id
    order = outcomes.OpenActionItemRequest(meeting_id=late, task=Text(plain="조사"), department="외국인주민과", due_on="2026-03-31")
    action = (await desk.stub.OpenActionItem(order, metadata=desk.secretary)).written.id
    await year.move(at("2026-12-31T10:00"))
    assert await year.said() == [
        ("InvitationLate", "2026-02-16"), ("CityReplyMissed", "2026-03-22"), ("ActionItemDue", "2026-04-01"),
    ]  # fmt: skip
    listed = (await desk.stub.ListActionItems(outcomes.ListActionItemsRequest(overdue=True))).action_items
    await desk.stub.CompleteActionItem(outcomes.CompleteActionItemRequest(action_id=action), metadata=desk.secretary)
    assert not (await desk.stub.ListActionItems(outcomes.ListActionItemsRequest(overdue=True))).action_items
    awaiting = (await desk.stub.ListResolutions(outcomes.ListResolutionsRequest(awaiting_reply=True))).resolutions
    assert [item.action_id for item in listed] == [action]
    assert [(item.resolution_id, item.reply_late) for item in awaiting] == [(resolution, True)]
    assert not await desk.rows("SELECT FROM clock WHERE aggregate_id = ANY ($1::uuid[])", [UUID(resolution), UUID(action)])
