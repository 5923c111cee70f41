"""Voices that are served without a broker, and what their tests begin with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import activity_pb2, voice_pb2, voices_pb2_grpc
from madang.voices.v1 import voices_pb2 as pb
from tests.serving import Served, serving

Stub = voices_pb2_grpc.VoiceServiceStub
SECRET = "골목이 어두워 밤길이 무섭다"


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    dsn = await fresh_database("voices")
    async with serving("voices", dsn, Path(tmp_path_factory.mktemp("voices"))) as running:
        yield running


@pytest.fixture
def stub(served: Served) -> Stub:
    return Stub(served.channel)


def appointment(**changes: Any) -> pb.AppointMandateRequest:
    values: dict[str, Any] = {"represented_group": words.REPRESENTED_GROUP_WOMEN, "person_ref": "person-4711", "start_date": "2026-01-01"}
    return pb.AppointMandateRequest(request_id=str(uuid4()), **(values | changes))


def plan(mandate_id: str, **changes: Any) -> pb.PlanActivityRequest:
    values: dict[str, Any] = {
        "mandate_id": mandate_id,
        "activity_kind": activity_pb2.ACTIVITY_KIND_MEETING,
        "title": "안심귀갓길 간담회",
        "district_code": "11545",
    }
    request = pb.PlanActivityRequest(request_id=str(uuid4()), **(values | changes))
    request.starts_at.FromJsonString("2026-11-20T10:00:00+09:00")
    return request


def capture(activity_id: str = "", **changes: Any) -> pb.CaptureVoiceRequest:
    values: dict[str, Any] = {"activity_id": activity_id, "text": Text(plain=SECRET, language="ko"), "consent": voice_pb2.CONSENT_GIVEN}
    return pb.CaptureVoiceRequest(request_id=str(uuid4()), **(values | changes))


async def appointed(served: Served, stub: Stub) -> str:
    return str((await stub.AppointMandate(appointment(), metadata=served.caller())).written.id)


async def planned(served: Served, stub: Stub) -> tuple[str, str]:
    mandate_id = await appointed(served, stub)
    return mandate_id, str((await stub.PlanActivity(plan(mandate_id), metadata=served.caller())).written.id)


async def reviewed(served: Served, stub: Stub, sensitivity: Any = voice_pb2.SENSITIVITY_PUBLIC, **changes: Any) -> tuple[str, str]:
    """A reviewed voice, with its mandate."""
    mandate_id, activity_id = await planned(served, stub)
    voice_id = str((await stub.CaptureVoice(capture(activity_id, **changes), metadata=served.caller())).written.id)
    review = pb.ReviewVoiceRequest(voice_id=voice_id, sensitivity=sensitivity, themes=["safety"])
    await stub.ReviewVoice(review, metadata=served.caller())
    return mandate_id, voice_id


async def relayed(served: Served, stub: Stub) -> tuple[str, str]:
    mandate_id, voice_id = await reviewed(served, stub)
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller())
    return mandate_id, voice_id


async def published(served: Served, identity: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(served.dsn)
    try:
        return await connection.fetch("SELECT type, version, payload FROM outbox WHERE aggregateid = $1 ORDER BY version", UUID(identity))
    finally:
        await connection.close()
