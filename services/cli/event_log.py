"""Events in the log: read from any topic and decoded, sent to an inbox, answered by their receipts."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

import madang.events
from services.cli.context import current
from services.cli.event_files import FileEvent
from services.kit import topics as registry
from services.kit.contracts import EventTypes
from services.kit.envelope import PROTOBUF
from services.kit.errors import not_found, unavailable
from services.local import environment

HEADERS = [("content-type", b"application/cloudevents+json; charset=utf-8")]
OURS = "madang."


def bootstrap() -> str:
    """The stack's broker."""
    return environment.bootstrap_of(current().stack.state)


@cache
def types() -> EventTypes:
    """Every event type that is published on a facts topic."""
    files = sorted(path for folder in madang.events.__path__ for path in Path(folder).glob("*/v1/*_pb2.py"))
    return EventTypes(*(import_module(f"madang.events.{path.parts[-3]}.v1.{path.stem}") for path in files))


def decoded(record: Any) -> dict[str, Any]:
    """A record as JSON: where it stands, its attributes, its data. What can't be decoded is shown as text."""
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    attributes = {name.removeprefix("ce_"): value for name, value in headers.items() if name.startswith("ce_")}
    if not attributes:
        return place | _json_or_text(record.value or b"")
    return place | attributes | {"data": _data(attributes.get("type", ""), headers.get("content-type", ""), record.value or b"")}


def _json_or_text(value: bytes) -> dict[str, Any]:
    try:
        event = json.loads(value)
    except (ValueError, RecursionError):
        event = None
    return event if isinstance(event, dict) else {"undecoded": value[:2000].decode(errors="replace")}


def _data(event_type: str, content_type: str, value: bytes) -> Any:
    try:
        if content_type == PROTOBUF and event_type in types():
            return MessageToDict(types()[event_type].FromString(value), preserving_proto_field_name=True)
        return json.loads(value)
    except (DecodeError, ValueError, RecursionError):
        return {"undecoded": value[:2000].decode(errors="replace")}


@asynccontextmanager
async def reading(topics: list[str]) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of topics, from their ends on; it belongs to no group and leaves no trace. No topic: all of ours."""
    places = await _places(topics)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap(), auto_offset_reset="latest", isolation_level="read_committed")
    consumer.assign(places)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _places(topics: list[str]) -> list[TopicPartition]:
    known = await registry.partitions(bootstrap())
    wanted = topics or sorted(name for name in known if name.startswith(OURS))
    if missing := [name for name in wanted if name not in known]:
        raise not_found("topic", missing[0])
    return [TopicPartition(name, number) for name in wanted for number in range(known[name])]


async def seek_to_time(consumer: AIOKafkaConsumer, since: datetime) -> None:
    """Go back to the first records sent at a moment or after it."""
    at = int(since.timestamp() * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(consumer.assignment(), at))
    for place, offset in found.items():
        if offset is not None:
            consumer.seek(place, offset.offset)


async def follow(topics: list[str], since: datetime | None, *, on: bool, show: Callable[[dict[str, Any]], None]) -> None:
    """Show records as they come; unless `on`, only those that are there now."""
    async with reading(topics) as consumer:
        if since:
            await seek_to_time(consumer, since)
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while on or not await _reached(consumer, ends):
            found = await consumer.getmany(timeout_ms=500)
            for record in sorted((record for batch in found.values() for record in batch), key=lambda record: record.timestamp):
                show(decoded(record) | {"sent_at": datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat()})


async def record_at(topic: str, partition: int, offset: int) -> dict[str, Any] | None:
    """One record; none where it is no longer in the log."""
    async with reading([topic]) as consumer:
        place = TopicPartition(topic, partition)
        ends = await consumer.end_offsets([place])
        consumer.seek(place, offset)
        while offset < ends[place] and not await _reached(consumer, ends):
            for record in (await consumer.getmany(place, timeout_ms=500, max_records=1)).get(place, []):
                return decoded(record) if record.offset == offset else None
    return None


async def _reached(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    return all([await consumer.position(place) >= end for place, end in ends.items()])


async def send(events: list[tuple[str, FileEvent]]) -> list[dict[str, Any]]:
    """Send events, each to its inbox, in their order; answers where each stands."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap(), acks="all", enable_idempotence=True)
    await producer.start()
    try:
        sent = []
        for inbox, event in events:
            at = await producer.send_and_wait(inbox, event.value, key=event.key, headers=HEADERS)
            sent.append({"id": event.id, "topic": at.topic, "partition": at.partition, "offset": at.offset})
        return sent
    finally:
        await producer.stop()


async def send_and_wait(events: list[tuple[str, FileEvent]], receipts: list[str], timeout_s: float) -> list[dict[str, Any]]:
    """Send events and wait for their receipts. Raises Refused: RECEIPT_MISSING, saying for how many."""
    async with reading(receipts) as consumer:
        for place in consumer.assignment():
            await consumer.position(place)
        sent = await send(events)
        missing = {(item["topic"], item["partition"], item["offset"]): item for item in sent}
        try:
            async with asyncio.timeout(timeout_s):
                while missing:
                    _match(await consumer.getmany(timeout_ms=500), missing)
        except TimeoutError:
            raise unavailable("RECEIPT_MISSING", f"{len(missing)} of {len(sent)} events have no receipt after {timeout_s:.0f} s") from None
        return sent


def _match(found: dict[TopicPartition, list[Any]], missing: dict[tuple[str, int, int], dict[str, Any]]) -> None:
    for record in (record for batch in found.values() for record in batch):
        receipt = decoded(record)["data"]
        inbox = record.topic.replace(".receipts.", ".inbox.")
        if item := missing.pop((inbox, receipt["position"]["partition"], receipt["position"]["offset"]), None):
            item["receipt"] = receipt
