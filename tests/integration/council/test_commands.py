"""Commands of the council service, from the wire to the outbox, without a broker."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.council.v1 import agenda_item_pb2, meeting_pb2, minutes_pb2, outcome_messages_pb2, resolution_pb2
from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import item_messages_pb2 as items
from madang.council.v1 import meeting_messages_pb2 as meetings
from madang.council.v1 import minutes_messages_pb2 as minutes
from madang.type.v1.text_pb2 import Text
from services.kit.errors import Kind
from tests.integration.council.conftest import START, Desk


async def facts_of(desk: Desk, *identities: str) -> list[str]:
    rows = await desk.rows(
        "SELECT type FROM outbox WHERE aggregateid = ANY ($1::uuid[]) ORDER BY sequence", [UUID(item) for item in identities]
    )
    return [".".join(row["type"].split(".")[4:6]) for row in rows]


async def test_a_meeting_can_live_its_whole_life(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    item_id = await desk.place(meeting_id)
    await desk.hold(meeting_id)
    await desk.decide(item_id)
    await desk.close(meeting_id)
    found = (await desk.stub.GetMeeting(meetings.GetMeetingRequest(meeting_id=meeting_id))).meeting
    assert (found.status, found.attendance, found.quorum_present, found.quarter) == (meeting_pb2.MEETING_STATUS_CLOSED, 26, 21, "2026-Q4")
    [item] = (await desk.stub.ListAgendaItems(items.ListAgendaItemsRequest(meeting_id=meeting_id))).items
    assert (item.item_id, item.result, item.votes.yes) == (item_id, agenda_item_pb2.ITEM_RESULT_ADOPTED, 19)
    assert (item.meeting_name, item.council_name, item.raised_at) == ("제4차 전체회의", "외국인주민 대표자회의", START)
    assert await facts_of(desk, meeting_id, item_id) == [
        "meeting.scheduled", "council-item.placed", "meeting.invited", "meeting.held", "council-item.decided", "meeting.closed",
    ]  # fmt: skip


async def test_a_cancelled_meeting_says_why(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    await desk.stub.CancelMeeting(meetings.CancelMeetingRequest(meeting_id=meeting_id, reason="태풍"), metadata=desk.secretary)
    found = (await desk.stub.GetMeeting(meetings.GetMeetingRequest(meeting_id=meeting_id))).meeting
    assert (found.status, found.cancellation_reason) == (meeting_pb2.MEETING_STATUS_CANCELLED, "태풍")


async def test_outcomes_of_a_held_meeting_are_facts(desk: Desk) -> None:
    meeting_id = await desk.held()
    item_id = await desk.place(meeting_id)
    adopt = outcome_messages_pb2.AdoptResolutionRequest(
        meeting_id=meeting_id, item_id=item_id, kind=resolution_pb2.RESOLUTION_KIND_POLICY_PROPOSAL, text=Text(plain="건의한다")
    )
    resolution = (await desk.stub.AdoptResolution(adopt, metadata=desk.secretary)).written.id
    order = outcome_messages_pb2.OpenActionItemRequest(
        meeting_id=meeting_id, item_id=item_id, task=Text(plain="조사"), department="외국인주민과", due_on="2026-12-31"
    )
    action = (await desk.stub.OpenActionItem(order, metadata=desk.secretary)).written.id
    await desk.stub.CompleteActionItem(outcome_messages_pb2.CompleteActionItemRequest(action_id=action), metadata=desk.secretary)
    assert await facts_of(desk, resolution, action) == ["resolution.adopted", "action-item.opened", "action-item.done"]
    [found] = (await desk.stub.ListResolutions(outcome_messages_pb2.ListResolutionsRequest(meeting_id=meeting_id))).resolutions
    assert (found.resolution_id, found.text.plain) == (resolution, "건의한다")
    [done] = (await desk.stub.ListActionItems(outcome_messages_pb2.ListActionItemsRequest(meeting_id=meeting_id))).action_items
    assert (done.action_id, done.due_on, done.HasField("done_at")) == (action, "2026-12-31", True)


async def test_an_outcome_of_another_meetings_item_is_refused(desk: Desk) -> None:
    other = await desk.place(await desk.held())
    request = outcome_messages_pb2.AdoptResolutionRequest(
        meeting_id=await desk.held(), item_id=other, kind=resolution_pb2.RESOLUTION_KIND_OPINION, text=Text(plain="의견")
    )
    refused = await desk.served.refusal(desk.stub.AdoptResolution(request, metadata=desk.secretary))
    assert (refused.code, refused.details["what"]) == ("NOT_FOUND", "agenda_item")


async def test_nothing_is_placed_on_a_closed_agenda(desk: Desk) -> None:
    meeting_id = await desk.held()
    await desk.close(meeting_id)
    request = items.AddAgendaItemRequest(request_id=str(uuid4()), meeting_id=meeting_id, name="늦은 안건", public=True)
    refused = await desk.served.refusal(desk.stub.AddAgendaItem(request, metadata=desk.secretary))
    assert (refused.kind, refused.code) == (Kind.STATE, "MEETING_NOT_OPEN")


async def test_an_item_placed_while_its_meeting_closes_is_in_time_or_refused(desk: Desk) -> None:
    for _ in range(5):
        meeting_id = await desk.held()
        outcomes = await asyncio.gather(
            desk.close(meeting_id), *(desk.place(meeting_id, number=str(n)) for n in range(4)), return_exceptions=True
        )
        placed = [item for item in outcomes[1:] if isinstance(item, str)]
        types = await facts_of(desk, meeting_id, *placed)
        assert types[-1] == "meeting.closed"
        assert types.count("council-item.placed") == len(placed)


async def test_only_a_withdrawal_comes_before_the_meeting(desk: Desk) -> None:
    item_id = await desk.place(await desk.schedule())
    request = items.RecordItemResultRequest(item_id=item_id, result=agenda_item_pb2.ITEM_RESULT_ADOPTED)
    refused = await desk.served.refusal(desk.stub.RecordItemResult(request, metadata=desk.secretary))
    assert refused.code == "MEETING_NOT_HELD"
    await desk.decide(item_id, agenda_item_pb2.ITEM_RESULT_WITHDRAWN)


async def test_a_secretary_reaches_her_own_council_only(desk: Desk, open_desk: Callable[[], Awaitable[Desk]]) -> None:
    stranger = (await open_desk()).secretary
    meeting_id = await desk.held()
    item_id, minutes_id = await desk.place(meeting_id), await desk.draft(meeting_id)
    calls: list[Any] = [
        desk.stub.ScheduleMeeting(
            meetings.ScheduleMeetingRequest(
                council_id=desk.council_id, name="회의", meeting_type=meeting_pb2.MEETING_TYPE_PLENARY, start=START
            ),
            metadata=stranger,
        ),
        desk.stub.CloseMeeting(meetings.CloseMeetingRequest(meeting_id=meeting_id), metadata=stranger),
        desk.stub.AddAgendaItem(items.AddAgendaItemRequest(meeting_id=meeting_id, name="안건"), metadata=stranger),
        desk.stub.RecordItemResult(
            items.RecordItemResultRequest(item_id=item_id, result=agenda_item_pb2.ITEM_RESULT_NOTED), metadata=stranger
        ),
        desk.stub.SubmitMinutes(minutes.SubmitMinutesRequest(minutes_id=minutes_id), metadata=stranger),
        desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id), metadata=stranger),
        desk.stub.ListCandidates(items.ListCandidatesRequest(council_id=desk.council_id), metadata=stranger),
    ]
    assert {(await desk.served.refusal(call)).code for call in calls} == {"NOT_FOUND"}


async def test_what_is_not_public_is_seen_inside_only(desk: Desk, open_desk: Callable[[], Awaitable[Desk]]) -> None:
    meeting_id = await desk.held()
    item_id = await desk.place(meeting_id, public=False, name="인사 안건")
    await desk.decide(item_id)
    request = items.GetAgendaItemRequest(item_id=item_id)
    for stranger in (None, desk.served.caller("citizen"), (await open_desk()).secretary):
        seen = (await desk.stub.GetAgendaItem(request, metadata=stranger)).item
        assert (seen.name, seen.HasField("text"), seen.HasField("resolution_text")) == ("인사 안건", False, False)
    whole = (await desk.stub.GetAgendaItem(request, metadata=desk.secretary)).item
    assert (whole.text.plain, whole.resolution_text.plain) == ("병원 통역", "확대한다")
    payloads = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(item_id))
    assert len(payloads) == 2
    assert not [row for row in payloads if "병원 통역".encode() in row["payload"] or "확대한다".encode() in row["payload"]]


async def test_people_never_leave_the_service(desk: Desk) -> None:
    item_id = await desk.place(await desk.held(), presenter_ref="person-0815", presenter_role="위원")
    published = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = ANY ($1::uuid[])", [UUID(item_id), UUID(desk.council_id)])
    shown = [
        await desk.stub.GetCouncil(councils.GetCouncilRequest(council_id=desk.council_id), metadata=desk.secretary),
        await desk.stub.GetAgendaItem(items.GetAgendaItemRequest(item_id=item_id), metadata=desk.secretary),
    ]
    assert len(published) == 2
    assert not [part for part in [row["payload"] for row in published] + [item.SerializeToString() for item in shown] if b"person" in part]
    [kept] = await desk.rows("SELECT presenter_ref FROM agenda_item WHERE item_id = $1", UUID(item_id))
    assert kept["presenter_ref"] == "person-0815"


async def test_a_draft_of_minutes_is_no_fact_and_nobodys_to_read(desk: Desk) -> None:
    meeting_id = await desk.held()
    minutes_id = await desk.draft(meeting_id)
    assert await facts_of(desk, minutes_id) == []
    mine = await desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id), metadata=desk.secretary)
    assert (mine.written.version, len(mine.minutes.parts)) == (0, 8)
    refused = await desk.served.refusal(desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id)))
    assert refused.code == "NOT_FOUND"
    listing = minutes.ListMinutesRequest(meeting_id=meeting_id)
    assert not (await desk.stub.ListMinutes(listing)).minutes
    assert len((await desk.stub.ListMinutes(listing, metadata=desk.secretary)).minutes) == 1


@pytest.mark.parametrize("part", list(minutes_pb2.MinutesPart.values())[1:])
async def test_minutes_are_not_published_while_a_part_is_empty(desk: Desk, part: int) -> None:
    minutes_id = await desk.approve(await desk.draft(await desk.held(), without=part))
    refused = await desk.served.refusal(
        desk.stub.PublishMinutes(minutes.PublishMinutesRequest(minutes_id=minutes_id), metadata=desk.secretary)
    )
    assert (refused.kind, refused.code) == (Kind.STATE, "MINUTES_INCOMPLETE")
    name = minutes_pb2.MinutesPart.Name(part).removeprefix("MINUTES_PART_").lower()  # type: ignore[arg-type]
    assert [violation.field for violation in refused.violations] == [name]


async def test_a_correction_leaves_the_first_edition_readable(desk: Desk) -> None:
    minutes_id = await desk.publish(await desk.approve(await desk.draft(await desk.held())))
    part = minutes_pb2.WrittenPart(part=minutes_pb2.MINUTES_PART_DECISIONS, text=Text(plain="찬성 11"))
    correct = minutes.CorrectMinutesRequest(minutes_id=minutes_id, parts=[part], reason="표결 오기")
    await desk.stub.CorrectMinutes(correct, metadata=desk.secretary)
    newest = (await desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id))).minutes
    first = (await desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id, edition=1))).minutes
    assert (newest.edition, newest.parts[-1].text.plain, newest.correction_reason) == (2, "찬성 11", "표결 오기")
    assert (first.edition, first.parts[-1].text.plain, first.correction_reason) == (1, "글 8", "")
    assert first.status == minutes_pb2.MINUTES_STATUS_PUBLISHED
    refused = await desk.served.refusal(desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id, edition=3)))
    assert refused.code == "NOT_FOUND"
    assert await facts_of(desk, minutes_id) == ["minutes.approved", "minutes.published", "minutes.corrected"]


async def test_the_attendees_are_read_where_the_minutes_are_and_not_sent(desk: Desk) -> None:
    minutes_id = await desk.publish(await desk.approve(await desk.draft(await desk.held())))
    attendees = f"글 {minutes_pb2.MINUTES_PART_ATTENDEES}"
    read = (await desk.stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=minutes_id))).minutes
    assert attendees in [part.text.plain for part in read.parts]
    sent = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(minutes_id))
    assert not [row for row in sent if attendees.encode() in row["payload"]]


async def test_a_meeting_has_one_record_of_minutes_a_language(desk: Desk) -> None:
    meeting_id = await desk.held()
    await desk.draft(meeting_id)
    again = minutes.StartMinutesRequest(meeting_id=meeting_id, language="ko")
    refused = await desk.served.refusal(desk.stub.StartMinutes(again, metadata=desk.secretary))
    assert refused.code == "ALREADY_EXISTS"
    await desk.stub.StartMinutes(minutes.StartMinutesRequest(meeting_id=meeting_id, language="vi"), metadata=desk.secretary)


async def test_a_retry_with_the_same_key_writes_once(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    request = items.AddAgendaItemRequest(request_id=str(uuid4()), meeting_id=meeting_id, name="안건", public=True)
    answers = await asyncio.gather(*(desk.stub.AddAgendaItem(request, metadata=desk.secretary) for _ in range(6)))
    assert len({answer.written.id for answer in answers}) == 1
    assert len((await desk.stub.ListAgendaItems(items.ListAgendaItemsRequest(meeting_id=meeting_id))).items) == 1


async def test_a_stale_etag_is_refused_with_the_current_one(desk: Desk) -> None:
    meeting_id = await desk.held()
    request = meetings.CloseMeetingRequest(meeting_id=meeting_id, etag=1)
    refused = await desk.served.refusal(desk.stub.CloseMeeting(request, metadata=desk.secretary))
    assert (refused.code, refused.details["current"]) == ("VERSION_CONFLICT", "3")


async def test_items_are_listed_in_their_order_page_by_page(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    for order in (3, 1, 2, 2, 5):
        await desk.place(meeting_id, order=order, number=str(order))
    seen: list[int] = []
    token = ""
    while True:
        page = await desk.stub.ListAgendaItems(items.ListAgendaItemsRequest(meeting_id=meeting_id, page_size=2, page_token=token))
        seen += [item.order for item in page.items]
        if not (token := page.next_page_token):
            break
    assert seen == [1, 2, 2, 3, 5]


async def test_meetings_are_found_by_council_and_quarter(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    ask = meetings.ListMeetingsRequest(council_id=desk.council_id, quarter="2026-Q4", status=meeting_pb2.MEETING_STATUS_SCHEDULED)
    assert [item.meeting_id for item in (await desk.stub.ListMeetings(ask)).meetings] == [meeting_id]
    ask.quarter = "2026-Q3"
    assert not (await desk.stub.ListMeetings(ask)).meetings


async def test_an_items_history_begins_with_its_own_steps(desk: Desk) -> None:
    item_id = await desk.place(await desk.held())
    await desk.decide(item_id)
    steps = (await desk.stub.GetItemHistory(items.GetItemHistoryRequest(item_id=item_id))).steps
    assert [step.type.split(".")[-2] for step in steps] == ["placed", "decided"]


class Agenda(agenda_pb2_grpc.AgendaServiceServicer):
    """Stands where the agenda would: it remembers the question and answers one item."""

    def __init__(self, agenda_id: str = "a-1") -> None:
        self.agenda_id = agenda_id
        self.asked: list[agenda_pb2.ListCandidatesRequest] = []

    async def ListCandidates(self, request: agenda_pb2.ListCandidatesRequest, context: Any) -> agenda_pb2.ListCandidatesResponse:  # noqa: ARG002
        self.asked.append(request)
        return agenda_pb2.ListCandidatesResponse(items=[agenda_pb2.AgendaItem(agenda_id=self.agenda_id, title="통역", themes=["health"])])


async def test_the_agenda_is_asked_for_candidates(desk: Desk, agenda_address: str) -> None:
    request = items.ListCandidatesRequest(council_id=desk.council_id, theme="health", page_size=5)
    refused = await desk.served.refusal(desk.stub.ListCandidates(request, metadata=desk.secretary))
    assert refused.kind is Kind.UNAVAILABLE
    server, agenda = grpc.aio.server(), Agenda()
    agenda_pb2_grpc.add_AgendaServiceServicer_to_server(agenda, server)
    server.add_insecure_port(agenda_address)
    await server.start()
    try:
        found = await desk.stub.ListCandidates(request, metadata=desk.secretary, wait_for_ready=True)
    finally:
        await server.stop(None)
    assert [(item.agenda_id, item.title) for item in found.candidates] == [("a-1", "통역")]
    assert [(asked.theme, asked.page_size) for asked in agenda.asked] == [("health", 5)]
