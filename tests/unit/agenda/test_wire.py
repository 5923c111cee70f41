"""The agenda's wire, both ways, and what a query becomes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from madang.type.v1 import vocabulary_pb2
from services.agenda.domain.item import UNDECIDED, AgendaItem, Answer, Status
from services.agenda.domain.link import Link, Relation, Service
from services.agenda.events import AgendaAnswered, AgendaItemOpened, AgendaLinked, AgendaOwnerAssigned, AgendaStatusChanged, AgendaUnlinked
from services.agenda.wire.item import decision_from_wire, decision_to_wire, item_event
from services.agenda.wire.link import link_event, link_from_wire, link_to_wire
from services.agenda.wire.listing import candidates_from_wire, filters_from_wire, listing_from_wire
from services.kit.contracts import event_type_of
from services.kit.errors import Refused
from services.kit.ids import new_id
from services.kit.text import Text

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
ITEM = AgendaItem(new_id(), "빈집", Text("작업실로", "ko"), NOW, Status.ASSIGNED, "주택과", ("주거", "청년"), date(2026, 12, 1))
LINK = Link(ITEM.id, Service.COUNCIL, uuid4(), Relation.DECIDES, "officer", NOW, confidence=0.5, removed=True)


@pytest.mark.parametrize(
    "item",
    [
        ITEM,
        replace(ITEM, answer=Answer((Text("예", "ko"), Text("yes", "en")), "주택과", NOW)),
        replace(ITEM, owner=None, due_on=None, themes=(), summary=Text("")),
    ],
)
def test_an_item_is_the_same_after_both_ways(item: AgendaItem) -> None:
    assert decision_from_wire(decision_to_wire(item)) == item


@pytest.mark.parametrize("link", [LINK, replace(LINK, removed=False)])
def test_a_link_is_the_same_after_both_ways(link: Link) -> None:
    assert link_from_wire(link_to_wire(link)) == link


def test_every_fact_has_an_event_of_its_own_with_its_reason() -> None:
    items = [
        item_event(fact, ITEM)
        for fact in (AgendaItemOpened(NOW), AgendaStatusChanged(NOW, "왜"), AgendaOwnerAssigned(NOW, "왜"), AgendaAnswered(NOW))
    ]
    links = [link_event(fact, LINK) for fact in (AgendaLinked(NOW), AgendaUnlinked(NOW, "왜"))]
    assert len({event_type_of(message) for message in items + links}) == 6
    assert [getattr(message, "reason", None) for message in items + links] == [None, "왜", "왜", None, None, "왜"]


def test_no_filter_applies_unless_asked() -> None:
    filters = filters_from_wire(pb.ListItemsRequest())
    assert filters == type(filters)()


def test_every_filter_arrives() -> None:
    request = pb.ListItemsRequest(
        query="한강 Park", source=vocabulary_pb2.SOURCE_SERVICE_VOICES, group=vocabulary_pb2.REPRESENTED_GROUP_WOMEN,
        field=vocabulary_pb2.INNOVATION_FIELD_JOBS, theme="안전", district_code="11110", language="ko", owner="주택과", overdue=True,
        status=item_pb2.AGENDA_STATUS_OPEN,
    )  # fmt: skip
    filters = filters_from_wire(request)
    assert filters.words == ("한강", "park")
    assert set(filters.tags) == {"source:voices", "group:women", "field:jobs", "theme:안전", "district:11110", "language:ko"}
    assert (filters.statuses, filters.owner, filters.overdue) == ((Status.OPEN,), "주택과", True)


def test_a_quarter_and_a_period_both_count() -> None:
    request = pb.ListItemsRequest(quarter="2026-Q4")
    request.since.FromDatetime(NOW)
    filters = filters_from_wire(request)
    assert (filters.since, filters.until) == (NOW, datetime(2026, 12, 31, 15, tzinfo=UTC))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    request = pb.ListItemsRequest()
    request.since.FromDatetime(NOW)
    request.until.FromDatetime(NOW.replace(year=2025))
    with pytest.raises(Refused) as refused:
        filters_from_wire(request)
    assert refused.value.code == "TIME_RANGE"


def test_an_unknown_district_is_refused_and_an_unknown_sort_names_those_there_are() -> None:
    with pytest.raises(Refused) as refused:
        filters_from_wire(pb.ListItemsRequest(district_code="99999"))
    assert refused.value.code == "DISTRICT_UNKNOWN"
    with pytest.raises(Refused) as refused:
        _ = listing_from_wire(pb.ListItemsRequest(sort="name;drop"), NOW).order
    assert (refused.value.code, refused.value.details["allowed"]) == ("SORT_UNKNOWN", "newest, oldest, last_event, due")


def test_a_council_is_offered_what_is_not_yet_decided() -> None:
    assert candidates_from_wire(pb.ListCandidatesRequest(theme="안전")).filters.statuses == UNDECIDED
