"""Use cases of mandates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.scheduler import Ring
from services.kit.write import Change, Target, Write, Written
from services.voices.domain.mandate import Mandate


class Mandates:
    """What can be done with mandates. `renewals`: how often one may be renewed."""

    def __init__(self, mandates: Write[Mandate], clock: Clock, renewals: int) -> None:
        self._mandates, self._clock, self._renewals = mandates, clock, renewals

    async def nominate(self, call: Call, mandate: Mandate) -> Written:
        """Put somebody forward."""
        return await self._mandates.create(call, mandate.nominated())

    async def screen(self, call: Call, target: Target) -> Written:
        """Note that a nomination was looked into."""
        return await self._change(call, target, lambda mandate: mandate.screen())

    async def appoint_screened(self, call: Call, target: Target) -> Written:
        """Appoint somebody who was screened here."""
        return await self._change(call, target, lambda mandate: mandate.appoint(at=self._clock.now()))

    async def appoint(self, call: Call, mandate: Mandate) -> Written:
        """Appoint somebody who was nominated and screened elsewhere."""
        return await self._mandates.create(call, mandate.appointed(at=self._clock.now()))

    async def renew(self, call: Call, target: Target, end_date: date) -> Written:
        """Let a mandate go on."""
        return await self._change(call, target, lambda mandate: mandate.renew(end_date, limit=self._renewals, at=self._clock.now()))

    async def dismiss(self, call: Call, target: Target, reason: str) -> Written:
        """End a mandate before its time."""
        return await self._change(call, target, lambda mandate: mandate.dismiss(reason, at=self._clock.now()))

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What the clocks of a mandate mean, by name."""
        return {"mandate_begins": self._begins, "mandate_ends": self._ends}

    async def _begins(self, connection: Connection, call: Call, mandate_id: UUID, at: datetime) -> None:
        await self._mandates.react(connection, call, mandate_id, lambda mandate: mandate.begin(at=at))

    async def _ends(self, connection: Connection, call: Call, mandate_id: UUID, at: datetime) -> None:
        await self._mandates.react(connection, call, mandate_id, lambda mandate: mandate.end(at=at))

    async def _change(self, call: Call, target: Target, function: Callable[[Mandate], Change[Mandate]]) -> Written:
        return await self._mandates.change(call, target.id, target.etag, function)
