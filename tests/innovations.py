"""Innovation agendas that are brought as far as a test needs them, through the doors of the running service."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.workshops.v1 import innovation_agenda_pb2 as ia
from madang.workshops.v1 import participant_sector_pb2 as sectors
from madang.workshops.v1 import workshop_pb2, workshops_pb2_grpc
from madang.workshops.v1 import workshops_pb2 as pb
from tests.serving import Served

Stub = workshops_pb2_grpc.WorkshopServiceStub


def proposal(**changes: Any) -> pb.ProposeInnovationRequest:
    values: dict[str, Any] = {
        "title": "밤길 밝기 지도",
        "summary": Text(plain="어두운 골목부터 고친다", language="ko"),
        "innovation_field": words.INNOVATION_FIELD_HOUSING_AND_SAFETY,
        "discovery_source": ia.DISCOVERY_SOURCE_DEPARTMENT,
        "departments": ["안전총괄과"],
        "in_business_plan": True,
    }
    return pb.ProposeInnovationRequest(request_id=str(uuid4()), **(values | changes))


async def proposed(served: Served, stub: Stub, **changes: Any) -> str:
    return str((await stub.ProposeInnovation(proposal(**changes), metadata=served.caller())).written.id)


async def advanced(served: Served, stub: Stub, innovation_id: str, times: int = 1) -> Any:
    for _ in range(times):
        answer = await stub.AdvanceInnovation(pb.AdvanceInnovationRequest(innovation_id=innovation_id), metadata=served.caller())
    return answer.written


async def found(stub: Stub, innovation_id: str) -> ia.InnovationAgenda:
    return (await stub.GetInnovation(pb.GetInnovationRequest(innovation_id=innovation_id))).innovation  # type: ignore[no-any-return]


async def advised(served: Served, stub: Stub, innovation_id: str) -> str:
    request = pb.RecordAdviceRequest(
        innovation_id=innovation_id, sector=sectors.PARTICIPANT_SECTOR_NGO, institution="마을안전 모임", opinion=Text(plain="좋다")
    )
    return str((await stub.RecordAdvice(request, metadata=served.caller())).written.id)


async def indicated(served: Served, stub: Stub, innovation_id: str, **changes: Any) -> str:
    values: dict[str, Any] = {"name": "안전 체감도", "unit": "점", "baseline": 54.5, "target": 65, "method": "설문"}
    request = pb.DefineIndicatorRequest(innovation_id=innovation_id, **(values | changes))
    return str((await stub.DefineIndicator(request, metadata=served.caller())).written.id)


def measurement(indicator_id: str, **changes: Any) -> pb.MeasureIndicatorRequest:
    values: dict[str, Any] = {"value": 61.2, "period": "2026-10", "measured_by": "서울연구원"}
    return pb.MeasureIndicatorRequest(indicator_id=indicator_id, **(values | changes))


async def ready_to_practise(served: Served, stub: Stub) -> str:
    innovation_id = await proposed(served, stub)
    await stub.AssignInnovationOwner(pb.AssignInnovationOwnerRequest(innovation_id=innovation_id), metadata=served.caller())
    await advanced(served, stub, innovation_id, 2)
    await stub.WritePlan(pb.WritePlanRequest(innovation_id=innovation_id, plan=Text(plain="두 동에서 시작")), metadata=served.caller())
    await advised(served, stub, innovation_id)
    return innovation_id


async def ready_to_diffuse(served: Served, stub: Stub) -> str:
    """An innovation agenda in its phase of diffusion."""
    innovation_id = await ready_to_practise(served, stub)
    await advanced(served, stub, innovation_id)
    await stub.MeasureIndicator(measurement(await indicated(served, stub, innovation_id)), metadata=served.caller())
    await advanced(served, stub, innovation_id)
    return innovation_id


async def facts(served: Served, identity: str) -> list[str]:
    connection = await asyncpg.connect(served.dsn)
    try:
        rows = await connection.fetch("SELECT type FROM outbox WHERE aggregateid = $1 ORDER BY version", UUID(identity))
    finally:
        await connection.close()
    return [row["type"].removeprefix("kr.go.seoul.madang.").removesuffix(".v1") for row in rows]


def workshop(innovation_ids: list[str], *outputs: workshop_pb2.Output) -> pb.HoldWorkshopRequest:
    return pb.HoldWorkshopRequest(
        request_id=str(uuid4()), quarter="2026-Q3", innovation_ids=innovation_ids, outputs=outputs,
        participants=[
            workshop_pb2.Attendance(sector=sectors.PARTICIPANT_SECTOR_OFFICIAL, count=11),
            workshop_pb2.Attendance(sector=sectors.PARTICIPANT_SECTOR_NGO, count=8),
        ],
    )  # fmt: skip
