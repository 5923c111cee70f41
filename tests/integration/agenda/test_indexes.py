"""Indexes from the file to their values, and the reviews of what fell below 100; every number opens what it is made of."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import yaml
from google.protobuf.json_format import ParseDict

from madang.agenda.v1 import index_pb2 as pb
from madang.agenda.v1 import index_pb2_grpc
from services.cli.methods import numbered
from services.kit.errors import Kind
from tests.serving import Served, serving

SAMPLE = Path(__file__).parents[3] / "examples" / "indexes" / "gtsn.yaml"
DEMAND, FEASIBILITY = pb.INDEX_REVIEW_CAUSE_DEMAND, pb.INDEX_REVIEW_CAUSE_FEASIBILITY
OPEN, CONCLUDED = pb.INDEX_REVIEW_STATUS_OPEN, pb.INDEX_REVIEW_STATUS_CONCLUDED


def sample(**changes: Any) -> pb.ImportIndexRequest:
    content = yaml.safe_load(SAMPLE.read_text(encoding="utf-8")) | {"request_id": str(uuid4())} | changes
    return ParseDict(numbered(pb.ImportIndexRequest.DESCRIPTOR, content), pb.ImportIndexRequest())


def values(code: str, **measured: float) -> pb.ImportIndexRequest:
    """Values of 2025 for an index that is there."""
    found = [pb.IndexValue(indicator=indicator, period="2025", value=value) for indicator, value in measured.items()]
    return pb.ImportIndexRequest(request_id=str(uuid4()), code=code, values=found)


class Stub:
    """The service as officers call it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.stub: Any = index_pb2_grpc.IndexServiceStub(served.channel)

    def call(self, method: str, request: Any, role: str = "innovation_officer") -> Any:
        return getattr(self.stub, method)(request, metadata=self.served.caller(role))

    async def take_in(self, request: pb.ImportIndexRequest) -> Any:
        return (await self.call("ImportIndex", request)).written

    async def reviews(self, **filters: Any) -> list[Any]:
        found, token = [], ""
        while True:
            page = await self.call("ListIndexReviews", pb.ListIndexReviewsRequest(**filters, page_size=7, page_token=token))
            found += page.reviews
            if not (token := page.next_page_token):
                return found

    async def refusal(self, method: str, request: Any) -> Any:
        return await self.served.refusal(self.call(method, request))

    async def facts(self, aggregate_id: str) -> list[str]:
        connection = await asyncpg.connect(self.served.dsn)
        try:
            rows = await connection.fetch("SELECT type FROM outbox WHERE aggregateid::text = $1 ORDER BY version", aggregate_id)
        finally:
            await connection.close()
        return [row["type"].removeprefix("kr.go.seoul.madang.") for row in rows]


@pytest.fixture(scope="module")
async def stub(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stub]:
    async with serving("agenda", await fresh_database("agenda"), Path(tmp_path_factory.mktemp("agenda"))) as served:
        made = Stub(served)
        await made.take_in(sample())
        yield made


async def test_the_whole_is_the_mean_of_areas_and_every_value_opens_what_it_is_made_of(stub: Stub) -> None:
    for period in ("2022", "2023", "2024"):
        found = await stub.call("GetIndex", pb.GetIndexRequest(index="gtsn", period=period))
        levels = [row.level for row in found.rows]
        assert [levels.count(level) for level in range(1, 5)] == [1, 6, 10, 50]
        for row in found.rows:
            opened = (await stub.call("ListIndexValues", row.records)).values
            assert len(opened) == row.indicators
            assert row.value == pytest.approx(mean_of_means(opened)), row.code


def mean_of_means(listed: Any) -> float:
    """The value of whatever some indicators are all of: they come area by area and task by task."""
    tasks = [(key[0], fmean(one.value for one in ones)) for key, ones in groupby(listed, lambda one: (one.area, one.task))]
    return fmean(fmean(value for _, value in ones) for _, ones in groupby(tasks, lambda pair: pair[0]))


async def test_a_value_is_what_was_measured_against_the_baseline(stub: Stub) -> None:
    for one in (await stub.call("ListIndexValues", pb.ListIndexValuesRequest(index="gtsn", period="2024"))).values:
        better = one.measured / one.baseline if one.direction == pb.INDEX_DIRECTION_MORE else one.baseline / one.measured
        assert one.value == pytest.approx(100 * better)


async def test_every_value_below_100_has_its_review_and_counts_open_their_lists(stub: Stub) -> None:
    for period in ("2022", "2023", "2024"):
        listed = (await stub.call("ListIndexValues", pb.ListIndexValuesRequest(index="gtsn", period=period))).values
        reviews = await stub.reviews(index="gtsn", period=period)
        below = {one.indicator: one.value for one in listed if one.value < 100}
        assert {review.indicator: review.opened_value for review in reviews} == below
        assert all(review.value == review.opened_value and review.title.ko for review in reviews)
        counts = (await stub.call("GetIndex", pb.GetIndexRequest(index="gtsn", period=period))).reviews
        assert [(count.status, count.count) for count in counts] == [(OPEN, len(below)), (CONCLUDED, 0)]
        for count in counts:
            assert len((await stub.call("ListIndexReviews", count.records)).reviews) == count.count


async def test_counts_open_their_lists_also_where_an_index_has_no_values_any_more(stub: Stub) -> None:
    await stub.take_in(sample(code="emptied"))
    emptied = sample(code="emptied", values=[])
    for indicator in emptied.definition.indicators:
        indicator.code += "-new"
    await stub.take_in(emptied)
    found = await stub.call("GetIndex", pb.GetIndexRequest(index="emptied"))
    open_, concluded = found.reviews
    assert (found.period, open_.count > 0, concluded.count) == ("", True, 0)
    assert len(await stub.reviews(index="emptied", period=open_.records.period, status=OPEN)) == open_.count


@pytest.mark.parametrize("role", ["", "citizen", "partner", "officer"])
async def test_reviews_are_counted_only_for_who_may_list_them(stub: Stub, role: str) -> None:
    metadata = stub.served.caller(role) if role else []
    found = await stub.stub.GetIndex(pb.GetIndexRequest(index="gtsn", period="2024"), metadata=metadata)
    assert len(found.rows) == 67
    assert [count.status for count in found.reviews] == ([OPEN, CONCLUDED] if role == "officer" else [])


async def test_the_same_file_again_makes_no_version_and_opens_nothing(stub: Stub) -> None:
    first = await stub.take_in(sample(code="again"))
    reviews = await stub.reviews(index="again")
    assert await stub.take_in(sample(code="again")) == first
    assert await stub.facts(first.id) == ["index.imported.v1"]
    assert await stub.reviews(index="again") == reviews
    assert {tuple(await stub.facts(review.review_id)) for review in reviews} == {("index-review.opened.v1",)}


async def test_values_alone_are_the_next_version_and_open_reviews_in_the_same_transaction(stub: Stub) -> None:
    await stub.take_in(sample(code="alone"))
    written = await stub.take_in(values("alone", housing_security_1=9, housing_security_2=20))
    assert written.version == 2
    [review] = await stub.reviews(index="alone", period="2025")
    assert (review.indicator, review.opened_value) == ("housing_security_1", pytest.approx(100 * 9 / 10.1))
    found = await stub.call("GetIndex", pb.GetIndexRequest(index="alone"))
    assert (found.period, found.rows[0].indicators) == ("2025", 2)


async def test_a_value_that_is_corrected_leaves_its_review_open_and_shows_beside_it(stub: Stub) -> None:
    await stub.take_in(sample(code="corrected"))
    await stub.take_in(values("corrected", housing_security_1=9))
    [before] = await stub.reviews(index="corrected", period="2025")
    await stub.take_in(values("corrected", housing_security_1=20.2))
    [after] = await stub.reviews(index="corrected", period="2025")
    assert (after.review_id, after.status, after.opened_value) == (before.review_id, OPEN, before.opened_value)
    assert after.value == pytest.approx(200)


async def test_a_review_is_concluded_once_with_its_cause_and_who_did(stub: Stub) -> None:
    [review, *_] = await stub.reviews(index="gtsn", status=OPEN)
    request = pb.ConcludeReviewRequest(request_id=str(uuid4()), review_id=review.review_id, cause=DEMAND, reason="찾는 사람이 줄었다")
    written = (await stub.call("ConcludeReview", request, "officer")).written
    assert written.version == 2
    [concluded] = await stub.reviews(index="gtsn", indicator=review.indicator, period=review.period)
    assert (concluded.status, concluded.cause, concluded.reason) == (CONCLUDED, DEMAND, "찾는 사람이 줄었다")
    assert concluded.concluded_by == "officer"
    assert concluded.HasField("concluded_at")
    assert concluded in await stub.reviews(index="gtsn", cause=DEMAND)
    again = pb.ConcludeReviewRequest(request_id=str(uuid4()), review_id=review.review_id, cause=FEASIBILITY, reason="다시")
    refused = await stub.refusal("ConcludeReview", again)
    assert (refused.kind, refused.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert await stub.facts(review.review_id) == ["index-review.opened.v1", "index-review.concluded.v1"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"cause": 0}, "ENUM_UNKNOWN"), ({"reason": ""}, "REASON_REQUIRED"), ({"reason": " \u3000\n"}, "REASON_REQUIRED")],
)
async def test_a_conclusion_needs_a_cause_and_words(stub: Stub, changes: dict[str, Any], code: str) -> None:
    [review, *_] = await stub.reviews(index="gtsn", status=OPEN)
    fields = {"review_id": review.review_id, "cause": DEMAND, "reason": "왜"} | changes
    assert (await stub.refusal("ConcludeReview", pb.ConcludeReviewRequest(**fields))).code == code


async def test_a_refused_import_changes_nothing(stub: Stub) -> None:
    before = await stub.call("GetIndex", pb.GetIndexRequest(index="gtsn", period="2025"))
    refused = await stub.refusal("ImportIndex", values("gtsn", housing_security_1=1, colours=1))
    assert (refused.code, refused.details["part"]) == ("INDEX_INDICATOR_UNKNOWN", "colours")
    assert await stub.call("GetIndex", pb.GetIndexRequest(index="gtsn", period="2025")) == before
    assert await stub.reviews(index="gtsn", period="2025") == []


async def test_values_of_an_index_that_nobody_imported_are_not_taken(stub: Stub) -> None:
    refused = await stub.refusal("ImportIndex", values("none", housing_security_1=1))
    assert (refused.kind, refused.code) == (Kind.NOT_FOUND, "NOT_FOUND")
    assert "import what it is made of first" in refused.message
    assert (await stub.refusal("GetIndex", pb.GetIndexRequest(index="none"))).code == "NOT_FOUND"
