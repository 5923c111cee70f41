"""Topics of a test's own: what is sent to the facts topics reaches the projector of every other test."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from services.kit import topics

MakeTopic = Callable[[int], Awaitable[str]]


@pytest.fixture(scope="session")
def make_topic(kafka: str) -> MakeTopic:
    """A function that makes a new topic with so many partitions and answers its name."""

    async def make(partitions: int) -> str:
        name = f"test-{uuid4()}"
        await topics.ensure(kafka, [replace(topics.standing(topics.read_registry())[0], name=name)], partitions, 1)
        return name

    return make
