"""One try: a signed request to exactly the address that was checked, and nothing of the answer but its status.

An attacker may own the name, its DNS and what answers there. So a redirect is not followed, an answer's body is not read, no proxy plays a
part, every try has a session of its own, and whatever way an address came in, no socket is made for one that must not be asked.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks.webhooks import Webhook as Signature

from services.kit.errors import Refused
from services.partners.domain.webhook import Try, Webhook, checked_url, is_public

log = structlog.get_logger()
TIMEOUT_S = 10.0
LOOK_UPS = 32
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
LookUp = Callable[[str, int], Awaitable[list[str]]]  # the addresses of a name; raises OSError


class NotPublic(OSError):  # noqa: N818 - it says what the address is
    """An address that is never asked."""


class Sender:
    """The client of webhooks. `private`: addresses of this machine and of private networks may be asked."""

    def __init__(self, *, private: bool, look_up: LookUp | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._private, self._look_up, self._timeout_s = private, look_up or Names().look_up, timeout_s

    async def send(self, webhook: Webhook, event_id: UUID, body: bytes, now: datetime) -> Try:
        """Post a body once; never raises for what lies at the other end."""
        try:
            checked_url(webhook.url, private=self._private)
            return await self._post(webhook.url, body, headers_of(webhook, event_id, body, now))
        except Refused as refused:
            return Try(0, refused.message)
        except TimeoutError:
            return Try(0, f"there was no answer in {self._timeout_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            inside = isinstance(error.__cause__, NotPublic)
            return Try(0, "it leads to a network that is not public" if inside else f"it cannot be reached: {type(error).__name__}")
        except Exception as error:
            log.exception("a webhook could not be asked", webhook_id=str(webhook.id))
            return Try(0, f"it could not be asked: {type(error).__name__}")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Try:
        connector = aiohttp.TCPConnector(
            resolver=Checked(self._look_up, private=self._private), use_dns_cache=False, force_close=True, socket_factory=self._socket
        )
        async with (
            aiohttp.ClientSession(
                connector=connector, trust_env=False, auto_decompress=False, read_bufsize=1024,
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            ) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):  # fmt: skip
            response.close()
            return Try(response.status, "" if 200 <= response.status < 300 else f"it answered {response.status}")

    def _socket(self, address: Any) -> socket.socket:
        """The last gate: also addresses that stood in the URL itself pass here, as they are connected to."""
        family, kind, protocol, _, place = address
        if not self._private and not is_public(place[0]):
            raise NotPublic(place[0])
        return socket.socket(family, kind, protocol)


class Checked(AbstractResolver):
    """Names to addresses, every one of which may be asked: one that must not be spoils them all."""

    def __init__(self, look_up: LookUp, *, private: bool) -> None:
        self._look_up, self._private = look_up, private

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - aiohttp's own interface
    ) -> list[ResolveResult]:
        """The addresses to connect to, and no others. Raises NotPublic, or OSError where there are none."""
        found = await self._look_up(host, port)
        if not self._private and not all(map(is_public, found)):
            raise NotPublic(host)
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET6 if ":" in address else socket.AF_INET, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


class Names:
    """The system's names. In threads of their own: a server of names that does not answer holds up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOK_UPS, "names")

    async def look_up(self, host: str, port: int) -> list[str]:
        """The addresses of a name. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return list(dict.fromkeys(str(place[0]) for *_, place in found))


def headers_of(webhook: Webhook, event_id: UUID, body: bytes, now: datetime) -> dict[str, str]:
    """What Standard Webhooks asks for: the same id at every try, the time of this one, a signature with each valid secret."""
    signatures = [Signature(secret).sign(str(event_id), now, body.decode()) for secret in webhook.secrets(now)]
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": CONTENT_TYPE,
        "user-agent": "madang",
    }
