"""`madang vocabularies show` as people read it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from madang.agenda.v1 import label_pb2
from madang.agenda.v1 import vocabulary_pb2 as pb
from services.cli import methods
from services.cli.__main__ import run
from services.cli.exits import Exit

LABEL = label_pb2.Label(ko="탐색", en="explore", zh="探索", vi="tìm hiểu")
FOUND = pb.GetVocabularyResponse(name="phase", label=LABEL, codes=[pb.VocabularyCode(code="explore", label=LABEL)])


@pytest.fixture(autouse=True)
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wire:
        def unary_unary(self, *_path: Any, **_how: Any) -> Any:
            async def call(_request: Any) -> pb.GetVocabularyResponse:
                return FOUND

            return call

    @asynccontextmanager
    async def channel(_service: str) -> AsyncIterator[Wire]:
        yield Wire()

    monkeypatch.setattr(methods, "channel", channel)


def test_a_vocabulary_is_a_table_of_codes_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocabularies", "show", "phase"]) == Exit.OK
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["code", "ko", "en", "zh", "vi"]
    assert row.split() == ["explore", "탐색", "explore", "探索", "tìm", "hiểu"]


def test_one_language_is_enough_for_whoever_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocabularies", "show", "phase", "--language", "vi"]) == Exit.OK
    assert capsys.readouterr().out.splitlines()[1].split() == ["explore", "tìm", "hiểu"]
    assert run(["vocabularies", "show", "phase", "--language", "vi", "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out)["codes"] == [{"code": "explore", "label": {"vi": "tìm hiểu"}}]


def test_a_language_that_the_platform_does_not_speak_is_a_usage_error() -> None:
    assert run(["vocabularies", "show", "phase", "--language", "de"]) == Exit.USAGE
