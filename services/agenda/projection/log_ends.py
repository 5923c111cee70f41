"""The ends of the facts topics, as the broker has them now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError

from services.agenda.projection.facts import TOPICS


@asynccontextmanager
async def log_reader(bootstrap: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group: it reads what it is told to, and leaves no trace."""
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="none", **options)
    try:
        await reader.start()
        yield reader
    finally:
        await reader.stop()


async def partitions(bootstrap: str) -> list[TopicPartition]:
    """Every partition of the facts topics. Raises KafkaError where one of the topics is not there."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        described = await admin.describe_topics(list(TOPICS))
    finally:
        await admin.close()
    if missing := [topic["topic"] for topic in described if topic["error_code"]]:
        raise UnknownTopicOrPartitionError(f"missing: {', '.join(missing)}")
    return sorted(TopicPartition(topic["topic"], part["partition"]) for topic in described for part in topic["partitions"])


async def ends_of(reader: AIOKafkaConsumer, places: list[TopicPartition]) -> dict[tuple[str, int], int]:
    """The next offset of each partition."""
    ends: dict[TopicPartition, int] = await reader.end_offsets(places)
    return {(place.topic, place.partition): end for place, end in ends.items()}
