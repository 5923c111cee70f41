"""Pairs between the wire and the domain lose nothing that may travel."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from madang.council.v1 import agenda_item_pb2, council_messages_pb2, import_messages_pb2, meeting_pb2, minutes_pb2
from services.council import events
from services.council.domain.council import Council, Member, Membership, Subcommittee, Term
from services.council.domain.item import AgendaItem, Decision, Document, ItemResult, VoteBase, Votes
from services.council.domain.meeting import Attendance, CountryCount, Meeting, MeetingStatus, MeetingType, Presence
from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.domain.outcome import ActionItem, ActionStatus, CityReply, Resolution, ResolutionKind, ResolutionStatus
from services.council.domain.passage import DisclosureLevel, Passage, Span
from services.council.domain.series import MeetingSeries, SeriesStatus
from services.council.domain.translation import TranslatedPart, Translation, TranslationStatus
from services.council.wire import archive, council, item, meeting, minutes, outcome, series, translation
from services.kit.contracts import event_type_of
from services.kit.errors import Refused
from services.kit.ids import derived_id
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
COUNCIL = Council(
    UUID(int=1), "외국인주민대표자회의", AT, date(2026, 1, 1), date(2027, 12, 31), (), True, "https://x/1",
    "자문 기구", (), 2, (Term(1, date(2024, 1, 1), date(2025, 12, 31)),), (Subcommittee.LIVING_ENVIRONMENT,), ("성원 보고",), AT,
)  # fmt: skip
MEETING = Meeting(
    UUID(int=2), COUNCIL.id, COUNCIL.name, "제4차", MeetingType.SUBCOMMITTEE, AT, AT.replace(hour=11), "시청", MeetingStatus.CLOSED,
    Attendance(30, 12, 20), "", "https://x/2", "태풍", AT, True, Presence((), (CountryCount("CN", 12), CountryCount("VN", 8))),
)  # fmt: skip
BARE_MEETING = Meeting(UUID(int=2), COUNCIL.id, COUNCIL.name, "제4차", MeetingType.PLENARY, AT)
ITEM = AgendaItem(
    UUID(int=3), MEETING.sitting, "3.1", 7, "통역 확대", Text("병원 통역", "ko"), True,
    Decision(ItemResult.ADOPTED_AMENDED, Votes(12, 0, 1, VoteBase.MEMBERS, 24), "수정 가결", Text("확대한다", "ko")),
    "외국인주민과", (UUID(int=9),),
    ("health", "language"), (RepresentedGroup.FOREIGNERS, RepresentedGroup.WOMEN), District("11560"), "https://x/3",
    (Document("건의서", "https://x/4.pdf", "application/pdf"),),
    carried_from=UUID(int=10),
)  # fmt: skip
BARE_ITEM = AgendaItem(UUID(int=3), MEETING.sitting, "", 0, "안건")
RESOLUTION = Resolution(UUID(int=4), MEETING.sitting, ITEM.id, ResolutionKind.POLICY_PROPOSAL, Text("건의한다", "ko"), True)
REPLIED = replace(
    RESOLUTION, matters=(UUID(int=9),), status=ResolutionStatus.REPLIED, reply_due_on=date(2026, 12, 18), reply_late=True,
    reply=CityReply(Text("하겠습니다", "ko"), "외국인주민과", AT),
)  # fmt: skip
SERIES = MeetingSeries(
    UUID(int=7), COUNCIL.id, COUNCIL.name, MeetingType.PLENARY, "2026-Q1", "2026-Q4", AT, SeriesStatus.ENDED, "2027-Q4"
)  # fmt: skip
ACTION = ActionItem(
    UUID(int=5),
    MEETING.sitting,
    None,
    Text("충원", "ko"),
    True,
    "외국인주민과",
    date(2026, 12, 31),
    ActionStatus.DONE,
    AT,
    True,
    2,
    UUID(int=8),
)
SPANS = (Span(0, 1, DisclosureLevel.PARTIAL, 5), Span(2, 3, DisclosureLevel.CLOSED, 6))
WORDS = {part: Passage(Text(f"{part}의 글", "ko"), SPANS) for part in MinutesPart}
MINUTES = Minutes(UUID(int=6), MEETING.sitting, "ko", AT, MinutesStatus.CORRECTED, WORDS, 2, "오기", AT, AT, date(2026, 11, 30), True)
TRANSLATION = Translation(
    UUID(int=7), MINUTES.id, MEETING.sitting, "en", AT, TranslationStatus.OFFICIAL,
    {part: TranslatedPart(Passage(Text(f"{part} in words", "en"), SPANS), 2, "ab" * 32) for part in MinutesPart}, AT,
)  # fmt: skip

PAIRS: list[tuple[Any, Any, Any]] = [
    (council.council_to_wire, council.council_from_wire, COUNCIL),
    (meeting.meeting_to_wire, meeting.meeting_from_wire, MEETING),
    (meeting.meeting_to_wire, meeting.meeting_from_wire, BARE_MEETING),
    (item.item_to_wire, item.item_from_wire, ITEM),
    (item.item_to_wire, item.item_from_wire, BARE_ITEM),
    (outcome.resolution_to_wire, outcome.resolution_from_wire, RESOLUTION),
    (outcome.resolution_to_wire, outcome.resolution_from_wire, REPLIED),
    (series.series_to_wire, series.series_from_wire, SERIES),
    (outcome.action_to_wire, outcome.action_from_wire, ACTION),
    (lambda state: minutes.minutes_to_wire(state, MinutesPart, whole=True), minutes.minutes_from_wire, MINUTES),
    (lambda state: translation.translation_to_wire(state, MinutesPart, whole=True), translation.translation_from_wire, TRANSLATION),
]


@pytest.mark.parametrize(("to_wire", "from_wire", "state"), PAIRS, ids=lambda value: type(value).__name__)
def test_a_state_comes_back_as_it_went(to_wire: Any, from_wire: Any, state: Any) -> None:
    assert from_wire(to_wire(state)) == state


FACTS: list[tuple[Any, Any, Any, Any]] = [
    *((council.event_of, council.council_to_wire, fact, COUNCIL) for fact in council.FACTS),
    *((series.event_of, series.series_to_wire, fact, SERIES) for fact in series.FACTS),
    *((meeting.event_of, meeting.meeting_to_wire, fact, MEETING) for fact in meeting.FACTS),
    *((item.event_of, item.item_to_wire, fact, ITEM) for fact in item.FACTS),
    *((outcome.resolution_event_of, outcome.resolution_to_wire, fact, REPLIED) for fact in outcome.RESOLUTION_FACTS),
    *((outcome.action_event_of, outcome.action_to_wire, fact, ACTION) for fact in outcome.ACTION_FACTS),
    *((minutes.event_of, lambda state: minutes.minutes_to_wire(state, minutes.TRAVELLING), fact, MINUTES) for fact in minutes.FACTS),
    *(
        (translation.event_of, lambda state: translation.translation_to_wire(state, minutes.TRAVELLING), fact, TRANSLATION)
        for fact in translation.FACTS
    ),
]


@pytest.mark.parametrize(("event_of", "to_wire", "fact", "after"), FACTS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_fact_carries_the_state_after_it_and_has_a_type(event_of: Any, to_wire: Any, fact: Any, after: Any) -> None:
    message = event_of(fact(*[AT, "2026-Q3"][: len(fields(fact))]), after)
    assert message.after == to_wire(after)
    assert message.occurred_at.ToDatetime(UTC) == AT
    assert event_type_of(message).startswith("kr.go.seoul.madang.")


def test_every_fact_of_the_service_is_tried() -> None:
    assert {fact for _, _, fact, _ in FACTS} == {
        value for value in vars(events).values() if isinstance(value, type) and value.__module__ == events.__name__
    }


def test_an_item_that_is_not_public_travels_without_its_words() -> None:
    message = item.item_to_wire(replace(ITEM, public=False))
    assert not message.HasField("text")
    assert not message.HasField("resolution_text")
    assert not message.documents
    assert (message.name, message.number) == ("통역 확대", "3.1")


def test_outcomes_of_an_item_that_is_not_public_travel_without_their_words() -> None:
    assert not outcome.resolution_to_wire(replace(RESOLUTION, public=False)).HasField("text")
    assert not outcome.resolution_to_wire(replace(REPLIED, public=False)).reply.HasField("text")
    assert not outcome.action_to_wire(replace(ACTION, public=False)).HasField("task")


def test_the_councils_own_people_see_what_is_not_public() -> None:
    assert item.item_to_wire(replace(ITEM, public=False), whole=True).text.plain == "병원 통역"
    assert outcome.resolution_to_wire(replace(RESOLUTION, public=False), whole=True).text.plain == "건의한다"
    assert outcome.action_to_wire(replace(ACTION, public=False), whole=True).task.plain == "충원"


def test_the_words_of_minutes_travel_from_publication_on() -> None:
    approved = replace(MINUTES, status=MinutesStatus.APPROVED, edition=0)
    assert not minutes.event_of(events.MinutesApproved(AT), approved).after.parts  # type: ignore[attr-defined]
    sent = minutes.event_of(events.MinutesPublished(AT), MINUTES).after.parts  # type: ignore[attr-defined]
    assert [minutes.PARTS.from_wire(part.part, "part") for part in sent] == [part for part in MinutesPart if part != "attendees"]


def test_what_travels_has_gaps_for_private_words_and_no_spans() -> None:
    sent: Any = [minutes.event_of(events.MinutesPublished(AT), MINUTES), translation.event_of(events.TranslationUpdated(AT), TRANSLATION)]
    parts = [part for message in sent for part in message.after.parts]
    assert len(parts) == 14
    assert not [part for part in parts if part.spans]
    assert parts[-1].text.plain == (
        "[Partly public: Official Information Disclosure Act, article 9 (1) 5]e[Not public: Official Information Disclosure Act, "
        "article 9 (1) 6]isions in words"
    )


def test_neither_members_nor_presenters_have_a_field_on_the_wire() -> None:
    members = tuple(Member(f"person-{n}", country, "위원", date(2026, 1, 1)) for n, country in enumerate(["VN", "CN", "VN"]))
    sent = council.council_to_wire(replace(COUNCIL, members=members, memberships=(Membership("person-9"),)))
    assert (sent.member_count, list(sent.countries), sent.membership_count) == (3, ["CN", "VN"], 1)
    assert [(item.country, item.count) for item in sent.members_by_country] == [("CN", 1), ("VN", 2)]
    assert b"person" not in sent.SerializeToString()
    there = Presence(("person-1",), (CountryCount("VN", 1),))
    assert b"person" not in meeting.meeting_to_wire(replace(MEETING, presence=there)).SerializeToString()
    assert b"person" not in item.item_to_wire(replace(ITEM, presenter_ref="person-7"), whole=True).SerializeToString()


def test_a_part_that_is_named_twice_is_refused() -> None:
    part = minutes_pb2.WrittenPart(part=minutes_pb2.MINUTES_PART_HOST)
    with pytest.raises(Refused) as refused:
        minutes.parts_from_wire([part, part])
    assert refused.value.code == "DUPLICATE_ITEM"


def test_a_member_without_a_first_day_is_refused_by_place() -> None:
    request = council_messages_pb2.CreateCouncilRequest(
        name="회의", term_start="2026-01-01", members=[council_messages_pb2.Member(person_ref="a", country="VN")]
    )
    with pytest.raises(Refused) as refused:
        council.created_from_wire(request, UUID(int=1), AT)
    assert refused.value.violations[0].field == "members[0].start_date"


def test_history_has_the_ids_of_its_origins() -> None:
    request = import_messages_pb2.ImportMeetingRequest(
        origin="m", council_origin="c", meeting_type=meeting_pb2.MEETING_TYPE_PLENARY, status=meeting_pb2.MEETING_STATUS_CLOSED,
        items=[import_messages_pb2.ImportedItem(origin="i", result=agenda_item_pb2.ITEM_RESULT_NOTED)],
    )  # fmt: skip
    request.start.FromDatetime(AT)
    history = archive.history_from_wire(request)
    made = history.items[0].make(history.make(COUNCIL).sitting)
    assert (history.meeting_id, history.council_id, made.id) == (
        derived_id("meeting", "m"), derived_id("council", "c"), derived_id("agenda_item", "i"),
    )  # fmt: skip
    assert history.items[0].decision.result is ItemResult.NOTED


def test_history_with_an_item_named_twice_is_refused() -> None:
    twice = [import_messages_pb2.ImportedItem(origin="i", result=agenda_item_pb2.ITEM_RESULT_NOTED)] * 2
    with pytest.raises(Refused) as refused:
        archive.history_from_wire(import_messages_pb2.ImportMeetingRequest(items=twice))
    assert (refused.value.code, refused.value.violations[0].field) == ("DUPLICATE_ITEM", "items[1].origin")
