"""Who may call what, for every method and every role, as the protos say; asked of the running services."""

import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor

from services.kit import tokens
from services.kit.actor import Role
from services.kit.grpc_client import open_channel
from services.kit.grpc_errors import from_status
from services.kit.policy import policy_of
from services.local import keys
from tests.stack import RealStack

GENERATED = Path(__file__).parents[2] / "protos" / "python"
NO_REQUEST = b"\xff\xff\xff"


def methods() -> list[MethodDescriptor]:
    modules = [".".join(path.relative_to(GENERATED).with_suffix("").parts) for path in sorted((GENERATED / "madang").rglob("*_pb2.py"))]
    services = [service for module in modules for service in importlib.import_module(module).DESCRIPTOR.services_by_name.values()]
    return [method for service in services for method in service.methods]


def owner(method: MethodDescriptor) -> str:
    """The service that serves a method; every one serves its log, so that one stands for all."""
    package = method.containing_service.file.package.split(".")[1]
    return "proposals" if package == "log" else str(package)


@pytest.fixture(scope="module")
async def channels(stack: RealStack) -> AsyncIterator[dict[str, grpc.aio.Channel]]:
    opened = {name: open_channel(address) for name, address in stack.addresses.items()}
    yield opened
    for channel in opened.values():
        await channel.close(None)


async def answer(channel: grpc.aio.Channel, method: MethodDescriptor, metadata: list[tuple[str, str]]) -> str:
    """The code with which a call with no request in it ends."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    descriptor: Any = method
    try:
        if descriptor.server_streaming:
            async for _ in channel.unary_stream(path, None, None)(NO_REQUEST, metadata=metadata):
                pass
        else:
            await channel.unary_unary(path, None, None)(NO_REQUEST, metadata=metadata)
    except grpc.aio.AioRpcError as error:
        refused = from_status(error)
        return refused.code if refused else error.code().name
    return "OK"


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.full_name)
async def test_a_method_lets_in_whom_its_policy_names_and_nobody_else(
    stack: RealStack, channels: dict[str, grpc.aio.Channel], method: MethodDescriptor
) -> None:
    key, policy, channel = keys.signing_key(stack.stack.layout).read_bytes(), policy_of(method), channels[owner(method)]
    answers: dict[Role, str] = {
        role: await answer(channel, method, [("authorization", f"Bearer {tokens.sign(key, subject='test', role=role)}")])
        for role in Role
        if role is not Role.ANONYMOUS
    }
    answers[Role.ANONYMOUS] = await answer(channel, method, [])
    assert answers == {role: "DECODE_FAILED" if role in policy.roles else "NOT_ALLOWED" for role in Role}


@pytest.mark.parametrize("token", ["", "x", "Bearer", "Bearer x.y.z"])
async def test_a_token_that_cannot_be_checked_is_refused_even_where_nobody_needs_one(
    channels: dict[str, grpc.aio.Channel], token: str
) -> None:
    [method] = [method for method in methods() if method.name == "ListProposals"]
    expected = "DECODE_FAILED" if not token else "UNAUTHENTICATED"
    assert await answer(channels["proposals"], method, [("authorization", token)]) == expected
