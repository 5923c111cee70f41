"""Fixtures of every test. Those of the real stack start it at most once a run, and only as far as a test asks."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.stack import RealStack


@pytest.fixture(scope="session")
async def real_stack() -> AsyncIterator[RealStack]:
    """The run's own stack, with nothing started yet; stopped and removed at the end."""
    stack = RealStack()
    try:
        yield stack
    finally:
        await stack.end()


@pytest.fixture(scope="session")
async def postgres(real_stack: RealStack) -> RealStack:
    """A real PostgreSQL: `await postgres.fresh_database("proposals")` answers the address of a new migrated database."""
    await real_stack.start_database()
    return real_stack


@pytest.fixture(scope="session")
def fresh_database(postgres: RealStack) -> Callable[[str], Awaitable[str]]:
    """A function that makes a new migrated database of a service."""
    return postgres.fresh_database


@pytest.fixture(scope="session")
async def kafka(real_stack: RealStack) -> str:
    """The bootstrap address of a real Kafka with the topics of the registry."""
    await real_stack.start_broker()
    return real_stack.bootstrap


@pytest.fixture(scope="session")
async def stack(real_stack: RealStack) -> RealStack:
    """The whole stack: broker, database and every process, ready."""
    await real_stack.start_processes()
    return real_stack
