"""What `madang agenda` makes of what people write, and of what the agenda answers."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import typer

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, suggestion_pb2
from madang.type.v1 import vocabulary_pb2, written_pb2
from services.cli import agenda, agenda_lists, agenda_shown
from services.cli.__main__ import run
from services.cli.exits import Exit


def test_codes_are_numbers_and_back() -> None:
    for enum in (item_pb2.AgendaStatus, item_pb2.Relation, vocabulary_pb2.SourceService, vocabulary_pb2.RepresentedGroup):
        assert [agenda_shown.number(enum, agenda_shown.code(enum, value), "--x") for value in enum.values()] == list(enum.values())


def test_an_unknown_code_names_those_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="voices, council, workshops, proposals"):
        agenda_shown.number(vocabulary_pb2.SourceService, "senate", "--source")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02", datetime(2026, 11, 1, 15, tzinfo=UTC)),
        ("2026-11-02T09:00", datetime(2026, 11, 2, 0, tzinfo=UTC)),
        ("2026-11-02T09:00+00:00", datetime(2026, 11, 2, 9, tzinfo=UTC)),
    ],
)
def test_a_day_begins_in_seoul(text: str, moment: datetime) -> None:
    assert agenda_lists.moment(text, "--since") == moment


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="2026-13-01"):
        agenda_lists.moment("2026-13-01", "--since")


def test_an_item_without_clock_or_owner_says_so_plainly() -> None:
    shown = agenda_shown.item(pb.AgendaItem(agenda_id="x", status=item_pb2.AGENDA_STATUS_CANDIDATE))
    assert (shown["status"], shown["due_on"], shown["owner"], shown["first_raised_at"], shown["part_of"]) == (
        "candidate",
        None,
        "",
        None,
        None,
    )


def test_a_report_has_the_shape_that_scripts_read() -> None:
    report = pb.VerifyReport(ok=True, services=[pb.ServiceReport(service="voices", aggregates=2)], ledger=pb.LedgerReport(applied=5))
    assert agenda_shown.report(report) == {
        "ok": True, "services": {"voices": {"aggregates": 2, "missing": 0, "behind": 0, "mismatched": 0}},
        "ledger": {"applied": 5, "duplicates": 0, "dead_letters": 0, "gaps": 0}, "damaged": [],
    }  # fmt: skip


def test_suggestions_have_the_shape_that_scripts_read() -> None:
    found = suggestion_pb2.Suggestion(
        agenda_id="x", title="가로등", score=0.5, words=["가로등", "밤길"], status=item_pb2.AGENDA_STATUS_OPEN,
        services=[vocabulary_pb2.SOURCE_SERVICE_VOICES],
    )  # fmt: skip
    assert agenda_shown.suggestion(found) == {
        "agenda_id": "x", "score": 0.5, "words": ["가로등", "밤길"], "title": "가로등", "status": "open", "owner": "",
        "services": ["voices"],
    }  # fmt: skip


def test_suggest_answers_them_best_first_in_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def suggest(_service: str, _name: str, request: suggestion_pb2.SuggestItemsRequest) -> suggestion_pb2.SuggestItemsResponse:
        asked.append(request)
        found = [suggestion_pb2.Suggestion(agenda_id=name, score=score) for name, score in (("a", 0.9), ("b", 0.4))]
        return suggestion_pb2.SuggestItemsResponse(suggestions=found)

    monkeypatch.setattr(agenda, "asked", suggest)
    assert run(["agenda", "suggest", "x", "--limit", "3", "--json"]) == 0
    answered = json.loads(capsys.readouterr().out)
    assert [(each["agenda_id"], each["score"], each["words"]) for each in answered["suggestions"]] == [("a", 0.9, []), ("b", 0.4, [])]
    assert asked == [suggestion_pb2.SuggestItemsRequest(agenda_id="x", limit=3)]


def test_a_moment_before_seoul_had_whole_minutes_is_taken() -> None:
    assert agenda_lists.moment("1905-01-01", "--since") == datetime(1904, 12, 31, 15, 32, 8, tzinfo=UTC)


@pytest.mark.parametrize("command", ["report year 2026", "agenda show x", "agenda list", "coverage", "clocks", "views show x"])
@pytest.mark.parametrize("moment", ["0001-01-01", "1899-12-31", "9999-12-31T23:59-12:00"])
def test_a_moment_out_of_range_is_a_usage_error(command: str, moment: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--as-of", moment]) == Exit.USAGE
    assert "1900 to 2199" in " ".join(capsys.readouterr().err.replace("│", " ").split())


CANDIDATE, PART, ITEM, OPENED = (str(UUID(int=number)) for number in range(1, 5))
OF_ITEM = pb.ItemSource(service=vocabulary_pb2.SOURCE_SERVICE_VOICES, source_id=str(UUID(int=9)))
STANDING = {
    CANDIDATE: pb.AgendaItem(agenda_id=CANDIDATE, status=item_pb2.AGENDA_STATUS_CANDIDATE, sources=[OF_ITEM]),
    PART: pb.AgendaItem(agenda_id=PART, status=item_pb2.AGENDA_STATUS_CANDIDATE, sources=[OF_ITEM], part_of=ITEM),
    ITEM: pb.AgendaItem(agenda_id=ITEM, status=item_pb2.AGENDA_STATUS_OPEN),
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The commands that a served agenda with a candidate, a part of an item and the item was given."""
    given: list[Any] = []

    def writing(reply: Callable[..., Any], agenda_id: str) -> Any:
        async def call(request: Any) -> Any:
            given.append(request)
            return reply(written=written_pb2.Written(id=agenda_id))

        return call

    async def get(request: pb.GetItemRequest) -> pb.GetItemResponse:
        return pb.GetItemResponse(item=STANDING[request.agenda_id])

    @asynccontextmanager
    async def stub() -> AsyncIterator[Any]:
        yield SimpleNamespace(
            GetItem=get, OpenItem=writing(pb.OpenItemResponse, OPENED), LinkSource=writing(pb.LinkSourceResponse, str(UUID(int=8)))
        )  # fmt: skip

    monkeypatch.setattr(agenda, "agenda_stub", stub)
    return given


@pytest.mark.parametrize(("asked", "into"), [(ITEM, ITEM), (PART, ITEM), (CANDIDATE, OPENED)])
def test_a_source_is_linked_to_the_item_that_the_named_one_is_or_becomes(written: list[Any], asked: str, into: str) -> None:
    assert run(["agenda", "link", asked, f"proposals:{UUID(int=7)}"]) == Exit.OK
    assert written[-1].agenda_id == into
    assert len(written) == 1 + (asked == CANDIDATE)


@pytest.mark.parametrize("source", ["nonsense", "senate:x", "voices:nonsense"])
def test_nothing_is_opened_for_what_names_no_source(written: list[Any], source: str) -> None:
    assert run(["agenda", "link", CANDIDATE, source]) == Exit.USAGE
    assert written == []
