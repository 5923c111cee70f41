"""Webhooks: where facts are sent to, how long one that fails is tried, and which addresses are never asked. Pure."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from services.kit.errors import invalid
from services.kit.transitions import Transitions
from services.kit.write import Change

# The waits of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Retries").
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400))
TEST_TYPE = "kr.go.seoul.madang.webhook.test.v1"
# They hold an IPv4 address that the checks would not see: NAT64, 6to4, Teredo.
DISGUISES = [ipaddress.ip_network(network) for network in ("64:ff9b::/96", "2002::/16", "2001::/32")]


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
    secret: str
    added_at: datetime
    status: WebhookStatus = WebhookStatus.ACTIVE
    reason: str = ""
    old_secret: str = ""
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

    def wants(self, event_type: str) -> bool:
        """Whether it hears of a type."""
        return self.status is not WebhookStatus.PAUSED and (not self.event_types or event_type in self.event_types)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact on its way to one webhook, as its log shows it."""

    id: UUID
    webhook_id: UUID
    partner: str
    event_id: UUID
    event_type: str
    status: DeliveryStatus
    tries: int
    status_code: int
    error: str
    made_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None


def next_try(tries: int, at: datetime, jitter: float) -> datetime | None:
    """When to try again after so many tries, up to a fifth later (`jitter` from 0 to 1); none where that was the last."""
    return at + BACK_OFF[tries - 1] * (1 + jitter / 5) if tries <= len(BACK_OFF) else None


def checked_url(url: str, *, allow_private: bool, only_https: bool) -> str:
    """An address that facts may be sent to. What its name resolves to is checked at every sending. Raises Refused: URL_INVALID."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise invalid("URL_INVALID", "this is no address", "url") from None
    if parts.scheme not in ({"https"} if only_https else {"https", "http"}) or not host:
        raise invalid("URL_INVALID", "an address begins with https:// and has a host", "url")
    if parts.username is not None or parts.password is not None:
        raise invalid("URL_INVALID", "an address has no user name and no password", "url")
    if parts.fragment or any(character.isspace() or not character.isprintable() for character in url):
        raise invalid("URL_INVALID", "an address has no fragment, no space and no control character", "url")
    if not allow_private and (address := _address(host)) and not is_public(address):
        raise invalid("URL_INVALID", "an address leads to a public network", "url")
    return url


def is_public(address: str) -> bool:
    """Whether an IP address lies in a public network: not loopback, private, link-local, multicast or one of these in disguise."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast and not any(found in network for network in DISGUISES)


def _address(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def checked_types(types: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Types that partners may see. Raises Refused: EVENT_TYPE_NOT_ALLOWED."""
    found = tuple(types)
    if unknown := [event_type for event_type in found if event_type not in known]:
        raise invalid("EVENT_TYPE_NOT_ALLOWED", f"partners do not see {unknown[0]}; they see {', '.join(known)}", "event_types")
    return found
