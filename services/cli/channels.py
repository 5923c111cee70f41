"""Calls to the services of the stack, signed for whoever the command line acts as."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc

from services.cli.context import Actor, Options, current
from services.kit.grpc_client import OPTIONS
from services.local import environment
from services.local.errors import NotRunning

DEADLINE_S = 30.0
RENEW_S = 300.0


@asynccontextmanager
async def channel(service: str, actor: Actor | None = None) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to `service` of the stack: every call carries a token that is renewed in time, and a deadline where none is given.

    It is signed for `actor`, or for whoever the command line acts as.

    Raises:
        NoStack: there is no such stack.
        NotRunning: it is down.
    """
    options = current()
    stack = options.stack
    address = environment.addresses(stack.state)[service]
    if not stack.supervisor.is_alive():
        raise NotRunning(f"the stack in {stack.layout.data} is not running", "start it with `madang up`")
    signed = _Signed(options, actor)
    interceptors: list[Any] = [_UnaryUnary(signed), _UnaryStream(signed)]
    async with grpc.aio.insecure_channel(address, options=OPTIONS, interceptors=interceptors) as opened:
        yield opened


class _Signed:
    """Adds the token to a call."""

    def __init__(self, options: Options, actor: Actor | None) -> None:
        self._options, self._actor = options, actor
        self._token, self._until = "", 0.0

    def details(self, given: grpc.aio.ClientCallDetails, deadline_s: float | None) -> grpc.aio.ClientCallDetails:
        if time.monotonic() > self._until:
            self._token, self._until = self._options.token(self._actor), time.monotonic() + RENEW_S
        metadata = grpc.aio.Metadata(*(given.metadata or ()), ("authorization", f"Bearer {self._token}"))
        return grpc.aio.ClientCallDetails(
            given.method, given.timeout if given.timeout is not None else deadline_s, metadata, given.credentials, given.wait_for_ready
        )


class _Interceptor:
    def __init__(self, signed: _Signed, deadline_s: float | None = None) -> None:
        self._signed, self._deadline_s = signed, deadline_s

    async def _go_on(self, continuation: Callable[..., Awaitable[Any]], details: grpc.aio.ClientCallDetails, request: Any) -> Any:
        return await continuation(self._signed.details(details, self._deadline_s), request)


class _UnaryUnary(_Interceptor, grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
    def __init__(self, signed: _Signed) -> None:
        super().__init__(signed, DEADLINE_S)

    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await self._go_on(continuation, client_call_details, request)


class _UnaryStream(_Interceptor, grpc.aio.UnaryStreamClientInterceptor):  # type: ignore[type-arg]
    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await self._go_on(continuation, client_call_details, request)
