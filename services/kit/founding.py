"""What has to be there from a service's first start on."""

import asyncio
from collections.abc import Awaitable, Callable

from services.kit.retrying import for_ever


class Founding:
    """Makes it, then rests; a part of the process. `found` makes what is not there, however often and wherever the service starts."""

    def __init__(self, found: Callable[[], Awaitable[object]]) -> None:
        self._found = found

    async def run(self) -> None:
        """Found, and stay until the process ends."""
        await for_ever("founding", self._attempt)

    async def _attempt(self) -> None:
        await self._found()
        await asyncio.Event().wait()
