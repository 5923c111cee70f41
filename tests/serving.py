"""One service at a time, in the test's own process, on a real database and real gRPC sockets."""

import asyncio
import importlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc

from services.kit import tokens
from services.kit.clock import Clock
from services.kit.errors import Refused
from services.kit.grpc_client import open_channel
from services.kit.grpc_errors import from_status

NO_BROKER = "127.0.0.1:1"


@dataclass(frozen=True)
class Served:
    """A running service: its channel, its database and whoever calls it."""

    channel: grpc.aio.Channel
    dsn: str
    key: bytes
    settings: Any

    def caller(self, role: str = "operator", subject: str = "test", **scope: str) -> list[tuple[str, str]]:
        """Metadata of a caller; a scope such as `council="…"` binds it."""
        return [("authorization", f"Bearer {tokens.sign(self.key, subject=subject, role=role, scope=scope)}")]

    async def refusal(self, call: Any) -> Refused:
        """The refusal that a call ends with; fails where it is answered."""
        try:
            answer = await call
        except grpc.aio.AioRpcError as error:
            refused = from_status(error)
            if refused is None:
                raise
            return refused
        raise AssertionError(f"not refused: {answer}")


def free_address() -> str:
    """A loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


class MovedClock:
    """A clock that tests move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment that it was moved to."""
        return self.at


@asynccontextmanager
async def serving(
    name: str, dsn: str, folder: Path, *, bootstrap: str = NO_BROKER, key: bytes = b"", clock: Clock | None = None, **more: Any
) -> AsyncIterator[Served]:
    """Run `services.<name>` until the block ends. Without a bootstrap address there is no broker, and commands go on.

    Services that call each other share a `key`; otherwise each has its own. `clock`: another one than the machine's.
    """
    key = key or tokens.make_key()
    (folder / "key.pem").write_bytes(key)
    (folder / "jwks.json").write_text(json.dumps(tokens.jwks_of(key)))
    app = importlib.import_module(f"services.{name}.app")
    settings = _settings_class(name)(
        database_url=dsn, kafka_bootstrap_servers=bootstrap, listen=free_address(), metrics_listen=free_address(),
        jwks_file=str(folder / "jwks.json"), signing_key_file=str(folder / "key.pem"), **more,
    )  # fmt: skip
    stopped = asyncio.Event()
    life = asyncio.create_task(app.build(settings, *([clock] if clock else [])).live(stopped))
    channel = open_channel(settings.listen)
    try:
        await asyncio.wait_for(channel.channel_ready(), 20)
        yield Served(channel, dsn, key, settings)
    finally:
        stopped.set()
        await channel.close(None)
        await asyncio.wait_for(life, 30)


def _settings_class(name: str) -> Any:
    """A service's own settings class, or the common one."""
    try:
        module = importlib.import_module(f"services.{name}.settings")
    except ModuleNotFoundError:
        return importlib.import_module("services.kit.settings").Settings
    return getattr(module, next(item for item in vars(module) if item.endswith("Settings") and item != "Settings"))
