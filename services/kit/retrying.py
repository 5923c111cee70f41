"""Work that goes on for ever: what passes by itself ends one attempt, everything else ends the process."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Never, Protocol

import structlog
from aiokafka.errors import KafkaError

from services.kit.database import is_transient

log = structlog.get_logger()
FIRST_S, LONGEST_S, HEALTHY_S, STOP_S = 0.2, 5.0, 30.0, 5.0


def passes(error: BaseException) -> bool:
    """Whether a broker or a database merely cannot answer now."""
    return isinstance(error, KafkaError) or is_transient(error)


class _Client(Protocol):
    async def stop(self) -> None: ...


async def stop(client: _Client) -> None:
    """Stop a client of the broker; one that cannot in time, as it may hang where the broker is gone, is given up."""
    with suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(client.stop(), STOP_S)


async def for_ever(what: str, attempt: Callable[[], Awaitable[object]], *also: type[Exception]) -> Never:
    """Attempt again and again, waiting longer after each quick failure (0.2 s to 5 s). `also`: errors that end an attempt only."""
    wait = FIRST_S
    while True:
        began = time.monotonic()
        try:
            await attempt()
        except (Exception, asyncio.CancelledError) as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError from error  # what fails while it is ended must not begin again
            # Nobody cancelled this: it waited for something inside a client that was cancelled as its connection broke.
            if not passes(error) and not isinstance(error, (asyncio.CancelledError, *also)):
                raise
            wait = FIRST_S if time.monotonic() - began > HEALTHY_S else min(wait * 2, LONGEST_S)
            log.warning("starting again", what=what, reason=repr(error), wait_s=wait)
            await asyncio.sleep(wait)
