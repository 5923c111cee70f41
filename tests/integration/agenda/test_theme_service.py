"""Themes from the wire: listed, looked at, dismissed, opened as an item."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, theme_pb2, theme_pb2_grpc
from madang.type.v1 import vocabulary_pb2
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.integration.agenda.carried import Carried, carried
from tests.integration.agenda.conftest import Store
from tests.integration.agenda.test_themes import SCHEMA, WINDOW, feed, judge_all, said

THEMES = vocabulary_pb2.SOURCE_SERVICE_THEMES


class Emerging:
    """A served agenda whose log is carried into the store and into the counts by hand."""

    def __init__(self, carried: Carried, store: Store) -> None:
        self.carried, self._store = carried, store
        self.stub: Any = theme_pb2_grpc.ThemeServiceStub(carried.served.channel)

    async def rise(self, word: str, day: date = WINDOW, services: tuple[str, ...] = ("voices", "proposals")) -> str:
        """Let a theme emerge out of six sources; answers its id."""
        for number in range(6):
            said(self.carried.log, services[number % 2], f"{word}{number} 곁", day + timedelta(days=number))
        counting = await self._store.connect(SCHEMA)
        await feed(counting, self.carried.log)
        await judge_all(self._store, counting)
        await self.carried.carry()
        themes = (await self.ask("ListThemes", theme_pb2.ListThemesRequest())).themes
        return next(str(theme.theme_id) for theme in themes if theme.word == word)

    async def ask(self, method: str, request: Any, role: str = "operator") -> Any:
        return await getattr(self.stub, method)(request, metadata=self.carried.served.caller(role))

    async def refusal(self, method: str, request: Any) -> Any:
        return await self.carried.served.refusal(getattr(self.stub, method)(request, metadata=self.carried.served.caller()))

    async def listed(self, **filters: Any) -> list[str]:
        return [theme.word for theme in (await self.ask("ListThemes", theme_pb2.ListThemesRequest(**filters))).themes]


@pytest.fixture
async def themes(fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[Emerging]:
    async with carried(fresh_database, tmp_path) as agenda:
        store = Store(agenda.served.dsn)
        yield Emerging(agenda, store)
        await store.end()


async def test_a_theme_shows_its_evidence_with_titles_and_how_it_went_on(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    said(themes.carried.log, "council", "빈집", WINDOW + timedelta(days=30))
    await themes.rise("나루", WINDOW + timedelta(days=28))
    shown = await themes.ask("GetTheme", theme_pb2.GetThemeRequest(theme_id=theme_id))
    assert (shown.theme.word, shown.theme.sources, list(shown.theme.before)) == ("빈집", 6, [0, 0, 0])
    assert [each.title for each in shown.evidence] == [f"빈집{number} 곁" for number in range(6)]
    services = {str(identity): service for identity, service in themes.carried.log.services.items()}
    for each in shown.evidence:
        assert each.agenda_id == str(agenda_id_of(services[each.source_id], each.source_id))
    counts = {(each.window, vocabulary_pb2.SourceService.Name(each.service)): each.sources for each in shown.counts}
    assert counts == {
        (WINDOW.isoformat(), "SOURCE_SERVICE_VOICES"): 3, (WINDOW.isoformat(), "SOURCE_SERVICE_PROPOSALS"): 3,
        ((WINDOW + timedelta(days=28)).isoformat(), "SOURCE_SERVICE_COUNCIL"): 1,
    }  # fmt: skip
    assert (shown.written.revision, shown.written.version) == (1, 1)


async def test_evidence_that_was_taken_back_has_no_title_any_more(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    shown = await themes.ask("GetTheme", theme_pb2.GetThemeRequest(theme_id=theme_id))
    voice = next(each for each in shown.evidence if each.service == vocabulary_pb2.SOURCE_SERVICE_VOICES)
    identity = next(known for known in themes.carried.log.services if str(known) == voice.source_id)
    said(themes.carried.log, "voices", "", WINDOW, identity, gone=True)
    await themes.carried.carry()
    again = await themes.ask("GetTheme", theme_pb2.GetThemeRequest(theme_id=theme_id))
    assert [each.title for each in again.evidence if each.source_id == voice.source_id] == [""]
    assert again.theme.sources == 6


async def test_themes_are_listed_newest_window_first_and_narrowed(themes: Emerging) -> None:
    await themes.rise("빈집")
    await themes.rise("나루", WINDOW + timedelta(days=28), ("council", "workshops"))
    assert await themes.listed() == ["나루", "빈집"]
    assert await themes.listed(window=(WINDOW + timedelta(days=27)).isoformat()) == ["빈집"]
    assert await themes.listed(service=vocabulary_pb2.SOURCE_SERVICE_COUNCIL) == ["나루"]
    assert await themes.listed(status=theme_pb2.THEME_STATUS_DISMISSED) == []
    first = await themes.ask("ListThemes", theme_pb2.ListThemesRequest(page_size=1))
    assert [theme.word for theme in first.themes] == ["나루"]
    assert not first.themes[0].evidence
    assert await themes.listed(page_size=1, page_token=first.next_page_token) == ["빈집"]


async def test_a_theme_is_a_candidate_that_an_officer_opens_an_item_for(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    candidates = await themes.carried.ask("ListItems", pb.ListItemsRequest(source=THEMES, theme="빈집"))
    [candidate] = candidates.items
    assert (candidate.title, candidate.status) == ("오르는 주제: 빈집", item_pb2.AGENDA_STATUS_CANDIDATE)
    assert candidate.agenda_id == str(agenda_id_of("themes", theme_id))
    opened = await themes.carried.ask(
        "OpenItem", pb.OpenItemRequest(request_id=str(uuid4()), sources=[pb.SourceRef(service=THEMES, source_id=theme_id)])
    )
    await themes.carried.carry()
    item = await themes.carried.item(opened.written.id)
    assert (item.title, [part.source_id for part in item.sources]) == ("오르는 주제: 빈집", [theme_id])
    found = await themes.carried.ask("ListItems", pb.ListItemsRequest(query="오르는 빈집"))
    assert [each.agenda_id for each in found.items] == [opened.written.id]


async def test_an_item_of_a_theme_and_one_service_does_not_come_from_several(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    proposal = next(identity for identity, service in themes.carried.log.services.items() if service == "proposals")
    refs = [
        pb.SourceRef(service=THEMES, source_id=theme_id),
        pb.SourceRef(service=vocabulary_pb2.SOURCE_SERVICE_PROPOSALS, source_id=str(proposal)),
    ]
    opened = await themes.carried.ask("OpenItem", pb.OpenItemRequest(request_id=str(uuid4()), sources=refs))
    await themes.carried.carry()
    tags = await themes.carried.connection.fetchval("SELECT tags FROM agenda_item WHERE agenda_id = $1::uuid", opened.written.id)
    assert {"source:themes", "source:proposals", "theme:빈집"} <= set(tags)
    assert "services:several" not in tags


async def test_a_dismissed_theme_is_no_candidate_and_does_not_come_back(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    request = theme_pb2.DismissThemeRequest(request_id=str(uuid4()), theme_id=theme_id, etag=1, reason="축제 이름")
    replies = [await themes.ask("DismissTheme", request, role) for role in ("officer", "officer")]
    assert replies[0] == replies[1]
    assert (replies[0].written.revision, replies[0].written.version) == (2, 2)
    await themes.carried.carry()
    assert not (await themes.carried.ask("ListItems", pb.ListItemsRequest(source=THEMES))).items
    assert await themes.listed(status=theme_pb2.THEME_STATUS_DISMISSED) == ["빈집"]
    shown = await themes.ask("GetTheme", theme_pb2.GetThemeRequest(theme_id=theme_id))
    assert (shown.theme.status, shown.theme.reason, len(shown.evidence)) == (theme_pb2.THEME_STATUS_DISMISSED, "축제 이름", 6)
    await themes.rise("나루")
    assert await themes.listed(status=theme_pb2.THEME_STATUS_CANDIDATE) == ["나루"]


async def test_what_cannot_be_done_with_a_theme_says_why(themes: Emerging) -> None:
    theme_id = await themes.rise("빈집")
    nowhere = await themes.refusal("GetTheme", theme_pb2.GetThemeRequest(theme_id=str(uuid4())))
    assert (nowhere.kind, nowhere.code) == (Kind.NOT_FOUND, "NOT_FOUND")
    for nothing in ("", " \u3000\n"):
        silent = await themes.refusal("DismissTheme", theme_pb2.DismissThemeRequest(theme_id=theme_id, reason=nothing))
        assert (silent.kind, silent.code) == (Kind.INVALID, "REASON_REQUIRED")
    old = await themes.refusal("DismissTheme", theme_pb2.DismissThemeRequest(theme_id=theme_id, etag=7, reason="x"))
    assert old.code == "VERSION_CONFLICT"
    await themes.ask("DismissTheme", theme_pb2.DismissThemeRequest(theme_id=theme_id, reason="x"))
    again = await themes.refusal("DismissTheme", theme_pb2.DismissThemeRequest(theme_id=theme_id, reason="x"))
    assert (again.kind, again.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    day = await themes.refusal("ListThemes", theme_pb2.ListThemesRequest(window="yesterday"))
    assert day.code == "DATE_INVALID"
    token = await themes.refusal("ListThemes", theme_pb2.ListThemesRequest(page_token="x"))
    assert token.code == "PAGE_TOKEN_INVALID"
