"""What is true of proposals, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.kit.clock import korea
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.proposals.domain.proposal import TRANSITIONS, Answer, CaseKind, Channel, Proposal, Resolution, Status
from services.proposals.events import ProposalHistoryRecorded, ProposalReceived, ProposalRouted

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROPOSAL = Proposal(UUID(int=1), Status.RECEIVED, Channel.WEB, "그늘막", Text("여름", "ko"), AT)

COMMANDS = {
    Status.TRIAGED: lambda p: p.triage(CaseKind.GENERAL, at=AT),
    Status.ASSIGNED: lambda p: p.assign("버스정책과", "담당", answer_days=7, at=AT, calendar=korea()),
    Status.IN_PROGRESS: lambda p: p.start(at=AT),
    Status.ANSWERED_AT_ONCE: lambda p: p.reply(Answer(Text("예"), "민원과", AT)),
    Status.ANSWERED: lambda p: p.reply(Answer(Text("예"), "민원과", AT)),
    Status.CLOSED: lambda p: p.close(Resolution.INFORMED, at=AT),
    Status.FOLLOW_UP: lambda p: p.ask_again(Text("언제?"), at=AT),
}


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_is_made(state: Status, after: Status) -> None:
    assert COMMANDS[after](replace(PROPOSAL, status=state)).state.status is after


def is_refused(state: Status, after: Status) -> bool:
    """Answering is one command with two outcomes, so that it is refused only where neither may follow."""
    wanted = {Status.ANSWERED, Status.ANSWERED_AT_ONCE} if "answered" in after else {after}
    return not wanted & TRANSITIONS.after(state)


@pytest.mark.parametrize(("state", "after"), [(state, after) for state in Status for after in COMMANDS if is_refused(state, after)])
def test_a_forbidden_transition_names_where_it_is_and_where_it_may_go(state: Status, after: Status) -> None:
    with pytest.raises(Refused) as refused:
        COMMANDS[after](replace(PROPOSAL, status=state))
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["state"] == state
    assert refused.value.details["allowed"] == (", ".join(sorted(TRANSITIONS.after(state))) or "nothing: it is final")


def test_assigning_starts_the_clock_in_working_days_of_korea() -> None:
    friday_before_seollal = datetime(2027, 2, 5, 1, 0, tzinfo=UTC)
    change = replace(PROPOSAL, status=Status.TRIAGED).assign("과", "담당", answer_days=1, at=friday_before_seollal, calendar=korea())
    assert change.state.due_on == date(2027, 2, 10)  # the weekend, the lunar new year and its substitute holiday lie between
    assert change.fact == ProposalRouted(friday_before_seollal, "담당")


def test_the_day_of_a_clock_is_seouls() -> None:
    late_in_utc = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # already Tuesday in Seoul
    assert korea().after(late_in_utc, 1) == date(2026, 11, 25)


def test_an_answer_ends_the_clock() -> None:
    running = replace(PROPOSAL, status=Status.IN_PROGRESS, due_on=date(2026, 12, 1))
    assert running.reply(Answer(Text("예"), "과", AT)).state.due_on is None


def test_history_is_taken_with_two_facts() -> None:
    facts = [change.fact for change in PROPOSAL.recalled(Status.CLOSED, Resolution.EXPIRED, AT)]
    assert facts == [ProposalReceived(AT), ProposalHistoryRecorded(AT)]


def test_history_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        list(PROPOSAL.recalled(Status.CLOSED, Resolution.EXPIRED, datetime(2020, 1, 1, tzinfo=UTC)))
    assert refused.value.code == "TIME_RANGE"


@pytest.mark.parametrize(("status", "resolution"), [(Status.CLOSED, None), (Status.ANSWERED, Resolution.INFORMED)])
def test_only_a_closed_proposal_of_history_has_a_resolution(status: Status, resolution: Resolution | None) -> None:
    with pytest.raises(Refused) as refused:
        list(PROPOSAL.recalled(status, resolution, AT))
    assert refused.value.code == "RESOLUTION_REQUIRED"
