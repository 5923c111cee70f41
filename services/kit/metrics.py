"""Prometheus metrics and the health of a process, on a loopback port: /metrics, /live, /ready."""

import time
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import Counter, Gauge, Histogram, make_wsgi_app

SHUTDOWN_S = 0.1  # how long its thread may take to see that it is over
COMMANDS = Counter("madang_rpc_total", "Calls answered, by method and status code.", ["method", "code"])
COMMAND_SECONDS = Histogram("madang_rpc_seconds", "Time to answer a call.", ["method"])
COMMANDS_REPEATED = Counter("madang_commands_repeated_total", "Commands answered from their idempotency key.", ["method"])
OUTBOX_DEPTH = Gauge("madang_outbox_depth", "Events committed and not yet acknowledged by Kafka (counted up to 100,000).")
OUTBOX_AGE = Gauge("madang_outbox_age_seconds", "Age of the oldest event in the outbox.")
RELAYED = Counter("madang_relayed_total", "Events acknowledged by Kafka.")
CLOCKS = Counter("madang_clocks_total", "Clocks that fell due, by name and whether they could be rung.", ["clock", "outcome"])
APPLIED = Counter("madang_applied_total", "Records applied, by topic.", ["topic"])
BATCH_SECONDS = Histogram("madang_batch_seconds", "Time to apply one batch.", ["consumer"])
LAG_EVENTS = Gauge("madang_lag_events", "Records in the log that are not applied yet.", ["consumer"])
LAG_SECONDS = Gauge("madang_lag_seconds", "Seconds since everything in the log was applied; 0 while it is.", ["consumer"])
TOPICS_HELD = Gauge("madang_topics_held", "Topics whose events wait until an operator acts, by who holds them.", ["holder"])
LOGS_REPLACED = Counter("madang_logs_replaced_total", "Partitions that turned out to be another log than before.", ["consumer"])
RECEIPTS = Counter("madang_receipts_total", "Outcomes of partners' events, by partner, outcome and code.", ["partner", "outcome", "code"])
DELIVERIES = Counter("madang_deliveries_total", "Tries to deliver facts to webhooks, by partner and outcome.", ["partner", "outcome"])
DEAD_LETTERS = Counter("madang_dead_letters_total", "Records put aside, by code.", ["code"])


class Lag:
    """How far one consumer is behind: in records, and in seconds since it last had everything."""

    def __init__(self, consumer: str) -> None:
        self._events, self._seconds = LAG_EVENTS.labels(consumer), LAG_SECONDS.labels(consumer)
        self._since = 0.0

    def set(self, events: int) -> None:
        """Note how many records are not applied yet."""
        now = time.monotonic()
        self._since = (self._since or now) if events else 0.0
        self._events.set(events)
        self._seconds.set(now - self._since if events else 0.0)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Probes are no news."""


def serve(address: str, is_ready: Callable[[], bool]) -> WSGIServer:
    """Serve metrics and health on `host:port` from a thread of its own; `is_ready` is called there and must not block."""
    metrics = make_wsgi_app()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start)  # type: ignore[no-any-return]
        healthy = path == "/live" or (path == "/ready" and is_ready())
        start("200 OK" if healthy else "503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"ok\n" if healthy else b"not ready\n"]

    host, _, port = address.rpartition(":")
    server = make_server(host, int(port), app, handler_class=_Quiet)
    Thread(target=server.serve_forever, args=[SHUTDOWN_S], daemon=True, name="metrics").start()
    return server
