"""Webhooks: where facts are sent to, how long one that fails is tried, and which addresses are never asked. Pure.

As Standard Webhooks has it: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from services.kit.errors import Refused, invalid
from services.kit.transitions import Transitions
from services.kit.write import Change

# After each try that failed, up to a fifth longer, so that those who failed together do not come back together.
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400))
# A last label like this makes a host a number (https://url.spec.whatwg.org/#ends-in-a-number-checker).
NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
TEST_TYPE = "kr.go.seoul.madang.webhook.test.v1"
PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")  # RFC 6890; Python before 3.11.10 takes most of it for public
# IPv6 as it is routed. Elsewhere lies what holds an IPv4 address that the checks would not see, such as NAT64; within it, 6to4 and Teredo.
ROUTED = ipaddress.IPv6Network("2000::/3")
DISGUISES = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))


class WebhookStatus(StrEnum):
    """Whether anything is sent."""

    ACTIVE = "active"
    FAILING = "failing"
    PAUSED = "paused"


TRANSITIONS = Transitions[WebhookStatus](
    "webhook",
    {
        WebhookStatus.ACTIVE: {WebhookStatus.FAILING, WebhookStatus.PAUSED},
        WebhookStatus.FAILING: {WebhookStatus.ACTIVE, WebhookStatus.PAUSED},
        WebhookStatus.PAUSED: {WebhookStatus.ACTIVE},
    },
)


class DeliveryStatus(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where one partner hears of facts. The newer secret stands first; both sign while there are two."""

    id: UUID
    partner: str
    url: str
    event_types: tuple[str, ...]
    secret: str = field(repr=False)
    added_at: datetime
    status: WebhookStatus = WebhookStatus.ACTIVE
    reason: str = ""
    old_secret: str = field(default="", repr=False)
    old_secret_ends_at: datetime | None = None
    gives_up_at: datetime | None = None

    @property
    def owner(self) -> str | None:
        """Nobody's in particular."""
        return None

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """Those that sign."""
        both = self.old_secret and self.old_secret_ends_at and now < self.old_secret_ends_at
        return (self.secret, self.old_secret) if both else (self.secret,)

    def clocks(self) -> Mapping[str, datetime]:
        """An older secret ends; one that only fails is paused."""
        due = {"secret_ends": self.old_secret_ends_at, "webhook_gives_up": self.gives_up_at}
        return {name: at for name, at in due.items() if at}

    def pause(self, reason: str) -> Change["Webhook"]:
        """Send nothing more."""
        TRANSITIONS.check(self.status, WebhookStatus.PAUSED)
        return Change(replace(self, status=WebhookStatus.PAUSED, reason=reason, gives_up_at=None), None)

    def resume(self) -> Change["Webhook"]:
        """Send again."""
        TRANSITIONS.check(self.status, WebhookStatus.ACTIVE)
        return Change(replace(self, status=WebhookStatus.ACTIVE, reason="", gives_up_at=None), None)

    def rotate(self, secret: str, ends_at: datetime, *, now: datetime) -> Change["Webhook"]:
        """Sign with a new secret, and with the old one for a while. Raises Refused: ENDS_AT_PAST."""
        if ends_at <= now:
            raise invalid("ENDS_AT_PAST", "the old secret ends in the future", "ends_at")
        return Change(replace(self, secret=secret, old_secret=self.secret, old_secret_ends_at=ends_at), None)

    def forget_old_secret(self) -> Change["Webhook"]:
        """The time of two secrets is over."""
        return Change(replace(self, old_secret="", old_secret_ends_at=None), None)

    def heard(self) -> Change["Webhook"] | None:
        """Something arrived."""
        return self.resume() if self.status is WebhookStatus.FAILING else None

    def failed(self, reason: str, *, at: datetime, patience: timedelta) -> Change["Webhook"] | None:
        """Something did not arrive: from the first such moment on its patience runs."""
        if self.status is not WebhookStatus.ACTIVE:
            return None
        return Change(replace(self, status=WebhookStatus.FAILING, reason=reason, gives_up_at=at + patience), None)

    def give_up(self) -> Change["Webhook"] | None:
        """Nothing has arrived for too long."""
        return self.pause(f"nothing arrived for days: {self.reason}") if self.status is WebhookStatus.FAILING else None

    def gone(self) -> Change["Webhook"] | None:
        """Whoever answers there says that it wants nothing any more."""
        return self.pause("it answered that it is gone (410)") if self.status is not WebhookStatus.PAUSED else None

    def wants(self, event_type: str, at: datetime) -> bool:
        """Whether it hears of a fact; of what happened before it was there it does not, however often the log is read."""
        return self.status is not WebhookStatus.PAUSED and at >= self.added_at and (not self.event_types or event_type in self.event_types)


@dataclass(frozen=True, slots=True)
class Try:
    """What came of one try: the status of the answer, 0 where there was none, and why it failed, empty where it did not."""

    status_code: int
    error: str

    @property
    def is_gone(self) -> bool:
        """Whether the answer was 410 Gone."""
        return self.status_code == 410


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact on its way to one webhook, as its log shows it."""

    id: UUID
    webhook_id: UUID
    partner: str
    event_id: UUID
    event_type: str
    subject: UUID
    status: DeliveryStatus
    tries: int
    status_code: int
    error: str
    made_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None


def next_try(tries: int, at: datetime, jitter: float) -> datetime | None:
    """When to try again after so many tries (`jitter` from 0 to 1); none where that was the last."""
    return at + BACK_OFF[tries - 1] * (1 + jitter / 5) if tries <= len(BACK_OFF) else None


def checked_url(url: str, *, private: bool) -> str:
    """An address that facts may be sent to. What its name leads to is checked at every try. Raises Refused: URL_INVALID.

    `private`: it may lead to this machine and to private networks, and needs no TLS.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _no_url("this is no address") from None
    if parts.scheme not in ({"https", "http"} if private else {"https"}) or not host:
        raise _no_url("an address begins with https:// and has a host")
    if parts.username is not None or parts.password is not None:
        raise _no_url("an address has no user name and no password")
    if "#" in url or "\\" in url or any(character.isspace() or not character.isprintable() for character in url):
        raise _no_url("an address has no fragment, no backslash, no space and no control character")
    if not private and not _may_be_public(host):
        raise _no_url("an address leads to a public network, by name or as it is usually written")
    return url


def is_public(address: str) -> bool:
    """Whether an IP address lies in a public network: not loopback, private, link-local, multicast, or one of these in disguise."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.scope_id or found not in ROUTED or any(found in network for network in DISGUISES):
            return False
    elif found in PROTOCOLS:
        return False
    return found.is_global and not found.is_multicast


def _may_be_public(host: str) -> bool:
    """Whether a host is a name, or a public address as everybody writes it; 2130706433, 0177.1 and 0x7f000001 are neither."""
    try:
        return is_public(host)
    except ValueError:
        return ":" not in host and "%" not in host and not NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])


def _no_url(why: str) -> Refused:
    return invalid("URL_INVALID", why, "url")


def checked_types(types: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Types that partners may see. Raises Refused: EVENT_TYPE_NOT_ALLOWED."""
    found = tuple(types)
    if unknown := [event_type for event_type in found if event_type not in known]:
        raise invalid("EVENT_TYPE_NOT_ALLOWED", f"partners do not see {unknown[0]}; they see {', '.join(sorted(known))}", "event_types")
    return found
