"""The whole stack with its sample; loading it again has no effect."""

import pytest

from tests.command import madang
from tests.stack import RealStack


@pytest.fixture(scope="module")
async def sample(stack: RealStack) -> RealStack:
    """The stack, once the sample is loaded."""
    await stack.wait_ready(90)
    done = await madang(stack.data, "sample", "load")
    assert done.code == 0, done.err
    return stack
