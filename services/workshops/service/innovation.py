"""Use cases of innovation agendas."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written
from services.workshops.clients import Sources
from services.workshops.domain.innovation import CoOwner, Evidence, Innovation
from services.workshops.domain.routing import Override, first_rule
from services.workshops.store.routing import RuleBook

EvidenceOf = Callable[[Connection, UUID], Awaitable[Evidence]]


class Innovations:
    """The life of an innovation agenda."""

    def __init__(self, write: Write[Innovation], evidence_of: EvidenceOf, sources: Sources, rules: RuleBook, clock: Clock) -> None:
        self._write, self._evidence_of, self._sources, self._rules, self._clock = write, evidence_of, sources, rules, clock

    async def propose(self, call: Call, innovation: Innovation) -> Written:
        """Propose one; what it is adopted from is asked for first."""
        if innovation.adopted_from:
            await self._sources.check(call, innovation.adopted_from)
        return await self._write.create(call, innovation.proposed())

    async def advance(self, call: Call, target: Target) -> Written:
        """Go to the next phase. Advice and measurements are only ever added, so that what proves the gate is read before the lock."""

        async def work(connection: Connection) -> Written:
            evidence = await self._evidence_of(connection, target.id)
            return await self._write.update(
                connection, call, target.id, target.etag, lambda innovation: innovation.advance(evidence, at=self._clock.now())
            )

        return await self._write.log.once(call, work)

    async def send_back(self, call: Call, target: Target, reason: str) -> Written:
        """Go back to be explored again."""
        return await self._change(call, target, lambda innovation: innovation.send_back(reason, at=self._clock.now()))

    async def pause(self, call: Call, target: Target, reason: str) -> Written:
        """Let it rest."""
        return await self._change(call, target, lambda innovation: innovation.pause(reason, at=self._clock.now()))

    async def resume(self, call: Call, target: Target) -> Written:
        """Go on where it was."""
        return await self._change(call, target, lambda innovation: innovation.resume(at=self._clock.now()))

    async def shelve(self, call: Call, target: Target, reason: str) -> Written:
        """Give it up."""
        return await self._change(call, target, lambda innovation: innovation.shelve(reason, at=self._clock.now()))

    async def assign_owner(self, call: Call, target: Target, override: Override) -> Written:
        """Give it an owner by the rule in force."""

        async def work(connection: Connection) -> Written:
            at = self._clock.now()
            rule = await self._rules.active(connection) or first_rule(at)
            return await self._write.update(
                connection, call, target.id, target.etag, lambda innovation: innovation.assign_owner(rule, override, at=at)
            )

        return await self._write.log.once(call, work)

    async def set_co_owners(self, call: Call, target: Target, co_owners: tuple[CoOwner, ...]) -> Written:
        """Say who answers for it beside its owner."""
        return await self._change(call, target, lambda innovation: innovation.set_co_owners(co_owners, at=self._clock.now()))

    async def write_plan(self, call: Call, target: Target, plan: Text) -> Written:
        """Write its plan."""
        return await self._change(call, target, lambda innovation: innovation.write_plan(plan, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Innovation], Change[Innovation]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)
