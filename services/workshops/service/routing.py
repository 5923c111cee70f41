"""Use cases of the routing rule's versions."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Target, Write, Written
from services.workshops.domain.routing import OwnerType, RoutingRule, RuleStatus, Situation, Trial
from services.workshops.store.routing import RuleBook

# What a version would make of every innovation agenda there is; reads only, a page at a time. Raises Refused: NOT_FOUND.
TrialOf = Callable[[UUID], Awaitable[Trial]]


class Rules:
    """What can be done with the rule."""

    def __init__(self, write: Write[RoutingRule], book: RuleBook, trial_of: TrialOf, clock: Clock) -> None:
        self._write, self._book, self._trial_of, self._clock = write, book, trial_of, clock

    async def propose(self, call: Call, rule_id: UUID, owners: Mapping[Situation, OwnerType], reason: str) -> Written:
        """Propose a new version."""

        async def work(connection: Connection) -> Written:
            await self._book.take_turn(connection)
            version = await self._book.next_version(connection)
            rule = RoutingRule(rule_id, version, RuleStatus.DRAFT, owners, reason, self._clock.now())
            return await self._write.insert(connection, call, [rule.proposed()])

        return await self._write.log.once(call, work)

    async def try_out(self, call: Call, target: Target) -> tuple[Written, Trial]:
        """See what a version would change, and keep how much."""
        trial = await self._trial_of(target.id)
        written = await self._write.change(call, target.id, target.etag, lambda rule: rule.tried(trial, at=self._clock.now()))
        return written, trial

    async def activate(self, call: Call, target: Target) -> Written:
        """Put a version in force in place of the one before, in one transaction."""

        async def work(connection: Connection) -> Written:
            await self._book.take_turn(connection)
            at, standing = self._clock.now(), await self._write.read(connection, call, target.id)
            standing.activate(at=at)  # refused before the one in force is touched, so that the refusal is about this version
            if before := await self._book.active(connection):
                await self._write.update(connection, call, before.id, 0, lambda rule: rule.retire(at=at))
            return await self._write.update(connection, call, target.id, target.etag, lambda rule: rule.activate(at=at))

        return await self._write.log.once(call, work)
