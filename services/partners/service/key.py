"""What can be done with keys. A secret is made here, answered once, and kept nowhere."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import Kind, Refused, wrong_state
from services.kit.ids import new_id
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written
from services.partners.domain.key import Key, KeyStatus, hash_of, key_id_of, secret_of
from services.partners.domain.partner import Partner, partner_id_of
from services.partners.store.key import KEYS, count_valid

AT_ONCE = 2  # so that one can be rotated without a gap


class KeyRing:
    """The use cases."""

    def __init__(self, partners: Write[Partner], write: Write[Key], clock: Clock, *, overlap: timedelta) -> None:
        self._partners, self._write, self._clock, self._overlap = partners, write, clock, overlap

    async def make(self, call: Call, code: str, label: str) -> tuple[Written, str]:
        """A new key and its secret, which is empty where the call was answered before. Raises Refused: KEY_LIMIT."""
        made = _Made()

        async def work(connection: Connection) -> Written:
            (await self._partners.lean_on(connection, call, partner_id_of(code))).check_open(self._clock.now())
            return await self._insert(connection, call, made.key(code, label, self._clock.now()))

        return await self._write.log.once(call, work), made.secret

    async def rotate(self, call: Call, target: Target, ends_at: datetime | None) -> tuple[Written, str]:
        """A key in the place of another one, which goes on until `ends_at`; the new one's secret as in `make`."""
        made, now = _Made(), self._clock.now()

        async def work(connection: Connection) -> Written:
            old = await self._write.read(connection, call, target.id)
            (await self._partners.lean_on(connection, call, partner_id_of(old.partner))).check_open(now)
            gives_way = ends_at or now + self._overlap
            await self._write.update(connection, call, target.id, target.etag, lambda key: key.give_way(gives_way, now=now))
            return await self._insert(connection, call, replace(made.key(old.partner, old.label, now), replaces=old.id))

        return await self._write.log.once(call, work), made.secret

    async def revoke(self, call: Call, target: Target) -> Written:
        """End a key at once."""
        return await self._write.change(call, target.id, target.etag, lambda key: key.revoke(at=self._clock.now()))

    async def check(self, secret: str) -> Key:
        """The key of a secret. Raises Refused: KEY_INVALID, or what bars its partner."""
        async with self._write.log.database.transaction(readonly=True) as connection:
            key_id = key_id_of(secret)
            key = await KEYS.load(connection, key_id) if key_id else None
            if key is None or not key.opens(secret, self._clock.now()):
                raise Refused(Kind.UNAUTHENTICATED, "KEY_INVALID", "this key opens nothing")
            partner = await self._partners.read(connection, Call.own("key"), partner_id_of(key.partner))
            partner.check_open(self._clock.now())
            return key

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"key_ends": self._key_ends}

    async def _key_ends(self, connection: Connection, call: Call, key_id: UUID, _at: datetime) -> None:
        await self._write.react(connection, call, key_id, lambda key: key.end() if key.status is KeyStatus.ENDING else None)

    async def _insert(self, connection: Connection, call: Call, key: Key) -> Written:
        if await count_valid(connection, key.partner) >= AT_ONCE:
            raise wrong_state("KEY_LIMIT", f"{key.partner} has {AT_ONCE} valid keys; revoke one, or rotate it when it is the only one")
        return await self._write.insert(connection, call, [Change(key, None)])


class _Made:
    """What one call made; nothing where its answer was there before."""

    def __init__(self) -> None:
        self.secret = ""

    def key(self, partner: str, label: str, at: datetime) -> Key:
        """A new key."""
        key_id = new_id()
        self.secret = secret_of(key_id, secrets.token_urlsafe(32))
        return Key(key_id, partner, label, KeyStatus.ACTIVE, hash_of(self.secret), at)
