"""The registry of topics against a real broker. Topics of these tests are their own: nobody consumes them."""

from dataclasses import replace

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from services.kit import topics
from services.kit.topics import Topic

PATTERN = next(topic for topic in topics.read_registry() if topic.is_pattern)


def topic_named(partner: str) -> Topic:
    return PATTERN.of_partner(partner)


async def test_every_standing_topic_is_there_as_the_registry_says(kafka: str) -> None:
    assert await topics.plan(kafka, topics.standing(topics.read_registry()), 4, 1) == []


async def test_a_made_topic_can_be_written_to_at_once_and_a_second_time_changes_nothing(kafka: str) -> None:
    wanted = [topic_named("topics-test-a")]
    assert [change.action for change in await topics.ensure(kafka, wanted, 4, 1)] == ["create"]
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    assert (await producer.send_and_wait(wanted[0].name, b"hello", key=b"key")).offset == 0
    await producer.stop()
    assert await topics.ensure(kafka, wanted, 4, 1) == []


async def test_a_changed_retention_is_mended_and_what_others_set_stays(kafka: str) -> None:
    topic = topic_named("topics-test-b")
    await topics.ensure(kafka, [topic], 4, 1)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs={"retention.ms": "1000", "segment.bytes": "2000000"})]
    )
    changes = await topics.ensure(kafka, [topic], 4, 1)
    answer = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name)])
    await admin.close()
    assert [change.action for change in changes] == ["alter"]
    values = {entry["config_names"]: entry["config_value"] for entry in answer[0].to_object()["resources"][0]["config_entries"]}
    assert (values["retention.ms"], values["segment.bytes"]) == (str(30 * topics.DAY_MS), "2000000")


async def test_more_partitions_are_left_to_an_operator(kafka: str) -> None:
    topic = topic_named("topics-test-c")
    await topics.ensure(kafka, [topic], 2, 1)
    changes = await topics.ensure(kafka, [replace(topic)], 4, 1)
    assert [change.action for change in changes] == ["manual"]
