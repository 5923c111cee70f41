"""Use cases of proposals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.scheduler import Ring
from services.kit.text import Text
from services.kit.vocabulary import ImportOutcome
from services.kit.write import Change, Target, Write, Written
from services.proposals.domain.proposal import Answer, CaseKind, Proposal, Resolution, Status


@dataclass(frozen=True, slots=True)
class History:
    """A proposal as an archive reports it."""

    proposal: Proposal
    status: Status
    resolution: Resolution | None
    status_at: datetime


class Proposals:
    """What can be done with citizens' proposals."""

    def __init__(self, write: Write[Proposal], clock: Clock, calendar: WorkingDays, answer_days: int) -> None:
        self._write, self._clock, self._calendar, self._answer_days = write, clock, calendar, answer_days

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
                department, reason, answer_days=self._answer_days, at=self._clock.now(), calendar=self._calendar
            ),
        )

    async def start(self, call: Call, target: Target) -> Written:
        """Begin the department's work."""
        return await self._change(call, target, lambda proposal: proposal.start(at=self._clock.now()))

    async def answer(self, call: Call, target: Target, text: Text, department: str) -> Written:
        """Answer the proposer."""
        return await self._change(call, target, lambda proposal: proposal.reply(Answer(text, department, self._clock.now())))

    async def close(self, call: Call, target: Target, resolution: Resolution) -> Written:
        """End it."""
        return await self._change(call, target, lambda proposal: proposal.close(resolution, at=self._clock.now()))

    async def follow_up(self, call: Call, target: Target, text: Text) -> Written:
        """Ask again."""
        return await self._change(call, target, lambda proposal: proposal.ask_again(text, at=self._clock.now()))

    async def recall(self, call: Call, history: History) -> tuple[Written, ImportOutcome]:
        """Take a proposal of history with its whole life; one that was taken before stays as it is."""
        outcome = ImportOutcome.ACCEPTED

        async def work(connection: Connection) -> Written:
            nonlocal outcome
            if standing := await self._write.find(connection, history.proposal.id):
                outcome = ImportOutcome.DUPLICATE
                return standing
            life = history.proposal.recalled(history.status, history.resolution, history.status_at)
            return await self._write.insert(connection, call, life)

        return await self._write.log.once(call, work), outcome

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"answer_due": self._answer_due}

    async def _answer_due(self, connection: Connection, call: Call, proposal_id: UUID, at: datetime) -> None:
        await self._write.react(connection, call, proposal_id, lambda proposal: proposal.miss_deadline(at=at))

    async def _change(self, call: Call, target: Target, function: Callable[[Proposal], Change[Proposal]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)
