"""Themes: what can be done with one, both ways over the wire, and the row that the agenda makes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from madang.agenda.v1 import theme_pb2 as pb
from madang.type.v1 import vocabulary_pb2
from services.agenda.domain.link import Service
from services.agenda.domain.theme import ServiceCount, Theme, ThemeSource, ThemeStatus, theme_id
from services.agenda.events import ThemeDismissed, ThemeEmerged
from services.agenda.projection.apply import fact_of
from services.agenda.projection.rows import ItemRow
from services.agenda.wire.theme import summary_to_wire, theme_event, theme_from_wire, theme_to_wire, themes_from_wire
from services.kit.contracts import event_type_of
from services.kit.errors import Refused
from services.kit.ids import agenda_id_of
from tests.agenda_log import FactLog

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
THEME = Theme(
    "빈집", date(2026, 10, 26), ("골목", "담장"), 6, (ServiceCount(Service.VOICES, 2), ServiceCount(Service.PROPOSALS, 4)), (0, 1, 1),
    (ThemeSource(Service.VOICES, uuid4(), uuid4()), ThemeSource(Service.PROPOSALS, uuid4(), uuid4())), NOW,
)  # fmt: skip


def test_a_theme_s_id_follows_from_its_word_and_window() -> None:
    assert THEME.id == theme_id("빈집", date(2026, 10, 26)) == UUID("fd579d24-ea7c-5386-acfd-2a412bcd2b94")
    assert len({THEME.id, theme_id("빈집", date(2026, 11, 23)), theme_id("골목", date(2026, 10, 26))}) == 3


def test_a_theme_emerges_and_is_dismissed_with_a_reason_once() -> None:
    assert THEME.emerged(at=NOW).fact == ThemeEmerged(NOW)
    change = THEME.dismiss("축제 이름", at=NOW)
    assert change.fact == ThemeDismissed(NOW, "축제 이름")
    assert (change.state.status, change.state.reason) == (ThemeStatus.DISMISSED, "축제 이름")
    with pytest.raises(Refused) as refused:
        change.state.dismiss("다시", at=NOW)
    assert refused.value.code == "TRANSITION_FORBIDDEN"


@pytest.mark.parametrize(
    "theme", [THEME, replace(THEME, status=ThemeStatus.DISMISSED, reason="아님"), replace(THEME, other_words=(), evidence=())]
)
def test_a_theme_is_the_same_after_both_ways(theme: Theme) -> None:
    assert theme_from_wire(theme_to_wire(theme)) == theme


def test_a_list_leaves_the_evidence_out() -> None:
    assert theme_from_wire(summary_to_wire(THEME)) == replace(THEME, evidence=())


def test_its_facts_have_events_of_their_own() -> None:
    messages: list[Any] = [theme_event(fact, THEME) for fact in (ThemeEmerged(NOW), ThemeDismissed(NOW, "왜"))]
    assert [event_type_of(message).removeprefix("kr.go.seoul.madang.theme.") for message in messages] == ["emerged.v1", "dismissed.v1"]
    assert messages[1].reason == "왜"


def test_a_listing_is_of_the_window_that_a_day_lies_in() -> None:
    request = pb.ListThemesRequest(
        window="2026-11-20", status=pb.THEME_STATUS_CANDIDATE, service=vocabulary_pb2.SOURCE_SERVICE_VOICES, page_size=7
    )
    listing = themes_from_wire(request)
    assert (listing.window, listing.status, listing.service, listing.page.size) == (
        date(2026, 10, 26), ThemeStatus.CANDIDATE, Service.VOICES, 7,
    )  # fmt: skip
    assert themes_from_wire(pb.ListThemesRequest()).window is None
    with pytest.raises(Refused) as refused:
        themes_from_wire(pb.ListThemesRequest(window="yesterday"))
    assert refused.value.code == "DATE_INVALID"


@pytest.mark.parametrize("status", ThemeStatus)
def test_a_theme_is_a_source_of_its_own_service_until_it_is_dismissed(status: ThemeStatus) -> None:
    log, theme = FactLog(), replace(THEME, status=status)
    record = log.publish("agenda", theme.id, theme_event(ThemeEmerged(NOW), theme))
    row = fact_of(record).row
    assert isinstance(row, ItemRow)
    assert (row.agenda_id, row.service, row.source_id) == (agenda_id_of("themes", theme.id), "themes", theme.id)
    assert (row.title, row.body, row.tags) == ("오르는 주제: 빈집", "빈집 골목 담장", ("source:themes", "theme:빈집"))
    assert (row.raised_at, row.source_status, row.gone) == (NOW, str(status), status is ThemeStatus.DISMISSED)
