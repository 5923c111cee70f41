"""Records as partners send them."""

import json
from pathlib import Path
from typing import Any

from services.kit.dead_letters import KeptRecord

FOLDER = Path(__file__).parents[3] / "protos" / "examples" / "madang.partners.inbox.v1"
TYPE = "kr.go.seoul.madang.partner.{}.v1"
TOPIC = "madang.partners.dasan.inbox.v1"


def example(kind: str = "proposal-submitted") -> dict[str, Any]:
    """The example of a type, as an object of the test's own."""
    event: dict[str, Any] = json.loads((FOLDER / f"{TYPE.format(kind)}.json").read_text())
    return event


def record(value: bytes | None, *headers: tuple[str, bytes], key: bytes | None = None) -> KeptRecord:
    """A record of dasan's inbox."""
    return KeptRecord(TOPIC, 0, 0, key, value, list(headers))


def structured(event: Any, content_type: str = "application/cloudevents+json") -> KeptRecord:
    """An event with its attributes in its value."""
    return record(json.dumps(event).encode(), ("content-type", content_type.encode()))


def binary(event: dict[str, Any], data: bytes, content_type: str = "application/json") -> KeptRecord:
    """An event with its attributes in headers."""
    names = [name for name in event if name not in {"data", "datacontenttype"}]
    return record(data, *((f"ce_{name}", str(event[name]).encode()) for name in names), ("content-type", content_type.encode()))
