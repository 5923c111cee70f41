"""The knowledge base, coordination meetings, service codes and likeness, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.errors import Refused
from services.kit.text import Text
from services.proposals.domain import service_codes
from services.proposals.domain.coordination import CaseDecision, CoordinationMeeting
from services.proposals.domain.knowledge import KNOWLEDGE, KnowledgeEntry, KnowledgeStatus
from services.proposals.domain.similarity import likeness, rarest_words

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRY = KnowledgeEntry(UUID(int=1), KnowledgeStatus.DRAFT, "요일은?", Text("월요일", "ko"), "environment", "자원순환과", AT)
COMMANDS = {KnowledgeStatus.CONFIRMED: lambda e: e.confirm(), KnowledgeStatus.RETIRED: lambda e: e.retire("바뀜")}
MEETING = CoordinationMeeting(UUID(int=9), ("버스정책과", "보행정책과"), (CaseDecision(UUID(int=1), "보행정책과", "보도"),), AT)


@pytest.mark.parametrize("state", list(KnowledgeStatus))
@pytest.mark.parametrize("after", list(COMMANDS))
def test_an_entry_goes_the_ways_of_its_table_only(state: KnowledgeStatus, after: KnowledgeStatus) -> None:
    entry = replace(ENTRY, status=state)
    if after in KNOWLEDGE.after(state):
        assert COMMANDS[after](entry).state.status is after
        return
    with pytest.raises(Refused) as refused:
        COMMANDS[after](entry)
    assert (refused.value.code, refused.value.details["state"]) == ("TRANSITION_FORBIDDEN", state)


def test_an_entry_is_never_published() -> None:
    assert {change.fact for change in (ENTRY.drafted(), ENTRY.confirm(), ENTRY.retire("바뀜"))} == {None}


def test_only_a_confirmed_entry_answers() -> None:
    with pytest.raises(Refused) as refused:
        ENTRY.check_confirmed()
    assert refused.value.code == "KNOWLEDGE_NOT_CONFIRMED"


@pytest.mark.parametrize(
    ("meeting", "code"),
    [
        (replace(MEETING, decisions=MEETING.decisions * 2), "DUPLICATE_ITEM"),
        (replace(MEETING, decisions=(CaseDecision(UUID(int=1), "주택정책과", "집"),)), "DEPARTMENT_ABSENT"),
    ],
)
def test_a_meeting_settles_each_case_once_and_gives_it_to_who_was_there(meeting: CoordinationMeeting, code: str) -> None:
    with pytest.raises(Refused) as refused:
        meeting.decided(at=AT)
    assert refused.value.code == code


def test_rule_improvements_and_town_projects_are_among_the_services() -> None:
    assert {"rule_improvement", "town_project", "proposal"} <= set(service_codes.BY_CODE)
    assert len(service_codes.BY_CODE) == len(service_codes.SERVICE_CODES)
    assert service_codes.known("") == "proposal"
    with pytest.raises(Refused) as refused:
        service_codes.known("ufo")
    assert refused.value.code == "SERVICE_CODE_UNKNOWN"


def test_others_are_looked_for_by_the_longest_words_without_their_particles() -> None:
    assert rarest_words("버스 정류장에 그늘막을 설치해 주세요") == ["정류장", "그늘막", "설치해"]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("그늘막 설치", "그늘막 설치", 1.0, 1.0),
        ("버스 정류장에 그늘막을 설치해 주세요", "정류장 그늘막 설치 바랍니다", 10 / 26, 10 / 26),
        ("버스 정류장에 그늘막을 설치해 주세요", "도서관을 늦게까지 열어 주세요", 0.0, 0.2),
        ("a", "", 0.0, 0.0),
    ],
)
def test_titles_are_as_alike_as_their_pairs_of_characters(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)
