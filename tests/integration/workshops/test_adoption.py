"""What an innovation agenda is adopted from is asked for where it is: proposals at their real service, the rest at the agenda."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.council.v1 import (
    agenda_item_pb2,
    council_service_pb2_grpc,
    item_messages_pb2,
    outcome_messages_pb2,
    resolution_pb2,
)
from madang.proposals.v1 import proposal_pb2, proposals_pb2, proposals_pb2_grpc
from madang.type.v1 import vocabulary_pb2 as words
from madang.workshops.v1 import innovation_agenda_pb2 as ia
from madang.workshops.v1 import workshops_pb2 as pb
from madang.workshops.v1 import workshops_pb2_grpc
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.serving import Served, free_address, serving

SOURCES = {
    ia.ADOPTED_SERVICE_VOICES: ia.DISCOVERY_SOURCE_VICE_MAYOR_VOICE,
    ia.ADOPTED_SERVICE_COUNCIL: ia.DISCOVERY_SOURCE_COUNCIL_RESOLUTION,
    ia.ADOPTED_SERVICE_PROPOSALS: ia.DISCOVERY_SOURCE_CITIZEN_PROPOSAL,
    ia.ADOPTED_SERVICE_AGENDA: ia.DISCOVERY_SOURCE_CASE_ANALYSIS,
}
MEETING = str(uuid4())
FreshDatabase = Callable[[str], Awaitable[str]]


class Agenda(agenda_pb2_grpc.AgendaServiceServicer):
    """Stands where the agenda will: it knows the items it was told of, each only after it was asked `late` times."""

    def __init__(self) -> None:
        self.late: dict[str, int] = {}
        self.callers: set[str] = set()

    async def GetItem(self, request: agenda_pb2.GetItemRequest, context: Any) -> agenda_pb2.GetItemResponse:
        self.callers |= {name for name, _ in context.invocation_metadata()}
        remaining = self.late.get(request.agenda_id, -1)
        if remaining:
            self.late[request.agenda_id] = remaining - 1
            await context.abort(grpc.StatusCode.NOT_FOUND, "there is no such item")
        return agenda_pb2.GetItemResponse()


class Council(council_service_pb2_grpc.CouncilServiceServicer):
    """Stands where the council will: every item is of one meeting, with the resolutions that it was told of."""

    def __init__(self) -> None:
        self.resolutions: dict[str, str] = {}
        self.callers: set[str] = set()

    async def GetAgendaItem(self, request: item_messages_pb2.GetAgendaItemRequest, context: Any) -> item_messages_pb2.GetAgendaItemResponse:
        self.callers |= {name for name, _ in context.invocation_metadata()}
        return item_messages_pb2.GetAgendaItemResponse(item=agenda_item_pb2.AgendaItem(item_id=request.item_id, meeting_id=MEETING))

    async def ListResolutions(
        self, request: outcome_messages_pb2.ListResolutionsRequest, context: Any
    ) -> outcome_messages_pb2.ListResolutionsResponse:
        self.callers |= {name for name, _ in context.invocation_metadata()}
        assert request.meeting_id == MEETING
        found = [resolution_pb2.Resolution(resolution_id=one, item_id=item) for one, item in self.resolutions.items()]
        return outcome_messages_pb2.ListResolutionsResponse(resolutions=found)


@dataclass(frozen=True)
class Neighbours:
    """The workshops service between a real proposals service and an agenda."""

    workshops: Served
    proposals: Served
    agenda: Agenda
    council: Council

    @property
    def stub(self) -> workshops_pb2_grpc.WorkshopServiceStub:
        return workshops_pb2_grpc.WorkshopServiceStub(self.workshops.channel)

    def propose(self, service: Any, source_id: str, resolution_id: str = "") -> Any:
        """The call that adopts something."""
        request = pb.ProposeInnovationRequest(
            title="밤길 밝기 지도", innovation_field=words.INNOVATION_FIELD_HOUSING_AND_SAFETY,
            discovery_source=SOURCES[service],
            adopted_from=ia.AdoptedFrom(service=service, source_id=source_id, resolution_id=resolution_id),
        )  # fmt: skip
        return self.stub.ProposeInnovation(request, metadata=self.workshops.caller())

    async def adopted(self, service: Any, source_id: str, resolution_id: str = "") -> ia.AdoptedFrom:
        """What the innovation agenda keeps of what it was adopted from."""
        written = (await self.propose(service, source_id, resolution_id)).written
        answer = await self.stub.GetInnovation(pb.GetInnovationRequest(innovation_id=written.id))
        return answer.innovation.adopted_from  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
async def neighbours(fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Neighbours]:
    folder, agenda, address = Path(tmp_path_factory.mktemp("adoption")), Agenda(), free_address()
    server = grpc.aio.server()
    council = Council()
    agenda_pb2_grpc.add_AgendaServiceServicer_to_server(agenda, server)
    council_service_pb2_grpc.add_CouncilServiceServicer_to_server(council, server)
    server.add_insecure_port(address)
    await server.start()
    async with serving("proposals", await fresh_database("proposals"), folder) as proposals:
        where: dict[str, Any] = {"proposals_address": proposals.settings.listen, "agenda_address": address, "council_address": address}
        async with serving("workshops", await fresh_database("workshops"), folder, key=proposals.key, **where) as workshops:
            yield Neighbours(workshops, proposals, agenda, council)
    await server.stop(None)


async def submitted(neighbours: Neighbours) -> str:
    request = proposals_pb2.SubmitProposalRequest(channel=proposal_pb2.CHANNEL_WEB, title="골목이 어두워요")
    stub = proposals_pb2_grpc.ProposalServiceStub(neighbours.proposals.channel)
    return str((await stub.SubmitProposal(request, metadata=neighbours.proposals.caller())).written.id)


async def test_a_proposal_is_adopted_at_once_and_the_link_is_kept(neighbours: Neighbours) -> None:
    proposal_id = await submitted(neighbours)
    kept = await neighbours.adopted(ia.ADOPTED_SERVICE_PROPOSALS, proposal_id)
    assert (kept.service, kept.source_id) == (ia.ADOPTED_SERVICE_PROPOSALS, proposal_id)


async def test_a_proposal_that_does_not_exist_cannot_be_adopted_and_nothing_is_written(neighbours: Neighbours) -> None:
    before = await neighbours.stub.ListInnovations(pb.ListInnovationsRequest(page_size=500))
    refused = await neighbours.workshops.refusal(neighbours.propose(ia.ADOPTED_SERVICE_PROPOSALS, str(uuid4())))
    assert (refused.kind, refused.code, refused.violations[0].field) == (Kind.STATE, "SOURCE_UNKNOWN", "adopted_from.source_id")
    assert await neighbours.stub.ListInnovations(pb.ListInnovationsRequest(page_size=500)) == before


async def test_an_item_of_the_agenda_is_asked_for_by_its_own_id_in_the_services_name(neighbours: Neighbours) -> None:
    agenda_id = str(uuid4())
    neighbours.agenda.late[agenda_id] = 0
    assert (await neighbours.adopted(ia.ADOPTED_SERVICE_AGENDA, agenda_id)).source_id == agenda_id
    assert {"authorization", "x-correlation-id", "x-causation-id"} <= neighbours.agenda.callers


@pytest.mark.parametrize(("service", "name"), [(ia.ADOPTED_SERVICE_VOICES, "voices"), (ia.ADOPTED_SERVICE_COUNCIL, "council")])
async def test_a_voice_or_council_item_is_asked_for_as_its_item_on_the_agenda(neighbours: Neighbours, service: Any, name: str) -> None:
    source_id = str(uuid4())
    neighbours.agenda.late[str(agenda_id_of(name, source_id))] = 0
    assert (await neighbours.adopted(service, source_id)).source_id == source_id


async def test_a_resolution_is_adopted_with_the_item_that_it_was_made_on(neighbours: Neighbours) -> None:
    item_id, resolution_id = str(uuid4()), str(uuid4())
    neighbours.agenda.late[str(agenda_id_of("council", item_id))] = 0
    neighbours.council.resolutions[resolution_id] = item_id
    kept = await neighbours.adopted(ia.ADOPTED_SERVICE_COUNCIL, item_id, resolution_id)
    assert (kept.source_id, kept.resolution_id) == (item_id, resolution_id)
    assert {"authorization", "x-correlation-id", "x-causation-id"} <= neighbours.council.callers


async def test_a_resolution_on_another_item_cannot_be_adopted(neighbours: Neighbours) -> None:
    item_id, resolution_id = str(uuid4()), str(uuid4())
    neighbours.agenda.late[str(agenda_id_of("council", item_id))] = 0
    neighbours.council.resolutions[resolution_id] = str(uuid4())
    refused = await neighbours.workshops.refusal(neighbours.propose(ia.ADOPTED_SERVICE_COUNCIL, item_id, resolution_id))
    assert (refused.code, refused.violations[0].field) == ("SOURCE_UNKNOWN", "adopted_from.resolution_id")


async def test_what_is_adopted_has_to_be_of_the_kind_that_it_was_discovered_as(neighbours: Neighbours) -> None:
    request = pb.ProposeInnovationRequest(
        title="밤길 밝기 지도", innovation_field=words.INNOVATION_FIELD_HOUSING_AND_SAFETY,
        discovery_source=ia.DISCOVERY_SOURCE_DEPARTMENT,
        adopted_from=ia.AdoptedFrom(service=ia.ADOPTED_SERVICE_PROPOSALS, source_id=await submitted(neighbours)),
    )  # fmt: skip
    refused = await neighbours.workshops.refusal(neighbours.stub.ProposeInnovation(request, metadata=neighbours.workshops.caller()))
    assert (refused.code, refused.violations[0].field) == ("SOURCE_MISMATCH", "discovery_source")


async def test_what_the_agenda_learns_a_moment_later_is_waited_for(neighbours: Neighbours) -> None:
    agenda_id = str(uuid4())
    neighbours.agenda.late[agenda_id] = 2
    assert (await neighbours.adopted(ia.ADOPTED_SERVICE_AGENDA, agenda_id)).source_id == agenda_id


async def test_what_the_agenda_never_heard_of_is_refused_within_seconds(neighbours: Neighbours) -> None:
    async with asyncio.timeout(6):
        refused = await neighbours.workshops.refusal(neighbours.propose(ia.ADOPTED_SERVICE_AGENDA, str(uuid4())))
    assert refused.code == "SOURCE_UNKNOWN"


async def test_where_nobody_answers_the_caller_is_told_to_try_again(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    nobody: dict[str, Any] = {"proposals_address": free_address(), "agenda_address": free_address()}
    async with serving("workshops", await fresh_database("workshops"), tmp_path, **nobody) as alone:
        lonely = Neighbours(alone, alone, Agenda(), Council())
        refused = await alone.refusal(lonely.propose(ia.ADOPTED_SERVICE_PROPOSALS, str(uuid4())))
    assert refused.kind is Kind.UNAVAILABLE
