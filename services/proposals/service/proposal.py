"""Use cases of a proposal's own life."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.kit.actor import Call, Role
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.errors import Kind, Refused, invalid, not_found
from services.kit.scheduler import Ring
from services.kit.text import Text
from services.kit.vocabulary import ImportOutcome
from services.kit.write import Change, Target, Write, Written
from services.proposals.domain.knowledge import KnowledgeEntry
from services.proposals.domain.parts import Answer, CaseKind, FlagStatus, InterimReply, Resolution, Status, SupportRule
from services.proposals.domain.proposal import Proposal


@dataclass(frozen=True, slots=True)
class History:
    """A proposal as an archive reports it."""

    proposal: Proposal
    status: Status
    resolution: Resolution | None
    status_at: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between cities and years (the service's settings)."""

    answer_days: int
    extensions: int
    supports: SupportRule


class Proposals:
    """What can be done with citizens' proposals."""

    def __init__(self, write: Write[Proposal], knowledge: Write[KnowledgeEntry], clock: Clock, calendar: WorkingDays, rules: Rules) -> None:
        self._write, self._knowledge, self._clock, self._calendar, self._rules = write, knowledge, clock, calendar, rules

    async def submit(self, call: Call, proposal: Proposal) -> Written:
        """Take in a proposal."""
        return await self._write.create(call, proposal.received())

    async def triage(self, call: Call, target: Target, case_kind: CaseKind) -> Written:
        """Say what kind of case it is."""
        return await self._change(call, target, lambda proposal: proposal.triage(case_kind, at=self._clock.now()))

    async def assign(self, call: Call, target: Target, department: str, reason: str) -> Written:
        """Give it to a department and start its clock."""
        return await self._change(
            call,
            target,
            lambda proposal: proposal.assign(
                department, reason, answer_days=self._rules.answer_days, at=self._clock.now(), calendar=self._calendar,
                decided_by=call.actor.role,
            ),
        )  # fmt: skip

    async def refer(self, call: Call, target: Target, reason: str) -> Written:
        """Leave it to a coordination meeting."""
        return await self._change(call, target, lambda proposal: proposal.refer(reason, at=self._clock.now()))

    async def refuse(self, call: Call, target: Target, reason: str) -> Written:
        """Its department will not have it."""
        return await self._change(call, target, lambda found: found.refuse(reason, at=self._clock.now(), decided_by=call.actor.role))

    async def start(self, call: Call, target: Target) -> Written:
        """Begin the department's work, or go on with it."""
        return await self._change(call, target, lambda proposal: proposal.start(at=self._clock.now()))

    async def extend(self, call: Call, target: Target, days: int, reason: str) -> Written:
        """Move the day of its answer."""
        return await self._change(
            call,
            target,
            lambda proposal: proposal.extend(
                days, reason, most=self._rules.extensions, answer_days=self._rules.answer_days, at=self._clock.now(),
                calendar=self._calendar,
            ),
        )  # fmt: skip

    async def reply_interim(self, call: Call, target: Target, text: Text, department: str) -> Written:
        """Tell the proposer how far the work is."""
        return await self._change(call, target, lambda proposal: proposal.reply_interim(InterimReply(text, department, self._clock.now())))

    async def answer(self, call: Call, target: Target, text: Text, department: str, knowledge_id: UUID | None = None) -> Written:
        """Answer the proposer, and every proposer whose case was merged into this one.

        Where no words are given, those of the knowledge base are said.
        """

        async def work(connection: Connection) -> Written:
            words = text or await self._known(connection, call, knowledge_id)
            answer = Answer(words, department, self._clock.now(), knowledge_id)
            merged = (await self._write.read(connection, call, target.id)).merged
            # Whoever's they were, they hear what the one that stays is answered.
            unbound, written = replace(call, bound_to=None), None
            for identity in sorted({target.id, *merged}):
                if identity == target.id:
                    written = await self._write.update(
                        connection, call, identity, target.etag, lambda found: _still(found, merged).reply(answer)
                    )
                else:
                    await self._write.update(connection, unbound, identity, 0, lambda found: found.hear(answer))
            assert written is not None, "it is among them"
            return written

        return await self._write.log.once(call, work)

    async def _known(self, connection: Connection, call: Call, knowledge_id: UUID | None) -> Text:
        """The words of a confirmed entry."""
        if knowledge_id is None:
            raise invalid("FIELD_REQUIRED", "an answer has words of its own, or those of the knowledge base", "text")
        entry = await self._knowledge.read(connection, replace(call, bound_to=None), knowledge_id)
        entry.check_confirmed()
        return entry.answer

    async def close(self, call: Call, target: Target, resolution: Resolution) -> Written:
        """End it."""
        return await self._change(call, target, lambda proposal: proposal.close(resolution, at=self._clock.now()))

    async def follow_up(self, call: Call, target: Target, text: Text) -> Written:
        """Ask again; the clock begins anew."""
        return await self._change(
            call,
            target,
            lambda found: found.ask_again(text, answer_days=self._rules.answer_days, at=self._clock.now(), calendar=self._calendar),
        )

    async def transfer(self, call: Call, target: Target, body: str, reason: str) -> Written:
        """Hand it over to another body."""
        return await self._change(call, target, lambda proposal: proposal.transfer(body, reason, at=self._clock.now()))

    async def withdraw(self, call: Call, target: Target, reason: str) -> Written:
        """Take it back."""
        return await self._change(call, target, lambda proposal: _own(call, proposal).withdraw(reason, at=self._clock.now()))

    async def rate(self, call: Call, target: Target, satisfaction: int) -> Written:
        """Say how satisfying its answer is."""
        return await self._change(call, target, lambda proposal: _own(call, proposal).rate(satisfaction, at=self._clock.now()))

    async def flag_abuse(self, call: Call, target: Target, reason: str) -> Written:
        """Say that it is abusive."""
        return await self._change(call, target, lambda proposal: proposal.flag_abuse(reason, at=self._clock.now()))

    async def appeal(self, call: Call, target: Target, reason: str) -> Written:
        """Object to that."""
        return await self._change(call, target, lambda proposal: _own(call, proposal).appeal(reason, at=self._clock.now()))

    async def decide_appeal(self, call: Call, target: Target, decision: FlagStatus, reason: str) -> Written:
        """Uphold the flag, or lift it."""
        return await self._change(call, target, lambda proposal: proposal.decide_appeal(decision, reason, at=self._clock.now()))

    async def recall(self, call: Call, history: History) -> tuple[Written, ImportOutcome]:
        """Take a proposal of history with its whole life; one that was taken before stays as it is."""
        outcome = ImportOutcome.ACCEPTED

        async def work(connection: Connection) -> Written:
            nonlocal outcome
            if standing := await self._write.find(connection, history.proposal.id):
                outcome = ImportOutcome.DUPLICATE
                return standing
            life = history.proposal.recalled(
                history.status, history.resolution, history.status_at, rule=self._rules.supports, now=self._clock.now()
            )
            return await self._write.insert(connection, call, life)

        return await self._write.log.once(call, work), outcome

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {name: self._missed(name) for name in ("answer_due", "obliged_answer_due")}

    def _missed(self, clock: str) -> Ring:
        async def ring(connection: Connection, call: Call, proposal_id: UUID, at: datetime) -> None:
            await self._write.react(connection, call, proposal_id, lambda proposal: proposal.miss_deadline(clock, at=at))

        return ring

    async def _change(self, call: Call, target: Target, function: Callable[[Proposal], Change[Proposal]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)


def _own(call: Call, proposal: Proposal) -> Proposal:
    """The proposal, where the caller is no citizen or is its proposer; to anybody else there is none."""
    if call.actor.role is Role.CITIZEN and call.actor.subject != proposal.proposer_ref:
        raise not_found("proposal", proposal.id)
    return proposal


def _still(proposal: Proposal, merged: tuple[UUID, ...]) -> Proposal:
    """The proposal, unless another one was merged into it between the look and the lock: then the caller tries again."""
    if proposal.merged != merged:
        raise Refused(Kind.CONFLICT, "VERSION_CONFLICT", "another proposal was merged into this one meanwhile; try again")
    return proposal
