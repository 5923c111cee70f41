"""Calls to other services: a deadline, a token of our own, retries where they are harmless, the chain of causes carried on."""

import json
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import grpc

from services.kit.actor import CURRENT, Call
from services.kit.tokens import sign

DEADLINE_S = 10.0
T = TypeVar("T")
_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
# Every command carries a request_id, so that a retry has no second effect.
OPTIONS = [
    (
        "grpc.service_config",
        json.dumps({"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": [{"name": [{}], "retryPolicy": _RETRY}]}),
    ),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 100),  # else a second: longer than all the retries of a call
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
]


def open_channel(address: str) -> grpc.aio.Channel:
    """A channel to a service; it connects when it is first used, and again whenever it must."""
    return grpc.aio.insecure_channel(address, options=OPTIONS)


class Caller:
    """Metadata for calls in a service's own name; its token is renewed before it ends."""

    def __init__(self, signing_key_file: str, service: str) -> None:
        self._key = Path(signing_key_file).read_bytes()
        self._service = service
        self._token, self._until = "", 0.0

    def metadata(self, call: Call | None = None) -> list[tuple[str, str]]:
        """What to send along, continuing the chain of the call that is being answered."""
        if time.monotonic() > self._until:
            self._token = sign(self._key, subject=f"service:{self._service}", role="service")
            self._until = time.monotonic() + 300
        metadata = [("authorization", f"Bearer {self._token}")]
        if call := call or CURRENT.get(None):
            metadata += [("x-correlation-id", str(call.correlation_id)), ("x-causation-id", str(call.causation_id))]
            metadata += [("traceparent", call.traceparent)] if call.traceparent else []
        return metadata

    async def ask(self, method: Callable[..., Any], request: Any, *, call: Call | None = None, deadline_s: float = DEADLINE_S) -> Any:
        """Call a stub's method. Raises grpc.aio.AioRpcError, which the error mapper passes on as the other service's refusal."""
        return await method(request, metadata=self.metadata(call), timeout=deadline_s)


class Peer(Generic[T]):
    """Another service as its stub. The channel is opened at the first call, since it belongs to the event loop of that moment."""

    def __init__(self, address: str, stub: Callable[[grpc.aio.Channel], T]) -> None:
        self._address, self._make = address, stub

    @cached_property
    def stub(self) -> T:
        """The generated stub."""
        return self._make(open_channel(self._address))
