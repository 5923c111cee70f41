"""What codes are called, asked of the running service."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from madang.agenda.v1 import vocabulary_pb2 as pb
from madang.agenda.v1 import vocabulary_pb2_grpc
from services.kit.errors import Kind
from services.kit.vocabularies import vocabularies
from tests.serving import Served, serving


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with serving("agenda", await fresh_database("agenda"), Path(tmp_path_factory.mktemp("agenda"))) as served:
        yield served


@pytest.fixture
def stub(served: Served) -> Any:
    return vocabulary_pb2_grpc.VocabularyServiceStub(served.channel)


async def test_anybody_learns_what_every_code_is_called(stub: Any) -> None:
    listed = (await stub.ListVocabularies(pb.ListVocabulariesRequest())).vocabularies
    assert [item.name for item in listed] == list(vocabularies())
    for item in listed:
        found = await stub.GetVocabulary(pb.GetVocabularyRequest(name=item.name))
        assert len(found.codes) == item.codes
        assert found.label == item.label


async def test_codes_come_in_their_order_with_their_words(stub: Any) -> None:
    found = await stub.GetVocabulary(pb.GetVocabularyRequest(name="phase"))
    assert [code.code for code in found.codes][:5] == ["proposed", "explore", "plan", "practise", "diffuse"]
    assert (found.codes[1].label.ko, found.codes[1].label.vi) == ("탐색", "tìm hiểu")


async def test_a_vocabulary_that_nobody_has_is_not_found(served: Served, stub: Any) -> None:
    refused = await served.refusal(stub.GetVocabulary(pb.GetVocabularyRequest(name="colours")))
    assert (refused.kind, refused.code) == (Kind.NOT_FOUND, "NOT_FOUND")
