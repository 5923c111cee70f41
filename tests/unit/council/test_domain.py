"""What is true of councils, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.council.domain import item, meeting, minutes, outcome, series
from services.council.domain.council import Council
from services.council.domain.item import AgendaItem, Decision, ItemResult, VoteBase, Votes
from services.council.domain.meeting import NOBODY_NAMED, Attendance, Meeting, MeetingStatus, MeetingType
from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.domain.outcome import ActionItem, ActionStatus, CityReply, Resolution, ResolutionKind, ResolutionStatus
from services.council.domain.passage import Passage
from services.council.domain.series import MeetingSeries, SeriesStatus
from services.council.events import (
    ActionItemDue,
    CityReplyMissed,
    InvitationLate,
    ItemDecided,
    ItemPlaced,
    MeetingCancelled,
    MeetingClosed,
    MeetingHeld,
    MeetingInvited,
    MeetingPostponed,
    MeetingScheduled,
    MinutesApproved,
    MinutesCorrected,
    MinutesPublished,
    QuarterNotHeld,
)
from services.kit.clock import end_of, korea
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.write import Change

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COUNCIL = Council(UUID(int=1), "외국인주민대표자회의", AT, date(2026, 1, 1), date(2027, 12, 31))
MEETING = Meeting(UUID(int=2), COUNCIL.id, COUNCIL.name, "제4차 전체회의", MeetingType.PLENARY, AT)
ITEM = AgendaItem(UUID(int=3), MEETING.sitting, "1", 1, "통역 확대")
WORDS = {part: Passage(Text(f"{part}의 글", "ko")) for part in MinutesPart}
MINUTES = Minutes(UUID(int=4), MEETING.sitting, "ko", AT, parts=WORDS)
ACTION = ActionItem(UUID(int=5), MEETING.sitting, None, Text("통역사 충원", "ko"), True, "외국인주민과", date(2026, 12, 31))
RESOLUTION = Resolution(UUID(int=6), MEETING.sitting, None, ResolutionKind.POLICY_PROPOSAL, Text("건의한다", "ko"), True)
SERIES = MeetingSeries(UUID(int=7), COUNCIL.id, COUNCIL.name, MeetingType.PLENARY, "2026-Q1", "2026-Q4", AT)
REPLY = CityReply(Text("하겠습니다", "ko"), "외국인주민과", AT)
LATER = replace(MEETING, id=UUID(int=8), start=AT + timedelta(days=60)).sitting
THERE = Attendance(31, 12, 20)

# For each aggregate: its table, the state of one of its values, and the command that reaches each state.
MEETINGS: dict[str, Any] = {
    MeetingStatus.SCHEDULED: lambda m: m.reschedule(AT + timedelta(days=9), None, "", at=AT, invitation_days=5),
    MeetingStatus.POSTPONED: lambda m: m.postpone("태풍", at=AT),
    MeetingStatus.INVITED: lambda m: m.invite(at=AT),
    MeetingStatus.HELD: lambda m: m.hold(THERE, at=AT),
    MeetingStatus.CLOSED: lambda m: m.close(at=AT),
    MeetingStatus.CANCELLED: lambda m: m.cancel("정족수 미달", at=AT),
}
RECORDS: dict[str, Any] = {
    MinutesStatus.IN_REVIEW: lambda m: m.submit(),
    MinutesStatus.APPROVED: lambda m: m.approve(at=AT),
    MinutesStatus.PUBLISHED: lambda m: m.publish(at=AT),
    MinutesStatus.CORRECTED: lambda m: m.correct({MinutesPart.NAME: Passage(Text("이름"))}, "오기", at=AT),
}
CASES: list[tuple[Any, ...]] = [
    (meeting.TRANSITIONS, MeetingStatus, MEETINGS, lambda s: replace(MEETING, status=s), lambda x: x.status),
    (minutes.TRANSITIONS, MinutesStatus, RECORDS, lambda s: replace(MINUTES, status=s), lambda x: x.status),
    (
        item.TRANSITIONS,
        ItemResult,
        {result: lambda i, r=result: i.decide(Decision(r), at=AT) for result in ItemResult},
        lambda s: replace(ITEM, decision=Decision(s)),
        lambda x: x.decision.result,
    ),
    (
        outcome.ACTIONS,
        ActionStatus,
        {ActionStatus.IN_PROGRESS: lambda a: a.start(at=AT), ActionStatus.DONE: lambda a: a.complete(at=AT)},
        lambda s: replace(ACTION, status=s),
        lambda x: x.status,
    ),
    (
        outcome.RESOLUTIONS,
        ResolutionStatus,
        {
            ResolutionStatus.CITY_REPLY_DUE: lambda r: Change(r.await_reply(30, at=AT), None),
            ResolutionStatus.REPLIED: lambda r: r.receive(REPLY),
        },
        lambda s: replace(RESOLUTION, status=s),
        lambda x: x.status,
    ),
    (
        series.TRANSITIONS,
        SeriesStatus,
        {SeriesStatus.ENDED: lambda s: s.end("2026-Q4", at=AT)},
        lambda s: replace(SERIES, status=s),
        lambda x: x.status,
    ),
]
ALLOWED = [
    (make, commands[after], state, after, seen) for table, _, commands, make, seen in CASES for state, nexts in table for after in nexts
]
FORBIDDEN = [
    (table, make, command, state)
    for table, states, commands, make, _ in CASES
    for state in states
    for after, command in commands.items()
    if after not in table.after(state)
]


@pytest.mark.parametrize(("make", "command", "state", "after", "seen"), ALLOWED, ids=lambda value: value if isinstance(value, str) else "")
def test_an_allowed_transition_is_made(make: Any, command: Any, state: str, after: str, seen: Any) -> None:
    assert seen(command(make(state)).state) == after


@pytest.mark.parametrize(("table", "make", "command", "state"), FORBIDDEN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_forbidden_transition_names_where_it_is_and_where_it_may_go(table: Any, make: Any, command: Any, state: Any) -> None:
    with pytest.raises(Refused) as refused:
        command(make(state))
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["state"] == state
    assert refused.value.details["allowed"] == (", ".join(sorted(table.after(state))) or "nothing: it is final")


def code_of(function: Any) -> str:
    with pytest.raises(Refused) as refused:
        function()
    return refused.value.code


@pytest.mark.parametrize("end", [AT, AT - timedelta(hours=1)])
def test_a_meeting_ends_after_it_begins(end: datetime) -> None:
    assert code_of(lambda: replace(MEETING, end=end).scheduled(at=AT)) == "TIME_RANGE"


def test_a_meeting_without_its_quorum_is_not_held() -> None:
    invited = replace(MEETING, status=MeetingStatus.INVITED)
    assert code_of(lambda: invited.hold(Attendance(20, 12, 11), at=AT)) == "QUORUM_MISSING"


def test_only_what_is_being_held_has_people_coming_and_leaving() -> None:
    held = replace(MEETING, status=MeetingStatus.INVITED).hold(THERE, at=AT).state
    assert held.update_attendance(20, 11, NOBODY_NAMED, at=AT).state.attendance == Attendance(20, 12, 11)
    assert code_of(lambda: held.update_attendance(20, 21, NOBODY_NAMED, at=AT)) == "COUNT_RANGE"
    assert code_of(lambda: held.close(at=AT).state.update_attendance(20, 11, NOBODY_NAMED, at=AT)) == "MEETING_NOT_HELD"


def test_invitations_are_due_so_many_days_before() -> None:
    ahead = replace(MEETING, start=AT + timedelta(days=20))
    scheduled = ahead.scheduled(at=AT, invitation_days=5).state
    assert scheduled.clocks() == {"invitation_due": end_of(date(2026, 12, 8))}
    late = scheduled.miss_invitation(at=end_of(date(2026, 12, 8)))
    assert (late.fact, late.state.clocks()) == (InvitationLate(end_of(date(2026, 12, 8))), {})
    assert scheduled.invite(at=AT).state.clocks() == {}


def test_a_meeting_at_short_notice_is_late_at_once_and_one_of_the_past_never() -> None:
    short = replace(MEETING, start=AT + timedelta(days=2)).scheduled(at=AT, invitation_days=5).state
    past = replace(MEETING, start=AT - timedelta(days=2)).scheduled(at=AT, invitation_days=5).state
    assert (short.invitation_late, short.clocks(), past.invitation_late, past.clocks()) == (True, {}, False, {})


def test_a_postponed_meeting_gets_a_new_day_and_a_new_clock() -> None:
    postponed = MEETING.postpone("태풍", at=AT).state
    moved = postponed.reschedule(AT + timedelta(days=30), None, "", at=AT, invitation_days=5).state
    assert (moved.postponement_reason, moved.clocks()) == ("태풍", {"invitation_due": end_of(date(2026, 12, 18))})
    assert code_of(lambda: postponed.reschedule(AT, AT, "", at=AT, invitation_days=5)) == "TIME_RANGE"


@pytest.mark.parametrize(("base", "allowed"), [(VoteBase.MEMBERS, 24), (VoteBase.PRESENT, 20), (None, 20)])
def test_no_more_votes_are_counted_than_their_base_has(base: VoteBase | None, allowed: int) -> None:
    counted = Votes(allowed - 2, 1, 1, base).counted_of(members=24, present=20)
    assert (counted.base, counted.base_count) == (base or VoteBase.PRESENT, allowed)
    assert code_of(lambda: Votes(allowed - 1, 1, 1, base).counted_of(members=24, present=20)) == "VOTES_EXCEED_BASE"


def test_only_what_was_deferred_is_carried_on() -> None:
    replace(ITEM, decision=Decision(ItemResult.DEFERRED)).check_deferred()
    assert code_of(ITEM.check_deferred) == "ITEM_NOT_DEFERRED"


def test_a_quarter_that_ends_without_a_meeting_is_said_and_the_next_one_watched() -> None:
    empty, filled = SERIES.look(was_held=False, at=AT), SERIES.look(was_held=True, at=AT)
    assert (empty.fact, filled.fact) == (QuarterNotHeld(AT, "2026-Q4"), None)
    assert empty.state.clocks() == {"quarter_end": end_of(date(2027, 3, 31))} == filled.state.clocks()


def test_a_series_ends_with_the_slot_of_its_last_quarter() -> None:
    ended = SERIES.end("2026-Q4", at=AT).state
    assert (ended.clocks(), ended.look(was_held=True, at=AT).state.clocks()) == ({"quarter_end": end_of(date(2026, 12, 31))}, {})
    assert code_of(lambda: SERIES.end("2025-Q4", at=AT)) == "TIME_RANGE"


def test_the_city_owes_a_reply_to_a_policy_proposal_only() -> None:
    proposal = RESOLUTION.adopted(at=AT, reply_days=30).state
    assert (proposal.status, proposal.clocks()) == (ResolutionStatus.CITY_REPLY_DUE, {"city_reply_due": end_of(date(2026, 12, 23))})
    opinion = replace(RESOLUTION, kind=ResolutionKind.OPINION).adopted(at=AT, reply_days=30).state
    assert (opinion.status, opinion.clocks()) == (ResolutionStatus.ADOPTED, {})


def test_a_missed_reply_is_said_once_and_may_still_come() -> None:
    missed = RESOLUTION.adopted(at=AT, reply_days=30).state.miss_reply(at=AT)
    assert (missed.fact, missed.state.clocks()) == (CityReplyMissed(AT), {})
    assert missed.state.receive(REPLY).state.reply == REPLY


@pytest.mark.parametrize("day", [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)])
def test_nothing_is_due_on_a_day_on_which_nobody_works(day: date) -> None:
    with pytest.raises(Refused) as refused:
        replace(ACTION, due_on=day).opened(at=AT, calendar=korea())
    assert (refused.value.code, refused.value.details["next"]) == (
        "NOT_A_WORKING_DAY", "2027-01-04" if day.year == 2027 else "2026-12-28",
    )  # fmt: skip


def test_an_action_is_overdue_when_its_day_is_over() -> None:
    opened = ACTION.opened(at=AT, calendar=korea()).state
    assert opened.clocks() == {"action_due": end_of(date(2026, 12, 31))}
    missed = opened.miss_day(at=AT)
    assert (missed.fact, missed.state.overdue, missed.state.clocks()) == (ActionItemDue(AT), True, {})
    late = replace(ACTION, due_on=date(2026, 11, 20)).opened(at=AT, calendar=korea()).state
    assert (late.overdue, late.clocks()) == (True, {})
    assert opened.complete(at=AT).state.clocks() == {}


def test_an_action_is_carried_and_counted_until_it_is_done() -> None:
    missed = ACTION.miss_day(at=AT).state
    carried = missed.carry(LATER, date(2027, 2, 26), at=AT, calendar=korea()).state
    assert (carried.carried, carried.carried_to, carried.overdue) == (1, LATER.meeting_id, False)
    assert missed.carry(LATER, None, at=AT, calendar=korea()).state.overdue
    assert code_of(lambda: carried.carry(LATER, None, at=AT, calendar=korea())) == "ALREADY_CARRIED"
    assert code_of(lambda: ACTION.carry(ACTION.sitting, None, at=AT, calendar=korea())) == "TIME_RANGE"
    assert code_of(lambda: ACTION.complete(at=AT).state.carry(LATER, None, at=AT, calendar=korea())) == "ACTION_DONE"


def test_the_quarter_of_a_meeting_is_seouls() -> None:
    last_night_of_the_year_in_utc = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert replace(MEETING, start=last_night_of_the_year_in_utc).sitting.quarter == "2027-Q1"


def test_no_more_members_are_present_than_people() -> None:
    invited = replace(MEETING, status=MeetingStatus.INVITED)
    assert code_of(lambda: invited.hold(Attendance(5, 3, 6), at=AT)) == "COUNT_RANGE"


@pytest.mark.parametrize("status", MeetingStatus)
def test_an_agenda_is_open_until_its_meeting_is_closed_or_cancelled(status: MeetingStatus) -> None:
    check = replace(MEETING, status=status).check_open
    if status in {MeetingStatus.CLOSED, MeetingStatus.CANCELLED}:
        assert code_of(check) == "MEETING_NOT_OPEN"
    else:
        check()


@pytest.mark.parametrize("status", MeetingStatus)
def test_only_a_held_meeting_has_outcomes(status: MeetingStatus) -> None:
    check = replace(MEETING, status=status).check_held
    if status in {MeetingStatus.HELD, MeetingStatus.CLOSED}:
        check()
    else:
        assert code_of(check) == "MEETING_NOT_HELD"


LIVES = {
    MeetingStatus.SCHEDULED: [MeetingScheduled],
    MeetingStatus.INVITED: [MeetingScheduled, MeetingInvited],
    MeetingStatus.HELD: [MeetingScheduled, MeetingHeld],
    MeetingStatus.CLOSED: [MeetingScheduled, MeetingHeld, MeetingClosed],
    MeetingStatus.CANCELLED: [MeetingScheduled, MeetingCancelled],
    MeetingStatus.POSTPONED: [MeetingScheduled, MeetingPostponed],
}


@pytest.mark.parametrize("status", MeetingStatus)
def test_a_meeting_of_history_is_taken_with_its_whole_life(status: MeetingStatus) -> None:
    changes = list(MEETING.recalled(status, "취소", now=AT))
    assert [type(change.fact) for change in changes] == LIVES[status]
    assert changes[-1].state.status is status


@pytest.mark.parametrize("status", [MeetingStatus.HELD, MeetingStatus.CLOSED])
def test_a_meeting_that_has_not_begun_was_not_held(status: MeetingStatus) -> None:
    assert code_of(lambda: list(MEETING.recalled(status, "", now=AT - timedelta(days=1)))) == "TIME_RANGE"


def test_what_lies_ahead_was_scheduled_by_now() -> None:
    now = AT - timedelta(days=30)
    [change] = MEETING.recalled(MeetingStatus.SCHEDULED, "", now=now)
    assert change.fact == MeetingScheduled(now)


def test_an_item_of_history_is_decided_only_where_its_archive_says_so() -> None:
    undecided = [type(change.fact) for change in ITEM.recalled(Decision(ItemResult.UNDECIDED), now=AT)]
    decided = [type(change.fact) for change in ITEM.recalled(Decision(ItemResult.ADOPTED, Votes(1, 2, 3)), now=AT)]
    assert (undecided, decided) == ([ItemPlaced], [ItemPlaced, ItemDecided])


@pytest.mark.parametrize("status", [MinutesStatus.DRAFTING, MinutesStatus.IN_REVIEW])
def test_writing_minutes_publishes_nothing(status: MinutesStatus) -> None:
    change = replace(MINUTES, status=status).write(MinutesPart.HOST, Passage(Text("서울특별시", "ko")))
    assert change.fact is None
    assert change.state.parts[MinutesPart.HOST].text.plain == "서울특별시"


@pytest.mark.parametrize("status", [MinutesStatus.APPROVED, MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED])
def test_approved_words_no_longer_change_silently(status: MinutesStatus) -> None:
    assert code_of(lambda: replace(MINUTES, status=status).write(MinutesPart.HOST, Passage(Text("다른 곳")))) == "MINUTES_FINAL"


def test_a_part_in_another_language_is_refused() -> None:
    assert code_of(lambda: MINUTES.write(MinutesPart.HOST, Passage(Text("Seoul", "en")))) == "LANGUAGE_INVALID"


@pytest.mark.parametrize("part", MinutesPart)
def test_publishing_without_one_of_the_eight_parts_names_it(part: MinutesPart) -> None:
    approved = replace(MINUTES, status=MinutesStatus.APPROVED, parts={name: text for name, text in WORDS.items() if name is not part})
    with pytest.raises(Refused) as refused:
        approved.publish(at=AT)
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "MINUTES_INCOMPLETE")
    assert [violation.field for violation in refused.value.violations] == [part]


def test_blank_words_leave_a_part_empty() -> None:
    assert MinutesPart.HOST not in MINUTES.write(MinutesPart.HOST, Passage(Text(" \n"))).state.parts


def test_a_correction_is_a_later_edition_with_a_reason() -> None:
    published = replace(MINUTES, status=MinutesStatus.APPROVED).publish(at=AT).state
    change = published.correct({MinutesPart.DECISIONS: Passage(Text("찬성 11", "ko"))}, "표결 오기", at=AT)
    assert (published.edition, change.state.edition, change.state.correction_reason) == (1, 2, "표결 오기")
    assert change.state.parts == {**WORDS, MinutesPart.DECISIONS: Passage(Text("찬성 11", "ko"))}
    assert change.fact == MinutesCorrected(AT)


def test_a_correction_may_not_empty_a_part() -> None:
    published = replace(MINUTES, status=MinutesStatus.PUBLISHED)
    assert code_of(lambda: published.correct({MinutesPart.HOST: Passage(Text(""))}, "?", at=AT)) == "MINUTES_INCOMPLETE"


def test_minutes_are_facts_from_approval_on() -> None:
    reviewed = MINUTES.submit()
    approved = reviewed.state.approve(at=AT)
    published = approved.state.publish(at=AT)
    assert [MINUTES.started().fact, reviewed.fact, approved.fact, published.fact] == [None, None, MinutesApproved(AT), MinutesPublished(AT)]
