"""Keys by which partners are known on HTTP. Pure; secrets are handed in."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import invalid
from services.kit.transitions import Transitions
from services.kit.write import Change

PREFIX = "madang"


class KeyStatus(StrEnum):
    """Whether a key opens anything."""

    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    REVOKED = "revoked"


TRANSITIONS = Transitions[KeyStatus](
    "key",
    {
        KeyStatus.ACTIVE: {KeyStatus.ENDING, KeyStatus.REVOKED},
        KeyStatus.ENDING: {KeyStatus.ENDED, KeyStatus.REVOKED},
        KeyStatus.ENDED: set(),
        KeyStatus.REVOKED: set(),
    },
)
VALID = (KeyStatus.ACTIVE, KeyStatus.ENDING)


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret, of which only the hash is kept."""

    id: UUID
    partner: str
    label: str
    status: KeyStatus
    hash: bytes
    made_at: datetime
    ends_at: datetime | None = None
    replaces: UUID | None = None

    @property
    def owner(self) -> str | None:
        """Nobody's in particular."""
        return None

    def clocks(self) -> Mapping[str, datetime]:
        """One that was replaced ends at its time."""
        return {"key_ends": self.ends_at} if self.status is KeyStatus.ENDING and self.ends_at else {}

    def opens(self, secret: str, now: datetime) -> bool:
        """Whether a secret is this key's and still good; takes the same time whatever is wrong with it."""
        same = hmac.compare_digest(self.hash, hash_of(secret))
        return same and self.status in VALID and (self.ends_at is None or now < self.ends_at)

    def give_way(self, ends_at: datetime, *, now: datetime) -> Change["Key"]:
        """Go on until another one is in use. Raises Refused: ENDS_AT_PAST."""
        TRANSITIONS.check(self.status, KeyStatus.ENDING)
        if ends_at <= now:
            raise invalid("ENDS_AT_PAST", "the old key ends in the future; to end it at once, revoke it", "ends_at")
        return Change(replace(self, status=KeyStatus.ENDING, ends_at=ends_at), None)

    def end(self) -> Change["Key"]:
        """Its time is over."""
        TRANSITIONS.check(self.status, KeyStatus.ENDED)
        return Change(replace(self, status=KeyStatus.ENDED), None)

    def revoke(self, *, at: datetime) -> Change["Key"]:
        """End at once."""
        TRANSITIONS.check(self.status, KeyStatus.REVOKED)
        return Change(replace(self, status=KeyStatus.REVOKED, ends_at=at), None)


def secret_of(key_id: UUID, random: str) -> str:
    """A key's secret: its id, so that it is found, and what nobody can guess."""
    return f"{PREFIX}.{key_id.hex}.{random}"


def key_id_of(secret: str) -> UUID | None:
    """Which key a secret says it is; none where it is no secret of ours."""
    prefix, _, rest = secret.partition(".")
    try:
        return UUID(hex=rest.partition(".")[0]) if prefix == PREFIX else None
    except ValueError:
        return None


def hash_of(secret: str) -> bytes:
    """What is kept of a secret; it is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()
