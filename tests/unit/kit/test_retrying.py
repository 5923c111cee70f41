"""What is attempted for ever, until it is ended."""

import asyncio

import pytest

from services.kit.retrying import for_ever


class Attempts:
    """Counts how often it was begun; what it holds cannot be let go of in time."""

    def __init__(self) -> None:
        self.begun = 0

    async def __call__(self) -> None:
        self.begun += 1
        try:
            await asyncio.sleep(60)
        finally:
            raise TimeoutError


async def test_what_fails_while_it_is_ended_does_not_begin_again() -> None:
    attempts = Attempts()
    task = asyncio.create_task(for_ever("test", attempts))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert attempts.begun == 1


async def test_what_passes_by_itself_is_attempted_again_and_what_does_not_ends_it() -> None:
    failures = iter([OSError(), TimeoutError(), asyncio.CancelledError(), ValueError("a mistake of ours")])

    async def attempt() -> None:
        raise next(failures)

    with pytest.raises(ValueError, match="a mistake of ours"):
        await for_ever("test", attempt)
    assert not list(failures)
