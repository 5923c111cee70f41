"""Members, quorum, agendas, replies and actions of a council, from the wire to the outbox."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2_grpc
from madang.council.v1 import action_item_pb2, agenda_item_pb2, council_pb2, meeting_pb2, resolution_pb2
from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import item_messages_pb2 as items
from madang.council.v1 import meeting_messages_pb2 as meetings
from madang.council.v1 import outcome_messages_pb2 as outcomes
from madang.council.v1 import series_messages_pb2 as series
from madang.type.v1.text_pb2 import Text
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.integration.council.conftest import Desk
from tests.integration.council.test_commands import Agenda, facts_of

MATTER = "01936d3c-7000-7000-8000-000000000130"
AHEAD = Timestamp(seconds=int(datetime(2099, 5, 13, 5, 0, tzinfo=UTC).timestamp()))
Open = Callable[[], Awaitable[Desk]]


async def code(desk: Desk, call: Any) -> str:
    return (await desk.served.refusal(call)).code


def joining(person: str, country: str, **more: Any) -> councils.Member:
    return councils.Member(person_ref=person, country=country, role="위원", start_date="2026-02-01", **more)


async def test_members_change_and_only_their_numbers_are_seen(desk: Desk) -> None:
    request = councils.ChangeMembersRequest(
        council_id=desk.council_id, request_id=str(uuid4()), joined=[joining("person-1", "CN"), joining("person-2", "UZ")],
        ended=[councils.EndedMembership(person_ref="person-4711", end_date="2026-03-31")],
    )  # fmt: skip
    for _ in range(2):
        await desk.stub.ChangeMembers(request, metadata=desk.secretary)
    council = (await desk.stub.GetCouncil(councils.GetCouncilRequest(council_id=desk.council_id))).council
    assert (council.member_count, [(item.country, item.count) for item in council.members_by_country]) == (2, [("CN", 1), ("UZ", 1)])
    assert await facts_of(desk, desk.council_id) == ["council.formed", "council.members-changed"]
    [row] = await desk.rows("SELECT members::text AS members FROM council WHERE council_id = $1", UUID(desk.council_id))
    assert "person-4711" in row["members"]
    unknown = councils.ChangeMembersRequest(
        council_id=desk.council_id, joined=[joining("person-3", "CN", subcommittee=council_pb2.SUBCOMMITTEE_LIVING_ENVIRONMENT)]
    )
    assert await code(desk, desk.stub.ChangeMembers(unknown, metadata=desk.secretary)) == "SUBCOMMITTEE_UNKNOWN"
    request.request_id = ""
    assert await code(desk, desk.stub.ChangeMembers(request, metadata=desk.secretary)) == "MEMBER_UNKNOWN"


async def test_a_term_and_standing_items_are_facts(desk: Desk) -> None:
    term = councils.BeginTermRequest(council_id=desk.council_id, term_start="2029-01-01", term_end="2030-12-31")
    await desk.stub.BeginTerm(term, metadata=desk.secretary)
    names = councils.SetStandingItemsRequest(council_id=desk.council_id, standing_items=["성원 보고"])
    await desk.stub.SetStandingItems(names, metadata=desk.secretary)
    council = (await desk.stub.GetCouncil(councils.GetCouncilRequest(council_id=desk.council_id))).council
    assert (council.term, council.past_terms[0].end, list(council.standing_items)) == (2, "2028-12-31", ["성원 보고"])
    assert (await facts_of(desk, desk.council_id))[1:] == ["council.term-begun", "council.standing-items-set"]


async def test_a_postponed_meeting_takes_its_agenda_to_the_new_day(desk: Desk) -> None:
    meeting_id = await desk.schedule()
    item_id = await desk.place(meeting_id)
    put_off = meetings.PostponeMeetingRequest(meeting_id=meeting_id, reason="태풍")
    await desk.stub.PostponeMeeting(put_off, metadata=desk.secretary)
    assert await code(desk, desk.stub.PostponeMeeting(put_off, metadata=desk.secretary)) == "TRANSITION_FORBIDDEN"
    again = meetings.RescheduleMeetingRequest(meeting_id=meeting_id, start=AHEAD, request_id=str(uuid4()))
    for _ in range(2):
        await desk.stub.RescheduleMeeting(again, metadata=desk.secretary)
    found = (await desk.stub.GetMeeting(meetings.GetMeetingRequest(meeting_id=meeting_id))).meeting
    assert (found.status, found.quarter, found.postponement_reason) == (meeting_pb2.MEETING_STATUS_SCHEDULED, "2099-Q2", "태풍")
    assert found.invite_by.ToDatetime(UTC) == datetime(2099, 5, 8, 15, 0, tzinfo=UTC)
    item = (await desk.stub.GetAgendaItem(items.GetAgendaItemRequest(item_id=item_id))).item
    assert (item.raised_at, item.quarter) == (AHEAD, "2099-Q2")
    assert await facts_of(desk, meeting_id, item_id) == [
        "meeting.scheduled", "council-item.placed", "meeting.postponed", "meeting.rescheduled", "council-item.moved",
    ]  # fmt: skip


async def test_attendance_by_name_is_published_by_country_only(desk: Desk) -> None:
    joined = councils.ChangeMembersRequest(council_id=desk.council_id, joined=[joining("person-1", "CN"), joining("person-2", "CN")])
    await desk.stub.ChangeMembers(joined, metadata=desk.secretary)
    meeting_id = await desk.schedule()
    await desk.stub.InviteMeeting(meetings.InviteMeetingRequest(meeting_id=meeting_id), metadata=desk.secretary)
    there = ["person-1", "person-2", "person-4711"]
    hold = meetings.HoldMeetingRequest(meeting_id=meeting_id, attendance=5, quorum_needed=3, members_present=[*there[:2], "person-9"])
    assert await code(desk, desk.stub.HoldMeeting(hold, metadata=desk.secretary)) == "MEMBER_UNKNOWN"
    hold.members_present[:] = there[:2]
    assert await code(desk, desk.stub.HoldMeeting(hold, metadata=desk.secretary)) == "QUORUM_MISSING"
    hold.members_present[:] = there
    await desk.stub.HoldMeeting(hold, metadata=desk.secretary)
    found = (await desk.stub.GetMeeting(meetings.GetMeetingRequest(meeting_id=meeting_id))).meeting
    assert (found.quorum_present, [(item.country, item.count) for item in found.present_by_country]) == (3, [("CN", 2), ("VN", 1)])
    payloads = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(meeting_id))
    assert not [row for row in payloads if b"person-" in row["payload"]]
    assert b"person-" not in found.SerializeToString()


async def test_a_vote_needs_the_quorum_that_is_left_and_no_more_votes_than_its_base(desk: Desk) -> None:
    meeting_id = await desk.held()
    item_id = await desk.place(meeting_id)
    gone = meetings.UpdateAttendanceRequest(meeting_id=meeting_id, attendance=18, quorum_present=14)
    await desk.stub.UpdateAttendance(gone, metadata=desk.secretary)
    vote = items.RecordItemResultRequest(
        item_id=item_id, result=agenda_item_pb2.ITEM_RESULT_ADOPTED, votes=agenda_item_pb2.Votes(yes=13, no=1, abstain=2)
    )
    assert await code(desk, desk.stub.RecordItemResult(vote, metadata=desk.secretary)) == "QUORUM_MISSING"
    vote.present = 15
    assert await code(desk, desk.stub.RecordItemResult(vote, metadata=desk.secretary)) == "VOTES_EXCEED_BASE"
    vote.votes.base, vote.votes.base_count = agenda_item_pb2.VOTE_BASE_MEMBERS, 24
    await desk.stub.RecordItemResult(vote, metadata=desk.secretary)
    votes = (await desk.stub.GetAgendaItem(items.GetAgendaItemRequest(item_id=item_id))).item.votes
    assert (votes.yes, votes.base, votes.base_count) == (13, agenda_item_pb2.VOTE_BASE_MEMBERS, 24)
    assert "meeting.attendance-updated" in await facts_of(desk, meeting_id)


async def test_an_agenda_is_proposed_out_of_four_places(desk: Desk, agenda_address: str) -> None:
    meeting_id = await desk.held()
    deferred, done = await desk.place(meeting_id, name="보류 안건", order=1), await desk.place(meeting_id, order=2)
    for item_id, result in ((deferred, agenda_item_pb2.ITEM_RESULT_DEFERRED), (done, agenda_item_pb2.ITEM_RESULT_NOTED)):
        await desk.stub.RecordItemResult(items.RecordItemResultRequest(item_id=item_id, result=result), metadata=desk.secretary)
    action = await open_action(desk, meeting_id)
    server, agenda = grpc.aio.server(), Agenda(MATTER)
    agenda_pb2_grpc.add_AgendaServiceServicer_to_server(agenda, server)
    server.add_insecure_port(agenda_address)
    await server.start()
    ask = items.GetAgendaProposalRequest()
    try:
        first = (await desk.stub.GetAgendaProposal(ask, metadata=desk.secretary, wait_for_ready=True)).items
        later = await desk.schedule()
        carried = await desk.place(later, name="다시 안건", carried_from=deferred, matters=[MATTER])
        second = (await desk.stub.GetAgendaProposal(ask, metadata=desk.secretary)).items
        agenda.agenda_id = str(agenda_id_of("council", carried))
        own = (await desk.stub.GetAgendaProposal(ask, metadata=desk.secretary)).items
    finally:
        await server.stop(None)
    assert [item.name for item in own] == [item.name for item in second], "its own item is no candidate for it"
    assert [item.name for item in first] == ["성원 보고", "지난 회의 조치 결과 보고", "보류 안건", "조사", "통역"]
    assert (first[2].carried_from, first[3].action_id, list(first[4].matters)) == (deferred, action, [MATTER])
    assert [item.name for item in second] == ["성원 보고", "지난 회의 조치 결과 보고", "조사"]
    assert (await desk.stub.GetAgendaItem(items.GetAgendaItemRequest(item_id=carried))).item.carried_from == deferred
    wrong = items.AddAgendaItemRequest(meeting_id=later, name="안건", carried_from=done)
    assert await code(desk, desk.stub.AddAgendaItem(wrong, metadata=desk.secretary)) == "ITEM_NOT_DEFERRED"


async def test_the_city_replies_to_what_the_item_took_up(desk: Desk) -> None:
    meeting_id, matter = await desk.held(), str(uuid4())
    item_id = await desk.place(meeting_id, matters=[matter])
    adopt = outcomes.AdoptResolutionRequest(
        meeting_id=meeting_id, item_id=item_id, kind=resolution_pb2.RESOLUTION_KIND_POLICY_PROPOSAL, text=Text(plain="건의한다")
    )
    resolution_id = (await desk.stub.AdoptResolution(adopt, metadata=desk.secretary)).written.id
    ask = outcomes.ListResolutionsRequest(
        council_id=desk.council_id, kind=resolution_pb2.RESOLUTION_KIND_POLICY_PROPOSAL, awaiting_reply=True
    )
    [due] = (await desk.stub.ListResolutions(ask)).resolutions
    assert (due.status, bool(due.reply_due_on)) == (resolution_pb2.RESOLUTION_STATUS_CITY_REPLY_DUE, True)
    reply = outcomes.ReplyResolutionRequest(resolution_id=resolution_id, text=Text(plain="하겠습니다"), department="보건의료정책과")
    await desk.stub.ReplyResolution(reply, metadata=desk.secretary)
    assert await code(desk, desk.stub.ReplyResolution(reply, metadata=desk.secretary)) == "TRANSITION_FORBIDDEN"
    assert not (await desk.stub.ListResolutions(ask)).resolutions
    ask.awaiting_reply = False
    [replied] = (await desk.stub.ListResolutions(ask)).resolutions
    assert (replied.reply.text.plain, replied.reply.department, list(replied.matters)) == ("하겠습니다", "보건의료정책과", [matter])
    assert await facts_of(desk, resolution_id) == ["resolution.adopted", "resolution.replied"]


async def test_every_number_of_city_replies_opens_the_resolutions_behind_it(desk: Desk) -> None:
    meeting_id, proposed = await desk.held(), resolution_pb2.RESOLUTION_KIND_POLICY_PROPOSAL
    for kind in (proposed, proposed, proposed, resolution_pb2.RESOLUTION_KIND_OPINION):
        adopt = outcomes.AdoptResolutionRequest(meeting_id=meeting_id, kind=kind, text=Text(plain="건의한다"))
        resolution_id = (await desk.stub.AdoptResolution(adopt, metadata=desk.secretary)).written.id
        if kind == proposed:
            last = resolution_id
    reply = outcomes.ReplyResolutionRequest(resolution_id=last, text=Text(plain="하겠습니다"), department="보건의료정책과")
    await desk.stub.ReplyResolution(reply, metadata=desk.secretary)
    answer = await desk.stub.GetCityReplies(outcomes.GetCityRepliesRequest(council_id=desk.council_id))
    assert {item.name: item.count for item in answer.figures} == {"adopted": 3, "awaiting": 2, "replied": 1, "late": 0}
    assert answer.median_days > 0
    for figure in answer.figures:
        ask = outcomes.ListResolutionsRequest(council_id=desk.council_id, kind=proposed)
        ask.awaiting_reply, ask.late = "--awaiting-reply" in figure.opens, "--late" in figure.opens
        if "--status replied" in figure.opens:
            ask.status = resolution_pb2.RESOLUTION_STATUS_REPLIED
        assert len((await desk.stub.ListResolutions(ask)).resolutions) == figure.count, figure.name
    nobody = await desk.stub.GetCityReplies(outcomes.GetCityRepliesRequest(council_id=str(uuid4())))
    assert ([item.count for item in nobody.figures], nobody.HasField("median_days")) == ([0, 0, 0, 0], False)


async def open_action(desk: Desk, meeting_id: str, due_on: str = "2099-06-30") -> str:
    order = outcomes.OpenActionItemRequest(
        meeting_id=meeting_id, task=Text(plain="조사"), department=f"과-{desk.council_id}", due_on=due_on, request_id=str(uuid4())
    )
    return str((await desk.stub.OpenActionItem(order, metadata=desk.secretary)).written.id)


async def test_an_action_is_carried_from_meeting_to_meeting_until_it_is_done(desk: Desk, open_desk: Open) -> None:
    action = await open_action(desk, await desk.held())
    await desk.stub.StartActionItem(outcomes.StartActionItemRequest(action_id=action), metadata=desk.secretary)
    later = meetings.ScheduleMeetingRequest(
        council_id=desk.council_id, name="다음 회의", meeting_type=meeting_pb2.MEETING_TYPE_PLENARY, start=AHEAD
    )
    meeting_id = (await desk.stub.ScheduleMeeting(later, metadata=desk.secretary)).written.id
    carry = outcomes.CarryActionItemRequest(action_id=action, meeting_id=meeting_id, due_on="2099-08-15")
    assert await code(desk, desk.stub.CarryActionItem(carry, metadata=desk.secretary)) == "NOT_A_WORKING_DAY"
    carry.due_on = ""
    await desk.stub.CarryActionItem(carry, metadata=desk.secretary)
    assert await code(desk, desk.stub.CarryActionItem(carry, metadata=desk.secretary)) == "ALREADY_CARRIED"
    other = await open_desk()
    carry.meeting_id = await other.schedule()
    assert await code(desk, desk.stub.CarryActionItem(carry, metadata=desk.served.caller())) == "NOT_FOUND"
    ask = outcomes.ListActionItemsRequest(
        department=f"과-{desk.council_id}", council_id=desk.council_id, status=action_item_pb2.ACTION_STATUS_IN_PROGRESS
    )
    [found] = (await desk.stub.ListActionItems(ask)).action_items
    assert (found.carried, found.carried_to, found.overdue) == (1, meeting_id, False)
    await desk.stub.CompleteActionItem(outcomes.CompleteActionItemRequest(action_id=action), metadata=desk.secretary)
    carry.meeting_id = meeting_id
    assert await code(desk, desk.stub.CarryActionItem(carry, metadata=desk.secretary)) == "ACTION_DONE"
    assert await facts_of(desk, action) == ["action-item.opened", "action-item.started", "action-item.carried", "action-item.done"]


async def test_one_series_of_a_council_and_type_runs_at_a_time(desk: Desk) -> None:
    start = series.StartSeriesRequest(
        council_id=desk.council_id, meeting_type=meeting_pb2.MEETING_TYPE_PLENARY, first_quarter="2026-Q1", request_id=str(uuid4())
    )
    first = (await desk.stub.StartSeries(start, metadata=desk.secretary)).written.id
    start.request_id = ""
    assert await code(desk, desk.stub.StartSeries(start, metadata=desk.secretary)) == "SERIES_RUNNING"
    await desk.stub.EndSeries(series.EndSeriesRequest(series_id=first, last_quarter="2026-Q2"), metadata=desk.secretary)
    start.first_quarter = "2026-Q3"
    second = (await desk.stub.StartSeries(start, metadata=desk.secretary)).written.id
    found = (await desk.stub.ListSeries(series.ListSeriesRequest(council_id=desk.council_id))).series
    assert {item.series_id for item in found} == {first, second}
    await desk.held()
    seen: list[str] = []
    ask = series.ListQuartersRequest(council_id=desk.council_id, page_size=2)
    while True:
        page = await desk.stub.ListQuarters(ask)
        seen += [slot.quarter for slot in page.quarters]
        if not (token := page.next_page_token):
            break
        ask.page_token = token
    assert seen[-4:] == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]
    assert len(seen) == len(set(seen))


async def test_days_and_quarters_that_nobody_can_count_from_are_refused_by_their_field(desk: Desk) -> None:
    meeting_id, operator = await desk.held(), desk.served.caller()
    order = outcomes.OpenActionItemRequest(meeting_id=meeting_id, task=Text(plain="조사"), department="과", due_on="9999-12-31")
    term = councils.BeginTermRequest(council_id=desk.council_id, term_start="0001-01-01")
    start = series.StartSeriesRequest(council_id=desk.council_id, meeting_type=meeting_pb2.MEETING_TYPE_PLENARY, first_quarter="0000-Q1")
    calls: list[Any] = [
        desk.stub.OpenActionItem(order, metadata=operator),
        desk.stub.BeginTerm(term, metadata=operator),
        desk.stub.StartSeries(start, metadata=operator),
        desk.stub.ListQuarters(series.ListQuartersRequest(quarter="9999-Q4")),
        desk.stub.ListMeetings(meetings.ListMeetingsRequest(quarter="9999-Q4")),
    ]
    refused = [await desk.served.refusal(call) for call in calls]
    assert {item.kind for item in refused} == {Kind.INVALID}
    assert [item.violations[0].field for item in refused] == ["due_on", "term_start", "first_quarter", "quarter", "quarter"]


async def test_what_belongs_to_another_council_cannot_be_reached(desk: Desk, open_desk: Open) -> None:
    stranger, meeting_id = (await open_desk()).secretary, await desk.held()
    action = await open_action(desk, meeting_id)
    calls: list[Any] = [
        desk.stub.ChangeMembers(councils.ChangeMembersRequest(council_id=desk.council_id), metadata=stranger),
        desk.stub.SetStandingItems(councils.SetStandingItemsRequest(council_id=desk.council_id), metadata=stranger),
        desk.stub.PostponeMeeting(meetings.PostponeMeetingRequest(meeting_id=meeting_id, reason="태풍"), metadata=stranger),
        desk.stub.UpdateAttendance(meetings.UpdateAttendanceRequest(meeting_id=meeting_id, attendance=1), metadata=stranger),
        desk.stub.StartActionItem(outcomes.StartActionItemRequest(action_id=action), metadata=stranger),
        desk.stub.GetAgendaProposal(items.GetAgendaProposalRequest(council_id=desk.council_id), metadata=stranger),
    ]
    assert {await code(desk, call) for call in calls} == {"NOT_FOUND"}
