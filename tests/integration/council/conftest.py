"""A running council service, and a secretary's hand in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import (
    agenda_item_pb2,
    council_messages_pb2,
    council_service_pb2_grpc,
    item_messages_pb2,
    meeting_messages_pb2,
    meeting_pb2,
    minutes_messages_pb2,
    minutes_pb2,
)
from madang.type.v1.text_pb2 import Text
from tests.serving import MovedClock, Served, free_address, serving

START = Timestamp()
START.FromDatetime(datetime(2026, 11, 18, 5, 0, tzinfo=UTC))
# Two days after the meeting: its minutes are not due yet.
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """A council with its secretary, and what is done there; every method answers an id."""

    served: Served
    stub: council_service_pb2_grpc.CouncilServiceStub
    council_id: str

    @property
    def secretary(self) -> list[tuple[str, str]]:
        return self.served.caller("secretary", subject="비서", council=self.council_id)

    async def schedule(self) -> str:
        request = meeting_messages_pb2.ScheduleMeetingRequest(
            request_id=str(uuid4()), council_id=self.council_id, name="제4차 전체회의", meeting_type=meeting_pb2.MEETING_TYPE_PLENARY,
            start=START,
        )  # fmt: skip
        return str((await self.stub.ScheduleMeeting(request, metadata=self.secretary)).written.id)

    async def hold(self, meeting_id: str) -> str:
        invite = meeting_messages_pb2.InviteMeetingRequest(meeting_id=meeting_id)
        await self.stub.InviteMeeting(invite, metadata=self.secretary)
        hold = meeting_messages_pb2.HoldMeetingRequest(meeting_id=meeting_id, attendance=26, quorum_needed=15, quorum_present=21)
        await self.stub.HoldMeeting(hold, metadata=self.secretary)
        return meeting_id

    async def held(self) -> str:
        return await self.hold(await self.schedule())

    async def close(self, meeting_id: str) -> None:
        await self.stub.CloseMeeting(meeting_messages_pb2.CloseMeetingRequest(meeting_id=meeting_id), metadata=self.secretary)

    async def place(self, meeting_id: str, **changes: Any) -> str:
        given: dict[str, Any] = {
            "number": "1",
            "order": 1,
            "name": "통역 확대",
            "text": Text(plain="병원 통역", language="ko"),
            "public": True,
        }
        request = item_messages_pb2.AddAgendaItemRequest(request_id=str(uuid4()), meeting_id=meeting_id, **given | changes)
        return str((await self.stub.AddAgendaItem(request, metadata=self.secretary)).written.id)

    async def decide(self, item_id: str, result: Any = agenda_item_pb2.ITEM_RESULT_ADOPTED) -> None:
        votes = agenda_item_pb2.Votes(yes=19, abstain=2)
        text = Text(plain="확대한다", language="ko")
        request = item_messages_pb2.RecordItemResultRequest(item_id=item_id, result=result, votes=votes, resolution_text=text)
        await self.stub.RecordItemResult(request, metadata=self.secretary)

    async def draft(self, meeting_id: str, without: Any = None) -> str:
        request = minutes_messages_pb2.StartMinutesRequest(meeting_id=meeting_id, language="ko")
        minutes_id = str((await self.stub.StartMinutes(request, metadata=self.secretary)).written.id)
        for part in set(minutes_pb2.MinutesPart.values()) - {0, without}:
            written = minutes_pb2.WrittenPart(part=part, text=Text(plain=f"글 {part}"))
            write = minutes_messages_pb2.WriteMinutesPartRequest(minutes_id=minutes_id, part=written)
            await self.stub.WriteMinutesPart(write, metadata=self.secretary)
        return minutes_id

    async def approve(self, minutes_id: str) -> str:
        await self.stub.SubmitMinutes(minutes_messages_pb2.SubmitMinutesRequest(minutes_id=minutes_id), metadata=self.secretary)
        await self.stub.ApproveMinutes(minutes_messages_pb2.ApproveMinutesRequest(minutes_id=minutes_id), metadata=self.secretary)
        return minutes_id

    async def publish(self, minutes_id: str) -> str:
        request = minutes_messages_pb2.PublishMinutesRequest(minutes_id=minutes_id)
        await self.stub.PublishMinutes(request, metadata=self.secretary)
        return minutes_id

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.served.dsn)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def agenda_address() -> str:
    """Where the service looks for the agenda."""
    return free_address()


@pytest.fixture(scope="session")
async def served(
    fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory, agenda_address: str
) -> AsyncIterator[Served]:
    dsn = await fresh_database("council")
    async with serving(
        "council", dsn, Path(tmp_path_factory.mktemp("council")), agenda_address=agenda_address, clock=MovedClock(NOW)
    ) as running:
        yield running


@pytest.fixture(scope="session")
def stub(served: Served) -> council_service_pb2_grpc.CouncilServiceStub:
    return council_service_pb2_grpc.CouncilServiceStub(served.channel)


@pytest.fixture(scope="session")
def open_desk(served: Served, stub: council_service_pb2_grpc.CouncilServiceStub) -> Callable[[], Awaitable[Desk]]:
    """A function that forms a new council and answers its desk."""

    async def form() -> Desk:
        member = council_messages_pb2.Member(person_ref="person-4711", country="VN", role="위원", start_date="2026-01-01")
        request = council_messages_pb2.CreateCouncilRequest(
            request_id=str(uuid4()), name="외국인주민 대표자회의", term_start="2026-01-01", term_end="2028-12-31", members=[member]
        )
        answer = await stub.CreateCouncil(request, metadata=served.caller())
        return Desk(served, stub, answer.written.id)

    return form


@pytest.fixture
async def desk(open_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    """A council of the test's own."""
    return await open_desk()
