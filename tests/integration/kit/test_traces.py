"""Traces: one from the first command to whoever applies its event, and nothing at all while they are off."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from madang.proposals.v1 import proposal_pb2, proposals_pb2_grpc
from madang.proposals.v1 import proposals_pb2 as pb
from services.kit import topics, traces
from services.kit.actor import ANYBODY, Call
from services.kit.consumer import Consumer
from services.kit.database import Connection, Database
from services.kit.grpc_client import Caller
from tests.serving import Served, serving

TRACE, CAUSE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
INCOMING = f"00-{TRACE}-{CAUSE}-01"


@pytest.fixture(scope="module")
async def served(fresh_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with serving("proposals", await fresh_database("proposals"), Path(tmp_path_factory.mktemp("proposals"))) as running:
        yield running


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    traces.record_with(SimpleSpanProcessor(exporter), "test")
    yield exporter
    traces.stop()


async def submit(served: Served, traceparent: str, title: str = "그늘막") -> str:
    """Submit a proposal; answers the traceparent of its event."""
    stub: Any = proposals_pb2_grpc.ProposalServiceStub(served.channel)
    request = pb.SubmitProposalRequest(channel=proposal_pb2.CHANNEL_WEB, title=title)
    answer = await stub.SubmitProposal(request, metadata=[*served.caller(), ("traceparent", traceparent)])
    connection = await asyncpg.connect(served.dsn)
    try:
        return str(await connection.fetchval("SELECT traceparent FROM outbox WHERE aggregateid = $1", answer.written.id))
    finally:
        await connection.close()


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


async def test_a_call_continues_its_caller_s_trace_and_hands_it_to_its_event(served: Served, spans: InMemorySpanExporter) -> None:
    stored = await submit(served, INCOMING)
    span = only(spans)
    assert (span.name, span.kind) == ("madang.proposals.v1.ProposalService/SubmitProposal", SpanKind.SERVER)
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}" == f"{TRACE}-{CAUSE}"
    assert stored == f"00-{TRACE}-{span.context.span_id:016x}-01"
    assert dict(span.attributes or {})["madang.code"] == "OK"


async def test_a_refused_call_ends_its_span_with_its_code(served: Served, spans: InMemorySpanExporter) -> None:
    with pytest.raises(Exception, match="title"):
        await submit(served, INCOMING, title=" ")
    attributes = dict(only(spans).attributes or {})
    assert attributes["madang.code"] == "TITLE_REQUIRED"


async def test_a_call_of_nobody_s_trace_begins_one(served: Served, spans: InMemorySpanExporter) -> None:
    stored = await submit(served, "")
    span = only(spans)
    assert span.parent is None
    assert span.context is not None
    assert stored.startswith(f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-")


async def test_what_a_caller_did_not_sample_is_not_recorded_and_still_carried_on(served: Served, spans: InMemorySpanExporter) -> None:
    stored = await submit(served, INCOMING.removesuffix("1") + "0")
    assert spans.get_finished_spans() == ()
    assert stored.startswith(f"00-{TRACE}-")
    assert stored.endswith("-00")


@pytest.mark.parametrize(
    ("incoming", "kept"), [(INCOMING, INCOMING), ("' OR 1=1", ""), (INCOMING + "-x", ""), (f"00-{'0' * 32}-{CAUSE}-01", "")]
)
async def test_while_traces_are_off_only_a_true_traceparent_is_carried_on(served: Served, incoming: str, kept: str) -> None:
    assert await submit(served, incoming) == kept


def test_a_service_hands_the_trace_on_to_whom_it_asks(served: Served) -> None:
    call = Call(ANYBODY, "/a/B", "", b"", uuid4(), uuid4(), traceparent=INCOMING)
    assert ("traceparent", INCOMING) in Caller(served.settings.signing_key_file, "council").metadata(call)
    assert not [name for name, _ in Caller(served.settings.signing_key_file, "council").metadata(replace(call, traceparent=""))
                if name == "traceparent"]  # fmt: skip


async def test_whoever_applies_an_event_continues_its_trace(
    fresh_database: Callable[[str], Awaitable[str]], kafka: str, spans: InMemorySpanExporter
) -> None:
    topic, done = f"test-{uuid4()}", asyncio.Event()
    await topics.ensure(kafka, [replace(topics.standing(topics.read_registry())[0], name=topic)], 1, 1)

    async def apply(_connection: Connection, records: Sequence[Any]) -> None:
        if records[-1].value == b"last":
            done.set()

    database = Database(await fresh_database("proposals"), name="test")
    await database.open()
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for value, headers in ((b"traced", [("traceparent", INCOMING.encode())]), (b"junk", [("traceparent", b"\xff")]), (b"last", [])):
            await producer.send_and_wait(topic, value, headers=headers)
    consumer = Consumer(database, name=f"group-{uuid4()}", instance="0", bootstrap=kafka, topics=[topic], apply=apply)
    task = asyncio.create_task(consumer.run())
    async with asyncio.timeout(30):
        await done.wait()
        while not spans.get_finished_spans():  # noqa: ASYNC110 - a span is ended without a word
            await asyncio.sleep(0.05)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await database.close()
    span = only(spans)
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}" == f"{TRACE}-{CAUSE}"
    assert (span.kind, dict(span.attributes or {})["messaging.kafka.offset"]) == (SpanKind.CONSUMER, 0)
