"""A partner reads its receipts again: its own consumer group is set back on its own topic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, UnknownMemberIdError
from aiokafka.structs import OffsetAndMetadata

from services.kit import topics
from services.kit.errors import not_allowed, wrong_state
from services.partners.domain.partner import Partner

GROUP = "partner-{}"  # the prefix that a partner's rights name (k8s, KafkaUser)
EMPTY = {"Empty", "Dead"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where each partition begins, and how many receipts stand from there on."""

    offsets: Mapping[int, int]
    receipts: int


class Replays:
    """The use case."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def replay(self, partner: Partner, group: str, since: datetime | None, from_offset: int) -> Replayed:
        """Set a group back to a time or an offset.

        Raises:
            Refused: GROUP_FORBIDDEN where the group is not the partner's, GROUP_ACTIVE while somebody reads in it.
            KafkaError: the broker cannot say now.
        """
        own = GROUP.format(partner.code)
        if group != own and not group.startswith(f"{own}."):
            raise not_allowed(f"a group of {partner.code} is called {own}, or begins with {own}.", "GROUP_FORBIDDEN")
        await self._check_empty(group)
        count = (await topics.partitions(self._bootstrap)).get(partner.receipts, 0)
        places = [TopicPartition(partner.receipts, number) for number in range(count)]
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, group_id=group, enable_auto_commit=False)
        consumer.assign(places)
        await consumer.start()
        try:
            starts, ends = await _starts(consumer, places, since, from_offset), await consumer.end_offsets(places)
            await consumer.commit({place: OffsetAndMetadata(start, "") for place, start in starts.items()})
        except (CommitFailedError, UnknownMemberIdError):
            raise _active(group) from None
        finally:
            await consumer.stop()
        offsets = {place.partition: start for place, start in starts.items()}
        return Replayed(offsets, sum(ends[place] - start for place, start in starts.items()))

    async def _check_empty(self, group: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        try:
            await admin.start()
            (answer,) = await admin.describe_consumer_groups([group])
            (found,) = answer.to_object()["groups"]
        finally:
            await admin.close()
        if found["state"] not in EMPTY:
            raise _active(group)


async def _starts(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], since: datetime | None, from_offset: int
) -> dict[TopicPartition, int]:
    """Where each partition begins; what is asked for and not there any more begins with what is."""
    first, last = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    if since is None:
        return {place: min(max(from_offset, first[place]), last[place]) for place in places}
    found: Mapping[TopicPartition, Any] = await consumer.offsets_for_times({place: int(since.timestamp() * 1000) for place in places})
    return {place: found[place].offset if found.get(place) else last[place] for place in places}


def _active(group: str) -> Exception:
    return wrong_state("GROUP_ACTIVE", f"somebody reads in {group}; stop it first")
