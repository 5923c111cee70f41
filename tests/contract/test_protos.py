"""What every contract keeps: a policy on each method, a type and an example for each fact, codes that are the same on both sides."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format, timestamp_pb2
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from services.kit import topics, validation
from services.kit.contracts import EventTypes
from services.kit.policy import policy_of

ROOT = Path(__file__).parents[2]
PROTOS = ROOT / "protos"
TOPICS = [topic for topic in topics.read_registry() if topic.messages.startswith("madang.events.")]


def modules(package: str) -> list[Any]:
    """Every generated module of a proto package."""
    folder = PROTOS / "python" / package.replace(".", "/")
    return [importlib.import_module(f"{package}.{path.stem}") for path in sorted(folder.glob("*_pb2.py"))]


def methods() -> Iterator[MethodDescriptor]:
    for path in sorted((PROTOS / "python" / "madang").rglob("*_pb2.py")):
        module = importlib.import_module(".".join(path.relative_to(PROTOS / "python").with_suffix("").parts))
        for service in module.DESCRIPTOR.services_by_name.values():
            yield from service.methods


@pytest.mark.parametrize("method", list(methods()), ids=lambda method: method.full_name)
def test_every_method_has_a_policy(method: MethodDescriptor) -> None:
    assert policy_of(method).roles


def examples(topic: topics.Topic) -> list[Path]:
    return sorted((PROTOS / "examples" / Path(topic.examples).name).glob("*.json"))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_event_type_has_an_example(topic: topics.Topic) -> None:
    types = EventTypes(*modules(topic.messages))
    assert sorted(json.loads(path.read_text())["type"] for path in examples(topic)) == sorted(types)


@pytest.mark.parametrize(
    ("topic", "path"), [(topic, path) for topic in TOPICS for path in examples(topic)], ids=lambda item: getattr(item, "stem", "")
)
def test_an_example_is_a_whole_event_and_follows_its_rules(topic: topics.Topic, path: Path) -> None:
    event = json.loads(path.read_text())
    assert {"specversion", "id", "source", "type", "time", "datacontenttype", "data"} <= set(event)
    assert path.stem == event["type"]
    message: Message = EventTypes(*modules(topic.messages))[event["type"]]()
    json_format.ParseDict(event["data"], message)
    validation.check(message)
    assert json_format.MessageToDict(message) == json_format.MessageToDict(type(message).FromString(message.SerializeToString()))


def test_facts_carry_the_state_after_them_and_when_they_happened() -> None:
    for topic in TOPICS:
        if ".facts." in topic.name:
            types = EventTypes(*modules(topic.messages))
            for event_type in types:
                fields = types[event_type].DESCRIPTOR.fields_by_name
                assert fields["after"].number == 1, event_type
                assert fields["occurred_at"].message_type == timestamp_pb2.Timestamp.DESCRIPTOR, event_type
