"""A gRPC server whose every method passes the same door: log context, metrics, error mapper, deadline, identity, policy, rules."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import grpc
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from madang.log.v1 import log_pb2, log_pb2_grpc
from services.kit import traces, validation
from services.kit.actor import ANYBODY, CURRENT, Call
from services.kit.consumer import Apply
from services.kit.database import Database
from services.kit.errors import invalid
from services.kit.grpc_errors import ending_of
from services.kit.ids import new_id
from services.kit.log_service import LogServicer
from services.kit.metrics import COMMAND_SECONDS, COMMANDS
from services.kit.policy import Policies
from services.kit.relay import Relay
from services.kit.settings import Settings
from services.kit.tokens import Verifier

log = structlog.get_logger()

MAX_MESSAGE_BYTES, MAX_METADATA_BYTES, DEADLINE_S, STREAM_DEADLINE_S, DRAIN_S = 1024 * 1024, 16 * 1024, 30.0, 3600.0, 20.0
MAX_CALLS = 512  # past it a call is answered RESOURCE_EXHAUSTED at once, instead of late
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
EXEMPT = ("/grpc.health.", "/grpc.reflection.")
OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_metadata_size", MAX_METADATA_BYTES),
    ("grpc.so_reuseport", 0),
]


class Door(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """What every call passes, outside in."""

    def __init__(self, verifier: Verifier, policies: Policies) -> None:
        self._verifier, self._policies = verifier, policies

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Handler]], details: grpc.HandlerCallDetails) -> Handler:
        handler = await continuation(details)
        if handler is None or details.method.startswith(EXEMPT):
            return handler
        return self._streamed(handler, details) if handler.response_streaming else self._single(handler, details)

    def _single(self, handler: Any, details: Any) -> Handler:
        async def answer(body: bytes, context: Any) -> Message:
            async with self._passed(body, context, details, DEADLINE_S) as request:
                return await handler.unary_unary(request, context)  # type: ignore[no-any-return]

        return grpc.unary_unary_rpc_method_handler(answer, response_serializer=handler.response_serializer)

    def _streamed(self, handler: Any, details: Any) -> Handler:
        async def answer(body: bytes, context: Any) -> AsyncIterator[Message]:
            async with self._passed(body, context, details, STREAM_DEADLINE_S) as request:
                async for message in handler.unary_stream(request, context):
                    yield message

        return grpc.unary_stream_rpc_method_handler(answer, response_serializer=handler.response_serializer)

    @asynccontextmanager
    async def _passed(self, body: bytes, context: Any, details: Any, limit_s: float) -> AsyncIterator[Message]:
        """Let a call in, or end it with the status that its refusal amounts to."""
        method, code, began = details.method, "OK", time.perf_counter()
        metadata = {name: value for name, value in details.invocation_metadata if isinstance(value, str)}
        correlation_id = _uuid_or_new(metadata.get("x-correlation-id", ""))
        structlog.contextvars.bind_contextvars(method=method, correlation_id=str(correlation_id))
        step = traces.answering(method, metadata.get("traceparent", ""), correlation_id=str(correlation_id))
        try:
            async with asyncio.timeout(min(context.time_remaining() or limit_s, limit_s)):
                request, call = self._checked(method, metadata, body, correlation_id, step.traceparent)
                CURRENT.set(call)
                yield request
        except asyncio.CancelledError:
            code = "CANCELLED"
            raise
        except Exception as error:  # noqa: BLE001 - the one place where an error becomes a status
            code, status = ending_of(error)
            await context.abort_with_status(rpc_status.to_status(status))
        finally:
            COMMANDS.labels(method, code).inc()
            COMMAND_SECONDS.labels(method).observe(time.perf_counter() - began)
            step.end(code)

    def _checked(self, method: str, metadata: dict[str, str], body: bytes, correlation_id: UUID, traceparent: str) -> tuple[Message, Call]:
        """Identity, policy and rules, in this order: a stranger does not learn what a right request looks like."""
        token = metadata.get("authorization", "")
        actor = self._verifier.actor_of(token.removeprefix("Bearer ")) if token else ANYBODY
        policy = self._policies.check(method, actor)
        request = _parsed(body, GetMessageClass(self._policies.methods[method].input_type))
        validation.check(request)
        causation_id = _uuid_or_new(metadata.get("x-causation-id", "")) if "x-causation-id" in metadata else correlation_id
        call = Call(
            actor, method, getattr(request, "request_id", ""), hashlib.sha256(body).digest(), correlation_id, causation_id, policy.bound_to,
            traceparent,
        )  # fmt: skip
        return request, call


def _parsed(body: bytes, cls: type[Message]) -> Message:
    """A request out of its bytes. Raises Refused: DECODE_FAILED; what is nested too deep fails to decode as well."""
    try:
        return cls.FromString(body)
    except (DecodeError, RecursionError):
        raise invalid("DECODE_FAILED", f"the body is no {cls.DESCRIPTOR.full_name}") from None


def _uuid_or_new(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


class GrpcServer:
    """The server of a process: health, reflection outside production, a graceful end."""

    def __init__(self, address: str, verifier: Verifier, *, reflect: bool) -> None:
        self._address, self._verifier, self._reflect = address, verifier, reflect
        self._servicers: list[tuple[ServiceDescriptor, Callable[[grpc.aio.Server], None]]] = []
        self._health = health.aio.HealthServicer()  # type: ignore[attr-defined]
        self._server: grpc.aio.Server | None = None
        self.port = 0

    @classmethod
    def of(cls, settings: Settings) -> "GrpcServer":
        """The server that a process's settings describe."""
        return cls(settings.listen, Verifier.from_file(settings.jwks_file), reflect=settings.profile != "production")

    def add(self, descriptor: ServiceDescriptor, register: Callable[[Any, Any], None], servicer: Any) -> None:
        """Serve a service: its descriptor, the generated `add_…_to_server`, the servicer."""
        self._servicers.append((descriptor, lambda server: register(servicer, server)))

    async def run(self) -> None:
        """Serve until cancelled, then take nothing new and finish what is under way."""
        descriptors = [descriptor for descriptor, _ in self._servicers]
        self._server = grpc.aio.server(
            interceptors=[Door(self._verifier, Policies(*descriptors))], options=OPTIONS, maximum_concurrent_rpcs=MAX_CALLS
        )
        for _, register in self._servicers:
            register(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if self._reflect:
            reflection.enable_server_reflection([*(item.full_name for item in descriptors), health.SERVICE_NAME], self._server)
        self.port = self._server.add_insecure_port(self._address)
        await self._server.start()
        for name in ["", *(item.full_name for item in descriptors)]:
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        try:
            await self._server.wait_for_termination()
        finally:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(DRAIN_S)


def serve_log(
    server: GrpcServer, database: Database, relay: Relay, apply: Apply | None = None, letters: Database | None = None
) -> None:  # fmt: skip
    """Serve a service's own log beside its methods."""
    servicer = LogServicer(database, relay.wake, apply, letters)
    server.add(log_pb2.DESCRIPTOR.services_by_name["LogService"], log_pb2_grpc.add_LogServiceServicer_to_server, servicer)
