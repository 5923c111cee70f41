"""`madang sample load`: the project's own sample, through the public doors of the services.

The sample is data. A file of `examples/sample/` names a service and lists lives; a life lists the methods it goes through, each with its
request by the JSON mapping of the protos. `$name` stands for the id that the first step of a life was answered with: `$self` for the life
itself, `$er-guidance` for one of the same service, `$voices.er-waiting` for one of another. In the place of a request may stand the file
that holds it, with codes as answers show them. Partner files list CloudEvents instead.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import typer
import yaml
from google.protobuf.json_format import ParseDict

from madang.log.v1 import log_pb2, log_pb2_grpc
from services.cli.agenda_upkeep import PUBLISHING, applied
from services.cli.channels import channel
from services.cli.context import Actor
from services.cli.contracts import ask, methods, request_class
from services.cli.methods import numbered
from services.cli.output import answer, note, progress
from services.cli.sample_events import settle

app = typer.Typer(help="The project's own sample.", no_args_is_help=True)
SAMPLE = Path(__file__).parents[2] / "examples" / "sample"
REFERENCE = re.compile(r"\$(?:(\w+)\.)?([\w-]+)")
APPLIED_S = 60.0


@app.callback()
def _noun() -> None:
    """The project's own sample."""


@app.command()
def load() -> None:
    """Load the sample through the services' own methods and the partner's inbox. A second time has no effect, and says so."""
    loaded = asyncio.run(load_sample())
    answer(summary(loaded), lambda: told(loaded))


@dataclass(slots=True)
class Loaded:
    """What a run did. `ids` are those of the lives, by `service.name`; `facts` counts what was published for it."""

    ids: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    facts: int = 0
    sent: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether it had any effect."""
        return bool(self.facts or self.sent)


@dataclass(frozen=True, slots=True)
class Step:
    """One call of one method."""

    service: str
    life: str
    place: int
    method: str
    fields: dict[str, Any]
    actor: str

    @property
    def request_id(self) -> str:
        """The same in every run, so that the service answers a second run as it did the first."""
        return f"sample:{self.service}/{self.life}/{self.place}"

    def __str__(self) -> str:
        return f"{self.service}.{self.life}, step {self.place}, {self.method}"


async def load_sample(folder: Path = SAMPLE) -> Loaded:
    """Load every file of the folder, in the order of their names."""
    loaded, files = Loaded(), read(folder)
    async with AsyncExitStack() as stack:
        before = await published(stack)
        caller = Caller(stack, loaded)
        with progress("sample", sum(len(steps) for _, steps in files)) as advance:
            for content, steps in files:
                if content.get("waits_for_agenda"):
                    await applied(APPLIED_S)
                for step in steps:
                    await caller.take(step)
                    advance(1)
                if "partner" in content:
                    loaded.sent, loaded.outcomes = await settle(content["partner"], filled(content["events"], "", "", loaded.ids))
        loaded.facts = await published(stack) - before
    return loaded


def read(folder: Path) -> list[tuple[dict[str, Any], list[Step]]]:
    """Every file with its steps."""
    contents = [_content(path) for path in sorted(folder.glob("*.yaml"))]
    return [(content, list(steps_of(content, folder))) for content in contents]


def _content(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def steps_of(content: dict[str, Any], folder: Path) -> Iterator[Step]:
    """A file's calls, in their order."""
    for life, calls in content.get("lives", {}).items():
        for place, call in enumerate(calls, 1):
            [(method, fields)] = call.items()
            whole = _content(folder / fields) if isinstance(fields, str) else fields
            yield Step(content["service"], life, place, method, whole, content["as"])


def filled(value: Any, service: str, life: str, ids: dict[str, str]) -> Any:
    """The value with an id in the place of every reference. Raises KeyError for one to a life that did not begin yet."""
    if isinstance(value, dict):
        return {key: filled(item, service, life, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, service, life, ids) for item in value]
    if isinstance(value, str) and (reference := REFERENCE.fullmatch(value)):
        elsewhere, name = reference.groups()
        return ids[f"{elsewhere or service}.{life if name == 'self' else name}"]
    return value


def request_of(step: Step, ids: dict[str, str]) -> Any:
    """The step's request. Raises ParseError, KeyError: the sample itself is wrong."""
    method = methods(step.service)[step.method]
    fields = numbered(method.input_type, filled(step.fields, step.service, step.life, ids))
    request: Any = ParseDict(fields, request_class(method)())
    if "request_id" in method.input_type.fields_by_name:
        request.request_id = step.request_id
    return request


class Caller:
    """Makes the calls, one channel a service and actor."""

    def __init__(self, stack: AsyncExitStack, loaded: Loaded) -> None:
        self._stack, self._loaded = stack, loaded
        self._channels: dict[tuple[str, str], grpc.aio.Channel] = {}

    async def take(self, step: Step) -> None:
        """Make one call. Raises grpc.aio.AioRpcError where it is refused."""
        method = methods(step.service)[step.method]
        try:
            reply = await ask(await self._channel(step), method, request_of(step, self._loaded.ids))
        except grpc.aio.AioRpcError:
            note(f"refused: {step}")
            raise
        self._loaded.ids.setdefault(f"{step.service}.{step.life}", reply.written.id)
        self._loaded.steps[step.service] = self._loaded.steps.get(step.service, 0) + 1

    async def _channel(self, step: Step) -> grpc.aio.Channel:
        key = (step.service, step.actor)
        if key not in self._channels:
            self._channels[key] = await self._stack.enter_async_context(channel(step.service, Actor.parse(step.actor)))
        return self._channels[key]


async def published(stack: AsyncExitStack) -> int:
    """How many facts the services have published so far: versions count them without a gap."""
    total = 0
    for service in PUBLISHING:
        log = log_pb2_grpc.LogServiceStub(await stack.enter_async_context(channel(service)))
        async for chunk in log.ListAggregates(log_pb2.ListAggregatesRequest()):
            total += sum(aggregate.version for aggregate in chunk.aggregates)
    return total


def summary(loaded: Loaded) -> dict[str, Any]:
    """What `--json` answers."""
    refused = {event: code for event, code in loaded.outcomes.items() if code not in {"accepted", "duplicate"}}
    events = {"sent": loaded.sent, "accepted": len(loaded.outcomes) - len(refused), "refused": refused}
    return {"changed": loaded.changed, "facts": loaded.facts, "steps": loaded.steps, "partner_events": events, "ids": loaded.ids}


def told(loaded: Loaded) -> str:
    """The same for people."""
    if not loaded.changed:
        return "the sample was loaded before: nothing changed"
    events = summary(loaded)["partner_events"]
    steps = ", ".join(f"{count} {service}" for service, count in loaded.steps.items())
    refused = ", ".join(events["refused"].values())
    return (
        f"loaded {sum(loaded.steps.values())} steps ({steps}): {loaded.facts} facts\n"
        f"partner events: {events['accepted']} accepted, {len(events['refused'])} refused ({refused})"
    )
