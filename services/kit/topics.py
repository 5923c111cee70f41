"""The registry of topics (`protos/topics/*.yaml`) and the plan that brings a broker to it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

FOLDER = Path(__file__).parents[2] / "protos" / "topics"
FOREVER = "forever"
DAY_MS = 24 * 60 * 60 * 1000
PARTNER = "<partner>"
SET_ON_TOPIC = 1  # DescribeConfigs: the source of a value that was set on the topic itself


class Unsafe(Exception):  # noqa: N818 - it reads as a sentence
    """The registry asks for what would lose data (CONFIG_UNSAFE)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One file of the registry. A name with `<partner>` is a pattern, made real when a partner is registered."""

    name: str
    owner: str
    consumers: tuple[str, ...]
    key: str
    retention: str
    cleanup: str
    messages: str
    examples: str
    description: str = ""

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for one topic per partner."""
        return PARTNER in self.name

    def of_partner(self, partner: str) -> "Topic":
        """The partner's own topic of this pattern."""
        return replace(self, name=self.name.replace(PARTNER, partner))

    def settings(self, replication: int) -> dict[str, str]:
        """What the broker is told; a write counts once all replicas but one have it."""
        days = -1 if self.retention == FOREVER else int(self.retention.removesuffix("d"))
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(days if days < 0 else days * DAY_MS),
            "min.insync.replicas": str(max(1, replication - 1)),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between registry and broker; `action` is create, alter or manual (what only an operator may do)."""

    topic: str
    action: str
    detail: str


def read_registry(folder: Path = FOLDER) -> list[Topic]:
    """Every topic, by name. Raises Unsafe where a rebuild could not read the facts from their beginning."""
    topics = [_topic(path) for path in sorted(folder.glob("*.yaml"))]
    for topic in topics:
        if ".facts." in topic.name and (topic.retention != FOREVER or topic.cleanup != "delete"):
            raise Unsafe(
                f"CONFIG_UNSAFE: {topic.name} must keep every fact (retention: forever, cleanup: delete): a rebuild reads from offset 0"
            )
    return topics


def standing(topics: Iterable[Topic]) -> list[Topic]:
    """Those that exist whoever is registered."""
    return [topic for topic in topics if not topic.is_pattern]


def of_partner(partner: str, topics: Iterable[Topic]) -> list[Topic]:
    """The topics that one partner has."""
    return [topic.of_partner(partner) for topic in topics if topic.is_pattern]


async def plan(bootstrap: str, topics: Iterable[Topic], partitions: int, replication: int) -> list[Change]:
    """What `ensure` would do; nothing where the broker is as the registry says."""
    async with _admin(bootstrap) as admin:
        return await _compare(admin, list(topics), partitions, replication)


async def ensure(bootstrap: str, topics: Iterable[Topic], partitions: int, replication: int) -> list[Change]:
    """Make the topics and mend their settings; returns once they can be written to. Whoever does the same at once does no harm."""
    wanted = {topic.name: topic for topic in topics}
    async with _admin(bootstrap) as admin:
        changes = await _compare(admin, list(wanted.values()), partitions, replication)
        await _create(admin, [wanted[change.topic] for change in changes if change.action == "create"], partitions, replication)
        for name in {change.topic for change in changes if change.action == "alter"}:
            await _alter(admin, wanted[name], replication)
        await _await_leaders(admin, list(wanted))
    return changes


async def partitions(bootstrap: str) -> dict[str, int]:
    """Every topic that the broker has, and its number of partitions."""
    async with _admin(bootstrap) as admin:
        return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


async def _compare(admin: AIOKafkaAdminClient, topics: list[Topic], partitions: int, replication: int) -> list[Change]:
    found = {item["topic"]: item for item in await admin.describe_topics()}
    present = [topic for topic in topics if topic.name in found]
    set_now = await _settings(admin, [topic.name for topic in present])
    changes = [
        Change(topic.name, "create", f"{partitions} partitions, {replication} replicas, {_shown(topic.settings(replication))}")
        for topic in topics
        if topic.name not in found
    ]
    for topic in present:
        wrong = {key: value for key, value in topic.settings(replication).items() if set_now[topic.name].get(key) != value}
        if wrong:
            changes.append(Change(topic.name, "alter", _shown(wrong)))
        has = len(found[topic.name]["partitions"])
        if has < partitions:
            changes.append(
                Change(topic.name, "manual", f"has {has} partitions, not {partitions}: more of them would move keys, so it is left")
            )
    return changes


async def _settings(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    """What was set on each topic."""
    if not names:
        return {}
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    resources = [resource for answer in answers for resource in answer.to_object()["resources"]]
    return {resource["resource_name"]: _set_on_topic(resource["config_entries"]) for resource in resources}


def _set_on_topic(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["config_names"]: entry["config_value"] for entry in entries if entry.get("config_source") == SET_ON_TOPIC}


async def _create(admin: AIOKafkaAdminClient, topics: list[Topic], partitions: int, replication: int) -> None:
    if not topics:
        return
    new = [NewTopic(topic.name, partitions, replication, topic_configs=topic.settings(replication)) for topic in topics]
    answer = await admin.create_topics(new)
    for name, code, *message in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise for_code(code)(f"{name}: {message}")


async def _alter(admin: AIOKafkaAdminClient, topic: Topic, replication: int) -> None:
    """The request replaces all that is set on a topic, so what others have set goes along."""
    settings = (await _settings(admin, [topic.name]))[topic.name] | topic.settings(replication)
    for answer in await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=settings)]):
        for code, message, *_ in answer.resources:
            if code:
                raise for_code(code)(f"{topic.name}: {message}")


async def _await_leaders(admin: AIOKafkaAdminClient, names: list[str], timeout_s: float = 30) -> None:
    async with asyncio.timeout(timeout_s):
        while not all(_is_led(topic) for topic in await admin.describe_topics(names)):  # noqa: ASYNC110 - the broker has no other way
            await asyncio.sleep(0.05)


def _is_led(topic: dict[str, Any]) -> bool:
    return bool(not topic["error_code"] and topic["partitions"] and all(part["leader"] >= 0 for part in topic["partitions"]))


def _topic(path: Path) -> Topic:
    fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    topic = Topic(name=fields.pop("topic"), consumers=tuple(fields.pop("consumers")), **fields)
    if topic.name.replace(PARTNER, "partner") != path.stem:
        raise ValueError(f"{path.name} describes {topic.name}")
    return topic


def _shown(settings: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in settings.items())


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="madang-topics")
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
