"""The registry of topics, by itself."""

from pathlib import Path

import pytest

from services.kit import topics
from services.kit.topics import Unsafe


def test_every_facts_topic_is_kept_for_ever() -> None:
    facts = [topic for topic in topics.read_registry() if ".facts." in topic.name]
    assert {topic.owner for topic in facts} == {"voices", "council", "workshops", "proposals", "agenda"}
    assert {topic.settings(1)["retention.ms"] for topic in facts} == {"-1"}


def test_a_partners_topics_are_made_of_the_patterns() -> None:
    made = topics.of_partner("dasan", topics.read_registry())
    assert {topic.name: topic.settings(3) for topic in made} == {
        "madang.partners.dasan.inbox.v1": {"cleanup.policy": "delete", "retention.ms": str(30 * topics.DAY_MS), "min.insync.replicas": "2"},
        "madang.partners.dasan.receipts.v1": {
            "cleanup.policy": "delete",
            "retention.ms": str(90 * topics.DAY_MS),
            "min.insync.replicas": "2",
        },
    }


@pytest.mark.parametrize(("field", "value"), [("retention", "30d"), ("cleanup", "compact")])
def test_a_facts_topic_that_forgets_is_unsafe(field: str, value: str, tmp_path: Path) -> None:
    original = (topics.FOLDER / "madang.voices.facts.v1.yaml").read_text()
    lines = [f"{field}: {value}" if line.startswith(f"{field}:") else line for line in original.splitlines()]
    (tmp_path / "madang.voices.facts.v1.yaml").write_text("\n".join(lines))
    with pytest.raises(Unsafe, match="CONFIG_UNSAFE"):
        topics.read_registry(tmp_path)
