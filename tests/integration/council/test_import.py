"""Meetings of history: one row, one transaction, the whole life, once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import agenda_item_pb2, council_service_pb2_grpc, meeting_pb2
from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import import_messages_pb2 as pb
from madang.council.v1 import item_messages_pb2 as items
from madang.type.v1.vocabulary_pb2 import IMPORT_OUTCOME_ACCEPTED, IMPORT_OUTCOME_DUPLICATE
from services.kit.ids import derived_id
from tests.serving import Served

Stub = council_service_pb2_grpc.CouncilServiceStub


@pytest.fixture
async def body(served: Served, stub: Stub) -> str:
    """The origin of a body that was imported."""
    origin = f"https://oparl.example/body/{uuid4()}"
    await stub.ImportCouncil(councils.ImportCouncilRequest(origin=origin, name="Integrationsausschuss"), metadata=served.caller())
    return origin


def meeting(body: str, *results: Any, **changes: Any) -> pb.ImportMeetingRequest:
    origin = f"https://oparl.example/meeting/{uuid4()}"
    found = [
        pb.ImportedItem(origin=f"{origin}/item/{n}", number="1", order=n, name=f"Punkt {n}", public=True, result=result)
        for n, result in enumerate(results)
    ]
    given: dict[str, Any] = {
        "meeting_type": meeting_pb2.MEETING_TYPE_PLENARY, "start": Timestamp(seconds=629_000_000),
        "status": meeting_pb2.MEETING_STATUS_CLOSED, "name": "Sitzung",
    }  # fmt: skip
    return pb.ImportMeetingRequest(origin=origin, council_origin=body, items=found, **given | changes)


async def test_a_meeting_comes_with_its_items_and_their_results(served: Served, stub: Stub, body: str) -> None:
    request = meeting(body, agenda_item_pb2.ITEM_RESULT_ADOPTED, agenda_item_pb2.ITEM_RESULT_UNDECIDED)
    answer = await stub.ImportMeeting(request, metadata=served.caller())
    assert (answer.outcome, answer.items, answer.written.version) == (IMPORT_OUTCOME_ACCEPTED, 2, 3)
    assert answer.written.id == str(derived_id("meeting", request.origin))
    found = (await stub.ListAgendaItems(items.ListAgendaItemsRequest(meeting_id=answer.written.id))).items
    assert [(item.name, item.result) for item in found] == [
        ("Punkt 0", agenda_item_pb2.ITEM_RESULT_ADOPTED),
        ("Punkt 1", agenda_item_pb2.ITEM_RESULT_UNDECIDED),
    ]
    assert {item.raised_at.seconds for item in found} == {629_000_000}


async def test_the_same_meeting_again_changes_nothing(served: Served, stub: Stub, body: str) -> None:
    request = meeting(body, agenda_item_pb2.ITEM_RESULT_NOTED)
    first = await stub.ImportMeeting(request, metadata=served.caller())
    request.name = "Anders"
    again = await stub.ImportMeeting(request, metadata=served.caller())
    assert (again.outcome, again.items, again.written) == (IMPORT_OUTCOME_DUPLICATE, 1, first.written)


async def test_a_body_is_taken_once(served: Served, stub: Stub, body: str) -> None:
    again = await stub.ImportCouncil(councils.ImportCouncilRequest(origin=body, name="Anders"), metadata=served.caller())
    assert again.outcome == IMPORT_OUTCOME_DUPLICATE
    found = (await stub.GetCouncil(councils.GetCouncilRequest(council_id=again.written.id))).council
    assert (found.name, found.origin) == ("Integrationsausschuss", body)


async def test_a_meeting_that_cannot_be_taken_whole_is_not_taken(served: Served, stub: Stub, body: str) -> None:
    taken = meeting(body, agenda_item_pb2.ITEM_RESULT_NOTED)
    await stub.ImportMeeting(taken, metadata=served.caller())
    clashing = meeting(body, agenda_item_pb2.ITEM_RESULT_NOTED, agenda_item_pb2.ITEM_RESULT_NOTED)
    clashing.items[1].origin = taken.items[0].origin
    refused = await served.refusal(stub.ImportMeeting(clashing, metadata=served.caller()))
    assert refused.code == "ALREADY_EXISTS"
    clashing.items[1].origin += "#2"
    answer = await stub.ImportMeeting(clashing, metadata=served.caller())
    assert (answer.outcome, answer.items) == (IMPORT_OUTCOME_ACCEPTED, 2)


async def test_the_same_meeting_twice_at_once_is_taken_once(served: Served, stub: Stub, body: str) -> None:
    request = meeting(body, *[agenda_item_pb2.ITEM_RESULT_ADOPTED] * 5)
    answers = await asyncio.gather(*(stub.ImportMeeting(request, metadata=served.caller()) for _ in range(4)), return_exceptions=True)
    taken = [answer for answer in answers if not isinstance(answer, BaseException) and answer.outcome == IMPORT_OUTCOME_ACCEPTED]
    assert len(taken) == 1


async def test_a_meeting_of_a_body_that_nobody_imported_is_refused(served: Served, stub: Stub) -> None:
    refused = await served.refusal(stub.ImportMeeting(meeting("https://oparl.example/nobody"), metadata=served.caller()))
    assert (refused.code, refused.details["what"]) == ("NOT_FOUND", "council")


async def test_what_lies_ahead_cannot_have_been_held(served: Served, stub: Stub, body: str) -> None:
    ahead = meeting(body, start=Timestamp(seconds=4_000_000_000))
    refused = await served.refusal(stub.ImportMeeting(ahead, metadata=served.caller()))
    assert refused.code == "TIME_RANGE"
    ahead.status = meeting_pb2.MEETING_STATUS_SCHEDULED
    assert (await stub.ImportMeeting(ahead, metadata=served.caller())).outcome == IMPORT_OUTCOME_ACCEPTED


async def test_documents_come_with_their_item_and_stay_inside_where_it_is_not_public(served: Served, stub: Stub, body: str) -> None:
    request = meeting(body, agenda_item_pb2.ITEM_RESULT_NOTED, agenda_item_pb2.ITEM_RESULT_NOTED)
    for item in request.items:
        item.documents.add(name="Vorlage", url=f"{item.origin}.pdf", media_type="application/pdf")
    request.items[1].public = False
    meeting_id = (await stub.ImportMeeting(request, metadata=served.caller())).written.id
    listing = items.ListAgendaItemsRequest(meeting_id=meeting_id)
    for metadata, numbers in ((None, [1, 0]), (served.caller(), [1, 1])):
        found = (await stub.ListAgendaItems(listing, metadata=metadata)).items
        assert [len(item.documents) for item in found] == numbers
    request.items[0].documents[0].url = "javascript:alert(1)"
    assert (await served.refusal(stub.ImportMeeting(request, metadata=served.caller()))).code == "FORMAT_INVALID"


async def test_of_an_archives_memberships_only_their_number_is_shown(served: Served, stub: Stub) -> None:
    request = councils.ImportCouncilRequest(origin=f"https://oparl.example/body/{uuid4()}", name="Rat", classification="Beirat")
    request.memberships.add(ref="https://oparl.example/persons/3", role="Vorsitz", start_date="2019-07-01")
    request.memberships.add(ref="https://oparl.example/memberships/4")
    identity = (await stub.ImportCouncil(request, metadata=served.caller())).written.id
    shown = (await stub.GetCouncil(councils.GetCouncilRequest(council_id=identity), metadata=served.caller())).council
    assert (shown.classification, shown.membership_count, shown.member_count) == ("Beirat", 2, 0)
    connection = await asyncpg.connect(served.dsn)
    try:
        [kept] = await connection.fetch("SELECT memberships::text AS kept FROM council WHERE council_id = $1", UUID(identity))
        [sent] = await connection.fetch("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(identity))
    finally:
        await connection.close()
    assert "persons/3" in kept["kept"]
    assert b"persons/3" not in sent["payload"] + shown.SerializeToString()
