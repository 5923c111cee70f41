"""Items and links, without anything around them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.agenda.domain.item import TRANSITIONS, UNDECIDED, AgendaItem, Answer, Status
from services.agenda.domain.link import Link, Relation, Service, link_id
from services.agenda.events import AgendaAnswered, AgendaItemOpened, AgendaLinked, AgendaOwnerAssigned, AgendaStatusChanged, AgendaUnlinked
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
