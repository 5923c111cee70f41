"""What is true of proposals, without any I/O."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.kit.clock import end_of, korea
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.write import Change
from services.proposals import events
from services.proposals.domain.parts import (
    AWAITED,
    FLAGS,
    OPEN,
    TRANSITIONS,
    AbuseFlag,
    Answer,
    CaseKind,
    Channel,
    FlagStatus,
    InterimReply,
    Resolution,
    Status,
    SupportRule,
)
from services.proposals.domain.proposal import Proposal

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROPOSAL = Proposal(UUID(int=1), Status.RECEIVED, Channel.WEB, "그늘막", Text("여름", "ko"), AT)

DUE = date(2026, 12, 1)
RULE = SupportRule(needed=50, days=30, obliged_days=30)
ANSWER = Answer(Text("예"), "민원과", AT)


def to_coordination(proposal: Proposal) -> Change[Proposal]:
    """There are two ways: an officer refers what nobody has, a department refuses what it has."""
    return proposal.refuse("소관 아님", at=AT) if proposal.department else proposal.refer("소관 불명", at=AT)


COMMANDS: dict[Status, Callable[[Proposal], Change[Proposal]]] = {
    Status.TRIAGED: lambda p: p.triage(CaseKind.GENERAL, at=AT),
    Status.ASSIGNED: lambda p: p.assign("버스정책과", "담당", answer_days=7, at=AT, calendar=korea()),
    Status.IN_PROGRESS: lambda p: p.start(at=AT),
    Status.ANSWERED_AT_ONCE: lambda p: p.reply(ANSWER),
    Status.ANSWERED: lambda p: p.reply(ANSWER),
    Status.CLOSED: lambda p: p.close(Resolution.INFORMED, at=AT),
    Status.FOLLOW_UP: lambda p: p.ask_again(Text("언제?"), answer_days=7, at=AT, calendar=korea()),
    Status.NEEDS_COORDINATION: to_coordination,
    Status.EXTENDED: lambda p: p.extend(5, "현장 조사", most=1, answer_days=7, at=AT, calendar=korea()),
    Status.INTERIM_REPLIED: lambda p: p.reply_interim(InterimReply(Text("조사 중"), "과", AT)),
    Status.TRANSFERRED: lambda p: p.transfer("국토교통부", "국도", at=AT),
    Status.MERGED: lambda p: p.merge_into(UUID(int=2), "같은 내용", at=AT),
    Status.WITHDRAWN: lambda p: p.withdraw("", at=AT),
}
HAS_DEPARTMENT = {Status.ASSIGNED, Status.IN_PROGRESS, Status.EXTENDED, Status.INTERIM_REPLIED, Status.ANSWERED}


def standing(state: Status) -> Proposal:
    """A proposal that stands so, with its clock."""
    return replace(PROPOSAL, status=state, due_on=DUE, department="버스정책과" if state in HAS_DEPARTMENT else None)


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_is_made(state: Status, after: Status) -> None:
    assert COMMANDS[after](standing(state)).state.status is after


def is_refused(state: Status, after: Status) -> bool:
    """Answering is one command with two outcomes, so that it is refused only where neither may follow."""
    wanted = {Status.ANSWERED, Status.ANSWERED_AT_ONCE} if "answered" in after else {after}
    return not wanted & TRANSITIONS.after(state)


@pytest.mark.parametrize(("state", "after"), [(state, after) for state in Status for after in COMMANDS if is_refused(state, after)])
def test_a_forbidden_transition_names_where_it_is_and_where_it_may_go(state: Status, after: Status) -> None:
    with pytest.raises(Refused) as refused:
        COMMANDS[after](standing(state))
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["state"] == state
    assert refused.value.details["allowed"] == (", ".join(sorted(TRANSITIONS.after(state))) or "nothing: it is final")


def test_assigning_starts_the_clock_in_working_days_of_korea() -> None:
    friday_before_seollal = datetime(2027, 2, 5, 1, 0, tzinfo=UTC)
    change = replace(PROPOSAL, status=Status.TRIAGED).assign("과", "담당", answer_days=1, at=friday_before_seollal, calendar=korea())
    assert change.state.due_on == date(2027, 2, 10)  # the weekend, the lunar new year and its substitute holiday lie between
    assert change.fact == events.ProposalRouted(friday_before_seollal, "담당")


def test_the_day_of_a_clock_is_seouls() -> None:
    late_in_utc = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # already Tuesday in Seoul
    assert korea().after(late_in_utc, 1) == date(2026, 11, 25)


def test_an_answer_ends_the_clock() -> None:
    running = replace(PROPOSAL, status=Status.IN_PROGRESS, due_on=date(2026, 12, 1))
    assert running.reply(Answer(Text("예"), "과", AT)).state.due_on is None


def test_a_clock_that_runs_is_not_begun_anew_when_another_department_gets_it() -> None:
    refused = standing(Status.ASSIGNED).refuse("소관 아님", at=AT)
    assert (refused.state.department, refused.state.bounce_count, refused.state.due_on) == (None, 1, DUE)
    again = refused.state.assign("보행정책과", "보도 위", answer_days=7, at=AT, calendar=korea()).state
    assert again.due_on == DUE
    assert [(step.from_department, step.to_department) for step in again.routing] == [("버스정책과", ""), ("", "보행정책과")]


def test_only_a_department_that_has_it_can_refuse_it_and_only_what_nobody_has_is_referred() -> None:
    with pytest.raises(Refused, match="no department has it") as refused:
        standing(Status.TRIAGED).refuse("아님", at=AT)
    assert refused.value.code == "NOT_ASSIGNED"
    with pytest.raises(Refused) as refused:
        standing(Status.ASSIGNED).refer("불명", at=AT)
    assert refused.value.code == "ALREADY_ASSIGNED"


def test_an_extension_moves_the_day_by_working_days() -> None:
    extended = COMMANDS[Status.EXTENDED](standing(Status.IN_PROGRESS))
    assert extended.state.due_on == date(2026, 12, 8)
    assert extended.fact == events.DeadlineExtended(AT, "현장 조사", 5)
    assert extended.state.clocks() == {"answer_due": end_of(date(2026, 12, 8))}


@pytest.mark.parametrize(
    ("changes", "days", "at", "code"),
    [
        ({}, 8, AT, "EXTENSION_TOO_LONG"),
        ({}, 0, AT, "EXTENSION_TOO_LONG"),
        ({"overdue": True}, 5, AT, "DEADLINE_PASSED"),
        ({}, 5, datetime(2026, 12, 2, tzinfo=UTC), "DEADLINE_PASSED"),
    ],
)
def test_an_extension_has_limits(changes: dict[str, Any], days: int, at: datetime, code: str) -> None:
    with pytest.raises(Refused) as refused:
        replace(standing(Status.IN_PROGRESS), **changes).extend(days, "사유", most=1, answer_days=7, at=at, calendar=korea())
    assert refused.value.code == code


def test_it_is_extended_as_often_as_the_setting_says() -> None:
    once = COMMANDS[Status.EXTENDED](standing(Status.IN_PROGRESS)).state.start(at=AT).state
    with pytest.raises(Refused) as refused:
        COMMANDS[Status.EXTENDED](once)
    assert refused.value.code == "EXTENSIONS_EXHAUSTED"


def test_an_interim_reply_does_not_stop_the_clock() -> None:
    assert COMMANDS[Status.INTERIM_REPLIED](standing(Status.IN_PROGRESS)).state.clocks() == {"answer_due": end_of(DUE)}


def test_a_follow_up_begins_the_clock_anew_and_keeps_what_was_said() -> None:
    answered = standing(Status.IN_PROGRESS).reply(ANSWER).state
    asked = answered.ask_again(Text("언제?"), answer_days=7, at=AT, calendar=korea()).state
    assert asked.clocks() == {"answer_due": end_of(korea().after(AT, 7))}
    again = replace(asked.start(at=AT).state.reply(replace(ANSWER, text=Text("봄에"))).state)
    assert (again.earlier_answers, again.answer) == ((ANSWER,), replace(ANSWER, text=Text("봄에")))
    assert again.ask_again(Text("정말?"), answer_days=7, at=AT, calendar=korea()).state.earlier_follow_ups == (Text("언제?"),)


@pytest.mark.parametrize("state", list(Status))
def test_an_answer_is_awaited_in_every_open_state_after_triage(state: Status) -> None:
    assert (state in AWAITED) == ("answer_due" in standing(state).clocks()) == (state in OPEN - {Status.RECEIVED, Status.TRIAGED})


def test_what_ends_without_an_answer_ends_its_clocks() -> None:
    for state in (Status.TRANSFERRED, Status.MERGED, Status.WITHDRAWN):
        ended = COMMANDS[state](replace(standing(Status.IN_PROGRESS), obliged_until=DUE)).state
        assert (ended.clocks(), ended.due_on) == ({}, None)


def test_an_answer_is_rated_once() -> None:
    rated = standing(Status.IN_PROGRESS).reply(ANSWER).state.rate(4, at=AT).state
    assert rated.answer == replace(ANSWER, satisfaction=4)
    for proposal, code in ((rated, "ALREADY_RATED"), (PROPOSAL, "NOT_ANSWERED")):
        with pytest.raises(Refused) as refused:
            proposal.rate(4, at=AT)
        assert refused.value.code == code


def test_the_number_of_supports_that_obliges_is_a_rule_and_counts_in_time_only() -> None:
    almost = replace(PROPOSAL, supports=49)
    assert almost.oblige(RULE, at=AT) is None
    supported = almost.support(at=AT).state
    change = supported.oblige(RULE, at=AT + timedelta(days=30))
    assert change is not None
    assert change.fact == events.AnswerObliged(AT + timedelta(days=30), 50)
    assert change.state.obliged_until == date(2027, 1, 22)
    assert change.state.clocks() == {"obliged_answer_due": end_of(date(2027, 1, 22))}
    assert supported.oblige(RULE, at=AT + timedelta(days=30, seconds=1)) is None
    assert change.state.oblige(RULE, at=AT) is None
    assert "obliged_answer_due" not in replace(change.state, first_answered_at=AT).clocks()


@pytest.mark.parametrize("state", sorted(set(Status) - OPEN))
def test_what_is_open_no_more_is_neither_supported_nor_merged_into(state: Status) -> None:
    commands: list[Callable[[Proposal], Any]] = [lambda p: p.support(at=AT), lambda p: p.take_in(PROPOSAL, 1, at=AT)]
    for command in commands:
        with pytest.raises(Refused) as refused:
            command(standing(state))
        assert refused.value.code == "PROPOSAL_NOT_OPEN"


def test_what_stays_knows_all_that_was_merged_into_it_and_no_more_than_a_hundred() -> None:
    other = replace(PROPOSAL, id=UUID(int=2), merged=(UUID(int=3),), supports=4)
    joined = replace(PROPOSAL, supports=5).take_in(other, 9, at=AT)
    assert (joined.state.merged, joined.state.supports, joined.fact) == (
        (UUID(int=2), UUID(int=3)),
        9,
        events.ProposalJoined(AT, UUID(int=2)),
    )
    with pytest.raises(Refused) as refused:
        replace(PROPOSAL, merged=tuple(map(UUID, [f"{n:032x}" for n in range(100)]))).take_in(other, 9, at=AT)
    assert refused.value.code == "MERGED_TOO_MANY"


def test_a_merged_one_hears_the_answer_and_stays_merged() -> None:
    heard = standing(Status.MERGED).hear(ANSWER)
    assert (heard.state.status, heard.state.answer, heard.fact) == (Status.MERGED, ANSWER, events.ProposalAnswered(AT))


FLAG_COMMANDS = {
    FlagStatus.FLAGGED: lambda p: p.flag_abuse("욕설", at=AT),
    FlagStatus.APPEALED: lambda p: p.appeal("사실이 아님", at=AT),
    FlagStatus.UPHELD: lambda p: p.decide_appeal(FlagStatus.UPHELD, "확인", at=AT),
    FlagStatus.LIFTED: lambda p: p.decide_appeal(FlagStatus.LIFTED, "오해", at=AT),
}


@pytest.mark.parametrize("state", list(FlagStatus))
@pytest.mark.parametrize("after", list(FlagStatus))
def test_an_abuse_flag_goes_the_ways_of_its_table_only(state: FlagStatus, after: FlagStatus) -> None:
    flagged = replace(PROPOSAL, flag=AbuseFlag(state, "욕설", AT))
    if after in FLAGS.after(state):
        assert FLAG_COMMANDS[after](flagged).state.flag.status is after
        return
    with pytest.raises(Refused) as refused:
        FLAG_COMMANDS[after](flagged)
    assert (refused.value.code, refused.value.details["state"]) == ("TRANSITION_FORBIDDEN", state)


def test_what_is_not_flagged_has_nothing_to_appeal() -> None:
    with pytest.raises(Refused) as refused:
        PROPOSAL.appeal("사실이 아님", at=AT)
    assert refused.value.code == "NOT_FLAGGED"


def recalled(proposal: Proposal, status: Status, resolution: Resolution | None, at: datetime = AT, now: datetime = AT) -> list[Any]:
    return list(proposal.recalled(status, resolution, at, rule=RULE, now=now))


def test_history_is_taken_with_two_facts() -> None:
    facts = [change.fact for change in recalled(PROPOSAL, Status.CLOSED, Resolution.EXPIRED)]
    assert facts == [events.ProposalReceived(AT), events.ProposalHistoryRecorded(AT)]


@pytest.mark.parametrize(
    ("supports", "days", "status", "obliged", "missed"),
    [
        (49, 30, Status.RECEIVED, False, False),
        (50, 30, Status.RECEIVED, True, True),
        (50, 30, Status.ANSWERED, True, False),
        (50, 31, Status.RECEIVED, False, False),  # how many of them came in time is not known
    ],
)
def test_history_above_the_threshold_is_obliged_and_its_past_clock_is_silent(
    supports: int, days: int, status: Status, obliged: bool, missed: bool
) -> None:
    petition = replace(PROPOSAL, supports=supports, due_on=AT.date() + timedelta(days=days))
    last = recalled(petition, status, None, now=datetime(2030, 1, 1, tzinfo=UTC))[-1].state
    assert (last.obliged_until is not None, last.obligation_missed) == (obliged, missed)
    assert last.clocks() == {}


def test_history_whose_clock_still_runs_keeps_it() -> None:
    petition = replace(PROPOSAL, supports=50, due_on=AT.date() + timedelta(days=30))
    last = recalled(petition, Status.IN_PROGRESS, None)[-1].state
    assert set(last.clocks()) == {"answer_due", "obliged_answer_due"}


def test_history_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        recalled(PROPOSAL, Status.CLOSED, Resolution.EXPIRED, datetime(2020, 1, 1, tzinfo=UTC))
    assert refused.value.code == "TIME_RANGE"


@pytest.mark.parametrize(("status", "resolution"), [(Status.CLOSED, None), (Status.ANSWERED, Resolution.INFORMED)])
def test_only_a_closed_proposal_of_history_has_a_resolution(status: Status, resolution: Resolution | None) -> None:
    with pytest.raises(Refused) as refused:
        recalled(PROPOSAL, status, resolution)
    assert refused.value.code == "RESOLUTION_REQUIRED"
