"""Every method that a command asks, and something in the place of a running service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor

from services.cli import methods as commands
from services.cli.__main__ import AGENDA, SERVICES
from services.cli.contracts import methods

PROJECT = "01936d3c-7000-7000-8000-0000000000a1"
NOUNS = {service: (service,) for service in sorted(SERVICES)} | {noun: ("agenda", served) for noun, served in AGENDA.items()}
UNARY = [(noun, method) for noun, served in NOUNS.items() for method in methods(*served).values() if not method.server_streaming]
HISTORY = "Import"  # `madang import` takes it
SERVED = [pytest.param(service, method, id=method.full_name) for service, method in UNARY if not method.name.startswith(HISTORY)]
SCALARS: dict[int, Any] = {
    FieldDescriptor.TYPE_STRING: "words", FieldDescriptor.TYPE_BYTES: "YWJj", FieldDescriptor.TYPE_BOOL: True,
    FieldDescriptor.TYPE_DOUBLE: 1.5, FieldDescriptor.TYPE_FLOAT: 1.5,
}  # fmt: skip


class Wire:
    """In the place of a running service: keeps what was asked, and answers what it was told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def unary_unary(self, path: str, *, request_serializer: Any, response_deserializer: Any) -> Any:
        async def call(request: Any) -> Any:
            name = path.rpartition("/")[2]
            self.asked.append((name, type(request).FromString(request_serializer(request))))
            answer = self.answers.get(name)
            return response_deserializer(answer.SerializeToString() if answer else b"")

        return call

    @property
    def last(self) -> Any:
        """The request of the last call."""
        return self.asked[-1][1]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()

    @asynccontextmanager
    async def channel(_service: str) -> AsyncIterator[Wire]:
        yield made

    monkeypatch.setattr(commands, "channel", channel)
    return made
