"""Traces (OpenTelemetry): off unless MADANG_OTLP_ENDPOINT is set; then a span for each call answered and each event applied.

A span's W3C `traceparent` goes along with what it causes: in a call's metadata, in the outbox row, in the record's header. So one trace
leads from the first command to the store. It stands in `Call` and in no task's context. While traces are off, what came in is passed on
as it is. Sampling follows OpenTelemetry's own variables (OTEL_TRACES_SAMPLER).
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.kit.envelope import Headers, Record

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

# https://www.w3.org/TR/trace-context/#traceparent-header, version 00
SHAPE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
EXPORT_S = 2  # no process waits longer for a collector that is away
_PROPAGATOR = TraceContextTextMapPropagator()
_provider: "TracerProvider | None" = None


@dataclass(frozen=True, slots=True)
class Step:
    """A call that is being answered; what it causes carries `traceparent` on."""

    traceparent: str
    _span: Span | None = None

    def end(self, code: str) -> None:
        """Say how it ended: OK, or the code of what went wrong."""
        if self._span:
            self._span.set_attribute("madang.code", code)
            if code == "INTERNAL":
                self._span.set_status(StatusCode.ERROR)
            self._span.end()


def start(endpoint: str, process: str) -> None:
    """Send the process's spans to a collector (`http://host:4317`); without an endpoint, do nothing."""
    if endpoint:
        # A third of a second that only traces cost.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        record_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_S)), process)


def record_with(processor: "SpanProcessor", process: str) -> None:
    """Hand every span of the process to a processor."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    global _provider  # noqa: PLW0603 - one a process, like its metrics
    _provider = TracerProvider(resource=Resource.create({"service.namespace": "madang", "service.name": process}))
    _provider.add_span_processor(processor)


def stop() -> None:
    """Send what is left, and record nothing more."""
    global _provider
    stopping, _provider = _provider, None
    if stopping:
        stopping.shutdown()


def answering(method: str, traceparent: str, **attributes: str) -> Step:
    """A call begins. What is no traceparent is dropped: it would go into the outbox, and from there to everybody."""
    traceparent = traceparent if SHAPE.fullmatch(traceparent) else ""
    if _provider is None:
        return Step(traceparent)
    span = _provider.get_tracer("madang").start_span(method.lstrip("/"), _after(traceparent), SpanKind.SERVER, attributes)
    context = span.get_span_context()
    return Step(f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}", span)


def applied(consumer: str, records: Iterable[Record], seconds: float) -> None:
    """A batch was committed just now, after so many seconds: each record that belongs to a trace gets its span there."""
    if _provider is None:
        return
    tracer, end = _provider.get_tracer("madang"), time.time_ns()
    began = end - int(seconds * 1e9)
    for item in records:
        if SHAPE.fullmatch(traceparent := _text(item.headers, "traceparent")):
            attributes: dict[str, str | int] = {
                "messaging.system": "kafka",
                "messaging.destination.name": item.topic,
                "messaging.destination.partition.id": str(item.partition),
                "messaging.kafka.offset": item.offset,
                "cloudevents.event_type": _text(item.headers, "ce_type"),
            }
            tracer.start_span(consumer, _after(traceparent), SpanKind.CONSUMER, attributes, start_time=began).end(end)


def _after(traceparent: str) -> Context:
    """The context of whoever caused it; one of its own where nobody did."""
    return _PROPAGATOR.extract({"traceparent": traceparent}, context=Context())


def _text(headers: Headers, name: str) -> str:
    return next((value.decode(errors="replace") for key, value in headers if key == name and value), "")
