"""Items and links, without anything around them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.agenda.domain.item import TRANSITIONS, UNDECIDED, AgendaItem, Answer, Status, Tags
from services.agenda.domain.link import Link, Relation, Service, link_id
from services.agenda.events import (
    AgendaAnswered,
    AgendaDeadlineMissed,
    AgendaInterimReplied,
    AgendaItemOpened,
    AgendaLinked,
    AgendaMerged,
    AgendaMergeUndone,
    AgendaOwnerAssigned,
    AgendaSplit,
    AgendaStatusChanged,
    AgendaUnlinked,
)
from services.kit.errors import Refused
from services.kit.ids import new_id
from services.kit.text import Text

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def item(status: Status = Status.OPEN, owner: str | None = "주택과") -> AgendaItem:
    return AgendaItem(new_id(), "빈집", Text("", "ko"), NOW, status=status, owner=owner)


def link() -> Link:
    return Link(new_id(), Service.VOICES, uuid4(), Relation.RAISED, "officer", NOW)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CANDIDATE])
@pytest.mark.parametrize("wanted", list(Status))
def test_an_item_moves_only_where_the_table_says(status: Status, wanted: Status) -> None:
    if wanted in TRANSITIONS.after(status):
        change = item(status).become(wanted, "왜", at=NOW)
        assert (change.state.status, change.fact) == (wanted, AgendaStatusChanged(NOW, "왜"))
    else:
        with pytest.raises(Refused, match=str(status)) as refused:
            item(status).become(wanted, "", at=NOW)
        assert refused.value.code == "TRANSITION_FORBIDDEN"


def test_every_state_but_the_last_leads_on_and_any_may_be_parked() -> None:
    ways = dict(TRANSITIONS)
    assert all(Status.PARKED in ways[status] for status in Status if status is not Status.PARKED)
    assert TRANSITIONS.after(Status.PARKED) == {Status.OPEN}, "what was parked can be taken up again"
    assert set(UNDECIDED) < set(ways)


def test_an_item_is_opened_out_of_a_candidate() -> None:
    assert item().opened().fact == AgendaItemOpened(NOW)


def test_an_item_without_an_owner_cannot_become_assigned_by_its_status_alone() -> None:
    with pytest.raises(Refused) as refused:
        item(owner=None).become(Status.ASSIGNED, "", at=NOW)
    assert refused.value.code == "OWNER_REQUIRED"


def test_naming_an_owner_assigns_an_open_item_and_leaves_a_later_one_where_it_stands() -> None:
    change = item(owner=None).assign("복지과", "담당", at=NOW)
    assert (change.state.status, change.state.owner, change.fact) == (Status.ASSIGNED, "복지과", AgendaOwnerAssigned(NOW, "담당"))
    assert item(Status.DECIDED).assign("복지과", "", at=NOW).state.status is Status.DECIDED


@pytest.mark.parametrize("status", [Status.CLOSED, Status.PARKED])
def test_nobody_is_named_for_what_has_ended(status: Status) -> None:
    with pytest.raises(Refused, match=str(status)):
        item(status).assign("복지과", "", at=NOW)


ANSWER = Answer((Text("작업실로 씁니다", "ko"), Text("Becomes a workshop", "en")), "주택과", NOW)


def test_an_answer_stands_until_another_one_replaces_it() -> None:
    change = item(Status.DECIDED).reply(ANSWER)
    assert (change.state.status, change.state.answer, change.fact) == (Status.DECIDED, ANSWER, AgendaAnswered(NOW))
    again = Answer((Text("창고로 씁니다", "ko"),), "주택과", NOW)
    assert change.state.reply(again).state.answer == again


@pytest.mark.parametrize("status", [Status.CLOSED, Status.PARKED])
def test_what_has_ended_is_not_answered(status: Status) -> None:
    with pytest.raises(Refused) as refused:
        item(status).reply(ANSWER)
    assert refused.value.code == "ITEM_ENDED"


@pytest.mark.parametrize(
    ("texts", "code", "field"),
    [
        ((Text(" ", "ko"),), "EMPTY_ANSWER", "texts[0]"),
        ((Text("예", "ko"), Text("yes", "")), "LANGUAGE_REQUIRED", "texts[1].language"),
        ((Text("예", "ko"), Text("네", "ko")), "DUPLICATE_ITEM", "texts[1]"),
    ],
)
def test_each_text_of_an_answer_has_words_and_a_language_of_its_own(texts: tuple[Text, ...], code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        item().reply(Answer(texts, "주택과", NOW))
    assert (refused.value.code, refused.value.violations[0].field) == (code, field)


def test_a_word_before_the_answer_is_no_answer() -> None:
    change = item(Status.ASSIGNED).reply_meanwhile(ANSWER)
    assert (change.state.interim_reply, change.state.answer, change.state.first_answered_at) == (ANSWER, None, None)
    assert change.fact == AgendaInterimReplied(NOW)
    with pytest.raises(Refused, match="closed"):
        item(Status.CLOSED).reply_meanwhile(ANSWER)


def test_the_first_time_of_each_step_is_kept() -> None:
    later = NOW + timedelta(days=1)
    moved = item(owner=None).assign("복지과", "", at=NOW).state.assign("주택과", "", at=later).state.reply(ANSWER).state
    moved = moved.reply(replace(ANSWER, answered_at=later)).state
    for status in (Status.IN_PROGRESS, Status.DECIDED, Status.IMPLEMENTED, Status.MEASURED):
        moved = moved.become(status, "", at=later).state
    assert (moved.owned_at, moved.first_answered_at, moved.decided_at, moved.measured_at) == (NOW, NOW, later, later)


def test_tags_are_given_and_taken_in_the_order_in_which_they_came() -> None:
    tagged = item().tag(Tags(("돌봄", "주거")), Tags(("hr2013/1.2",)), at=NOW).state
    assert (tagged.themes, tagged.plan_tasks) == (("돌봄", "주거"), ("hr2013/1.2",))
    assert tagged.tag(Tags(remove=("돌봄",)), Tags(), at=NOW).state.themes == ("주거",)
    with pytest.raises(Refused) as refused:
        tagged.tag(Tags(("주거",)), Tags(), at=NOW)
    assert refused.value.code == "NOTHING_CHANGES"


def test_a_due_day_that_goes_by_undecided_is_missed_once() -> None:
    due = replace(item(), due_on=date(2026, 12, 1))
    assert due.clocks() == {"due": datetime(2026, 12, 1, 15, tzinfo=UTC)}
    missed = due.miss(at=NOW)
    assert missed is not None
    assert missed.fact == AgendaDeadlineMissed(NOW, date(2026, 12, 1))
    assert (missed.state.clocks(), missed.state.miss(at=NOW)) == ({}, None)
    assert (replace(due, status=Status.DECIDED).clocks(), replace(due, merged_into=new_id()).clocks(), item().clocks()) == ({}, {}, {})


def test_a_merged_item_leads_to_the_other_until_it_stands_again() -> None:
    other, moved = new_id(), (new_id(),)
    change = item().merge(other, moved, (), "같은 일", at=NOW)
    merged = change.state
    assert (merged.merged_into, merged.moved_links, change.fact) == (other, moved, AgendaMerged(NOW, "같은 일"))
    acts: list[Callable[[], object]] = [
        lambda: merged.become(Status.PARKED, "", at=NOW), lambda: merged.assign("과", "", at=NOW), lambda: merged.reply(ANSWER),
        lambda: merged.reply_meanwhile(ANSWER), lambda: merged.tag(Tags(("가",)), Tags(), at=NOW),
        lambda: merged.split(new_id(), "", at=NOW), lambda: merged.merge(new_id(), (), (), "", at=NOW),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.code, refused.value.details["merged_into"]) == ("ITEM_MERGED", str(other))
    again = merged.stand_again("다른 일", at=NOW)
    assert (again.state, again.fact) == (replace(merged, merged_into=None, moved_links=()), AgendaMergeUndone(NOW, "다른 일"))


def test_an_item_is_not_merged_into_itself() -> None:
    same = item()
    with pytest.raises(Refused) as refused:
        same.merge(same.id, (), (), "", at=NOW)
    assert refused.value.code == "MERGE_INTO_ITSELF"


def test_a_split_names_the_new_item() -> None:
    standing, new = item(), new_id()
    change = standing.split(new, "두 가지 일", at=NOW)
    assert (change.state, change.fact) == (standing, AgendaSplit(NOW, "두 가지 일", new))


def test_a_link_is_made_taken_back_and_made_again() -> None:
    made = link().made()
    gone = made.state.taken_back("operator", "다른 일", at=NOW)
    again = gone.state.again(made.state)
    assert (made.fact, gone.fact, again.fact) == (AgendaLinked(NOW), AgendaUnlinked(NOW, "다른 일"), AgendaLinked(NOW))
    assert made.state.id == gone.state.id == again.state.id
    assert (gone.state.removed, again.state.removed) == (True, False)


def test_the_same_link_twice_is_refused_and_another_relation_is_a_change() -> None:
    first = link()
    with pytest.raises(Refused) as refused:
        first.again(first)
    assert refused.value.code == "ALREADY_LINKED"
    other = Link(first.agenda_id, first.service, first.source_id, Relation.DECIDES, "officer", NOW)
    assert first.again(other).state.relation is Relation.DECIDES


def test_what_is_not_linked_cannot_be_taken_back() -> None:
    with pytest.raises(Refused) as refused:
        link().taken_back("officer", "", at=NOW).state.taken_back("officer", "", at=NOW)
    assert refused.value.code == "NOT_LINKED"


@pytest.mark.parametrize("confidence", [0.0, 1.5, float("nan")])
def test_a_confidence_outside_its_range_is_refused(confidence: float) -> None:
    wrong = Link(new_id(), Service.VOICES, uuid4(), Relation.RAISED, "officer", NOW, confidence=confidence)
    with pytest.raises(Refused):
        wrong.made()


def test_a_link_s_id_follows_from_its_ends() -> None:
    agenda_id, source_id = new_id(), uuid4()
    ids = {link_id(agenda_id, service, source_id) for service in Service}
    assert len(ids) == len(Service)
    assert link_id(agenda_id, Service.VOICES, source_id) in ids
