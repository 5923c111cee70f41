"""A chain of causes in its order."""

from typing import Any

from services.cli.causes import _in_order


def step(identity: str, at: str, cause: str, version: int = 1) -> dict[str, Any]:
    return {
        "id": identity, "at": at, "causation_id": cause, "version": version, "correlation_id": "chain", "what": "fact", "service": "voices",
        "about": "a", "sent_at": None,
    }  # fmt: skip


def ordered(*steps: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(item["id"], item["what"], item["depth"]) for item in _in_order({item["id"]: item for item in steps})]


def test_a_command_stands_before_its_facts_though_it_left_nothing_else() -> None:
    assert ordered(step("2", "10:01", "command"), step("1", "10:00", "command")) == [
        ("command", "command", 0),
        ("1", "fact", 1),
        ("2", "fact", 1),
    ]


def test_effects_stand_under_their_causes() -> None:
    assert ordered(step("event", "10:00", "event"), step("fact", "10:01", "event"), step("next", "10:02", "fact")) == [
        ("event", "fact", 0),
        ("fact", "fact", 1),
        ("next", "fact", 2),
    ]


def test_causes_that_name_each_other_end() -> None:
    assert {depth for _, _, depth in ordered(step("a", "10:00", "b"), step("b", "10:00", "a"))} == {1}
