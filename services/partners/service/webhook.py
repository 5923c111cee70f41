"""What can be done with webhooks, and what a delivery's end makes of its webhook."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import not_found, wrong_state
from services.kit.ids import new_id
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written
from services.partners.domain.partner import Partner, partner_id_of
from services.partners.domain.visible import VISIBLE
from services.partners.domain.webhook import TEST_TYPE, Try, Webhook, WebhookStatus, checked_types, checked_url
from services.partners.store import delivery as store


@dataclass(frozen=True, slots=True)
class HookRules:
    """What the settings say of webhooks."""

    overlap: timedelta
    patience: timedelta
    private: bool


class Webhooks:
    """The use cases."""

    def __init__(self, partners: Write[Partner], write: Write[Webhook], clock: Clock, rules: HookRules) -> None:
        self._partners, self._write, self._clock, self._rules = partners, write, clock, rules

    async def add(self, call: Call, code: str, url: str, event_types: tuple[str, ...]) -> tuple[Written, str]:
        """A webhook and its secret, which is empty where the call was answered before.

        Raises:
            Refused: URL_INVALID, EVENT_TYPE_NOT_ALLOWED, or what bars the partner.
        """
        checked_url(url, private=self._rules.private)
        types, made = checked_types(event_types, VISIBLE), [""]

        async def work(connection: Connection) -> Written:
            (await self._partners.lean_on(connection, call, partner_id_of(code))).check_open(self._clock.now())
            made[0] = _new_secret()
            hook = Webhook(new_id(), code, url, types, made[0], self._clock.now())
            return await self._write.insert(connection, call, [Change(hook, None)])

        return await self._write.log.once(call, work), made[0]

    async def pause(self, call: Call, target: Target, reason: str) -> Written:
        """Send nothing more."""
        return await self._change(call, target, lambda hook: hook.pause(reason or "paused by hand"))

    async def resume(self, call: Call, target: Target) -> Written:
        """Send again."""
        return await self._change(call, target, Webhook.resume)

    async def rotate_secret(self, call: Call, target: Target, ends_at: datetime | None) -> tuple[Written, str]:
        """A new secret, beside the old one until `ends_at`."""
        now, made = self._clock.now(), [""]

        def rotate(hook: Webhook) -> Change[Webhook]:
            made[0] = _new_secret()
            return hook.rotate(made[0], ends_at or now + self._rules.overlap, now=now)

        return await self._change(call, target, rotate), made[0]

    async def test(self, call: Call, webhook_id: UUID) -> Written:
        """Put a test event on its way. Raises Refused: WEBHOOK_PAUSED."""

        async def work(connection: Connection) -> Written:
            hook = await self._write.lean_on(connection, call, webhook_id)
            if hook.status is WebhookStatus.PAUSED:
                raise wrong_state("WEBHOOK_PAUSED", "nothing is sent to a paused webhook; resume it first")
            event_id, now = new_id(), self._clock.now()
            event = {
                "specversion": "1.0", "id": str(event_id), "source": "urn:madang:partners", "type": TEST_TYPE, "time": now.isoformat(),
                "subject": str(hook.id), "datacontenttype": "application/json", "data": {"webhookId": str(hook.id)},
            }  # fmt: skip
            await store.put(connection, hook, event_id, TEST_TYPE, hook.id, json.dumps(event).encode(), now)
            return await self._numbers(connection, hook.id)

        return await self._write.log.once(call, work)

    async def redeliver(self, call: Call, webhook_id: UUID, delivery_id: UUID | None) -> tuple[Written, int]:
        """Send again what was given up, or one delivery; how many that were. Raises Refused: NOT_FOUND."""
        count = 0

        async def work(connection: Connection) -> Written:
            nonlocal count
            await self._write.read(connection, call, webhook_id)  # not locked: who settles a delivery locks its webhook after it
            count = await store.again(connection, webhook_id, delivery_id, self._clock.now())
            if delivery_id and not count:
                raise not_found("delivery", delivery_id)
            return await self._numbers(connection, webhook_id)

        return await self._write.log.once(call, work), count

    async def settle(self, connection: Connection, webhook_id: UUID, tried: Try) -> None:
        """Inside the transaction that marks a try: what it makes of the webhook."""
        now = self._clock.now()

        def settled(hook: Webhook) -> Change[Webhook] | None:
            if tried.is_gone:
                return hook.gone()
            return hook.failed(tried.error, at=now, patience=self._rules.patience) if tried.error else hook.heard()

        await self._write.react(connection, Call.own("delivery"), webhook_id, settled)

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"webhook_gives_up": self._gives_up, "secret_ends": self._secret_ends}

    async def _gives_up(self, connection: Connection, call: Call, webhook_id: UUID, _at: datetime) -> None:
        await self._write.react(connection, call, webhook_id, Webhook.give_up)

    async def _secret_ends(self, connection: Connection, call: Call, webhook_id: UUID, _at: datetime) -> None:
        await self._write.react(connection, call, webhook_id, Webhook.forget_old_secret)

    async def _numbers(self, connection: Connection, webhook_id: UUID) -> Written:
        written = await self._write.find(connection, webhook_id)
        assert written is not None, "it is locked"
        return written

    async def _change(self, call: Call, target: Target, function: Callable[[Webhook], Change[Webhook]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
