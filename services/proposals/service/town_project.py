"""Use cases of town projects."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock, WorkingDays
from services.kit.database import Connection
from services.kit.errors import wrong_state
from services.kit.scheduler import Ring
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written
from services.proposals.domain.town_project import (
    REPORT_DUE,
    SETTLEMENT_DUE,
    Agreement,
    Application,
    Inspection,
    ReviewSheet,
    Settlement,
    TownProject,
    TownProjectStatus,
    TownRules,
)


class TownProjects:
    """What can be done with town projects."""

    def __init__(self, write: Write[TownProject], clock: Clock, calendar: WorkingDays, rules: TownRules) -> None:
        self._write, self._clock, self._calendar, self._rules = write, clock, calendar, rules

    async def propose(self, call: Call, project: TownProject) -> Written:
        """Take in an idea. Raises Refused: NOT_FOUND or TOWN_PROJECT_NOT_CONTINUED for the project that it continues."""

        async def work(connection: Connection) -> Written:
            if project.continues_id:
                earlier = await self._write.lean_on(connection, call, project.continues_id)
                if earlier.status is not TownProjectStatus.CONTINUED:
                    raise wrong_state("TOWN_PROJECT_NOT_CONTINUED", f"the earlier town project is {earlier.status}", "continues_id")
            return await self._write.insert(connection, call, [project.proposed()])

        return await self._write.log.once(call, work)

    async def counsel(self, call: Call, target: Target, counsellor_ref: str, department: str) -> Written:
        """Give it a counsellor and a department."""
        return await self._change(call, target, lambda project: project.counsel(counsellor_ref, department, at=self._clock.now()))

    async def apply(self, call: Call, target: Target, application: Application) -> Written:
        """Apply with a budget."""
        return await self._change(call, target, lambda project: project.apply(application, self._rules, at=self._clock.now()))

    async def inspect(self, call: Call, target: Target, note: Text, inspected_on: date) -> Written:
        """Record what was seen."""
        inspection = Inspection(note, inspected_on)
        return await self._change(call, target, lambda project: project.inspect(inspection, at=self._clock.now()))

    async def review(self, call: Call, target: Target, sheets: tuple[ReviewSheet, ...]) -> Written:
        """Record the scores."""
        return await self._change(call, target, lambda project: project.review(sheets, at=self._clock.now()))

    async def select(self, call: Call, target: Target) -> Written:
        """Choose it."""
        return await self._change(call, target, lambda project: project.select(at=self._clock.now()))

    async def reject(self, call: Call, target: Target, reason: Text) -> Written:
        """Do not choose it."""
        return await self._change(call, target, lambda project: project.reject(reason, at=self._clock.now()))

    async def agree(self, call: Call, target: Target, agreement: Agreement) -> Written:
        """Agree on grant and period."""
        return await self._change(call, target, lambda project: project.agree(agreement, at=self._clock.now()))

    async def start(self, call: Call, target: Target) -> Written:
        """Begin."""
        return await self._change(call, target, lambda project: project.start(at=self._clock.now()))

    async def report(self, call: Call, target: Target, report: Text) -> Written:
        """Report what came of it."""
        return await self._change(
            call, target, lambda project: project.tell(report, self._rules, at=self._clock.now(), calendar=self._calendar)
        )

    async def settle(self, call: Call, target: Target, grant_spent: int, own_spent: int, returned: int) -> Written:
        """Account for the money."""
        settlement = Settlement(grant_spent, own_spent, returned, self._clock.now())
        return await self._change(call, target, lambda project: project.settle(settlement))

    async def carry_on(self, call: Call, target: Target) -> Written:
        """Let it go on."""
        return await self._change(call, target, lambda project: project.carry_on(at=self._clock.now()))

    async def end(self, call: Call, target: Target) -> Written:
        """End it."""
        return await self._change(call, target, lambda project: project.end(at=self._clock.now()))

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {REPORT_DUE: self._report_due, SETTLEMENT_DUE: self._settlement_due}

    async def _report_due(self, connection: Connection, call: Call, project_id: UUID, at: datetime) -> None:
        await self._write.react(connection, call, project_id, lambda project: project.miss_report(at=at))

    async def _settlement_due(self, connection: Connection, call: Call, project_id: UUID, at: datetime) -> None:
        await self._write.react(connection, call, project_id, lambda project: project.miss_settlement(at=at))

    async def _change(self, call: Call, target: Target, function: Callable[[TownProject], Change[TownProject]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)
