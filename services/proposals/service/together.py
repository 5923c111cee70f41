"""Use cases that several proposals or many people have a part in."""

from collections.abc import Sequence
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.errors import invalid, not_found
from services.kit.write import Change, Target, Write, Written
from services.proposals.domain.coordination import CaseDecision, CoordinationMeeting
from services.proposals.domain.proposal import Proposal
from services.proposals.service.proposal import Rules
from services.proposals.store.proposal import add_support, join_supports


class Together:
    """Supports, merging, and coordination meetings."""

    def __init__(
        self, proposals: Write[Proposal], meetings: Write[CoordinationMeeting], clock: Clock, calendar: WorkingDays, rules: Rules
    ) -> None:
        self._proposals, self._meetings, self._clock, self._calendar, self._rules = proposals, meetings, clock, calendar, rules

    async def support(self, call: Call, target: Target, supporter_ref: str) -> Written:
        """One more person supports it; somebody who does already changes nothing."""

        async def work(connection: Connection) -> Written:
            now = self._clock.now()
            await self._lock(connection, call, [target.id])
            if not await add_support(connection, target.id, supporter_ref, now):
                standing = await self._proposals.find(connection, target.id)
                assert standing is not None, "it is locked"
                return standing
            written = await self._proposals.update(connection, call, target.id, target.etag, lambda found: found.support(at=now))
            return await self._obliged(connection, call, target.id) or written

        return await self._proposals.log.once(call, work)

    async def merge(self, call: Call, target: Target, into: UUID, reason: str) -> Written:
        """Merge one into another, which takes over its supports; whoever supports both counts once."""
        if target.id == into:
            raise invalid("MERGE_WITH_ITSELF", "a proposal cannot be merged into itself", "into")

        async def work(connection: Connection) -> Written:
            now = self._clock.now()
            merged = (await self._lock(connection, call, [target.id, into]))[target.id]
            both = await join_supports(connection, target.id, into)
            await self._proposals.update(connection, call, target.id, target.etag, lambda found: found.merge_into(into, reason, at=now))
            written = await self._proposals.update(
                connection, call, into, 0, lambda found: found.take_in(merged, found.supports + merged.supports - both, at=now)
            )
            return await self._obliged(connection, call, into) or written

        return await self._proposals.log.once(call, work)

    async def hold(self, call: Call, meeting: CoordinationMeeting) -> Written:
        """Record a meeting and give each of its cases to the department that it decided on; all of them or none."""

        async def work(connection: Connection) -> Written:
            written = await self._meetings.insert(connection, call, [meeting.decided(at=meeting.held_at)])
            for decision in _in_order(meeting.decisions):
                await self._assign(connection, call, meeting.id, decision)
            return written

        return await self._meetings.log.once(call, work)

    async def _assign(self, connection: Connection, call: Call, meeting_id: UUID, decision: CaseDecision) -> None:
        def function(proposal: Proposal) -> Change[Proposal]:
            return proposal.assign(
                decision.department, decision.reason, answer_days=self._rules.answer_days, at=self._clock.now(),
                calendar=self._calendar, decided_by=call.actor.role, meeting_id=meeting_id,
            )  # fmt: skip

        await self._proposals.update(connection, call, decision.proposal_id, 0, function)

    async def _lock(self, connection: Connection, call: Call, ids: Sequence[UUID]) -> dict[UUID, Proposal]:
        """Proposals as they stand, locked in id order as every command locks. Raises Refused: NOT_FOUND."""
        found: dict[UUID, Proposal] = {}

        def look(proposal: Proposal) -> None:
            found[proposal.id] = proposal

        for identity in sorted(ids):
            await self._proposals.react(connection, call, identity, look)
            if identity not in found:
                raise not_found("proposal", identity)
        return found

    async def _obliged(self, connection: Connection, call: Call, proposal_id: UUID) -> Written | None:
        """The obligation as a save of its own, since a save publishes at most one fact."""
        return await self._proposals.react(
            connection, call, proposal_id, lambda found: found.oblige(self._rules.supports, at=self._clock.now())
        )


def _in_order(decisions: Sequence[CaseDecision]) -> list[CaseDecision]:
    """In id order, as every command locks."""
    return sorted(decisions, key=lambda decision: decision.proposal_id)
