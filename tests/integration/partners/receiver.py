"""What a partner runs to hear of facts: an HTTP server on a free loopback port, which checks signatures as the standard says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def fine(_request: web.Request) -> web.Response:
    """204."""
    return web.Response(status=204)


def status(code: int, **headers: str) -> Answer:
    """Always the same status."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=code, headers=headers)

    return answer


@dataclass
class Receiver:
    """What came in, and what is answered."""

    answer: Answer = fine
    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep a request and answer it."""
        self.heard.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return await self.answer(request)

    async def events(self, count: int, secret: str = "", within_s: float = 30) -> list[dict[str, Any]]:
        """The first events that came in, their signatures checked with a secret; fails where they do not come."""
        async with asyncio.timeout(within_s):
            while len(self.heard) < count:  # noqa: ASYNC110 - requests do not call
                await asyncio.sleep(0.05)
        verifier = Webhook(secret)
        return [verifier.verify(body, headers) for headers, body in self.heard]

    def ids(self) -> list[str]:
        """The `webhook-id` of everything that came in."""
        return [headers["webhook-id"] for headers, _ in self.heard]


@asynccontextmanager
async def receiving(answer: Answer = fine) -> AsyncIterator[Receiver]:
    """A receiver, until the block ends."""
    receiver = Receiver(answer)
    app = web.Application()
    app.router.add_post("/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}/facts"
    try:
        yield receiver
    finally:
        await runner.cleanup()
