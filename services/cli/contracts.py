"""What the protos say of a service's methods: requests, replies, and the comments that explain them."""

import json
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

import madang
from buf.validate import validate_pb2


@cache
def methods(service: str, served: str = "") -> dict[str, MethodDescriptor]:
    """The methods of a service by name, out of its protos; only those of one gRPC service where `served` names it."""
    package = import_module(f"madang.{service}.v1")
    names = [item.name for item in pkgutil.iter_modules(package.__path__) if item.name.endswith("_pb2")]
    modules = [import_module(f"{package.__name__}.{name}") for name in names]
    found = [item for module in modules for item in module.DESCRIPTOR.services_by_name.values()]
    return {method.name: method for item in found if served in {"", item.name} for method in item.methods}


def request_class(method: MethodDescriptor) -> Any:
    """The class of a method's request."""
    return GetMessageClass(method.input_type)


async def ask(channel: Any, method: MethodDescriptor, request: Any) -> Any:
    """Call a method that answers once. Raises grpc.aio.AioRpcError."""
    call = channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    return await call(request)


def comment(full_name: str) -> str:
    """What stands above a method or field in its proto, as one line."""
    return _comments().get(full_name, "")


@cache
def _comments() -> dict[str, str]:
    path = Path(next(iter(madang.__path__))) / "comments.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def names_something(field: FieldDescriptor) -> bool:
    """Whether a field must hold an identifier: what a command is about."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    return bool(rules.string.uuid)
