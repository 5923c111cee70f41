"""Coordination meetings: departments sit together and settle who answers cases that nobody wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.errors import invalid
from services.kit.write import Change
from services.proposals.events import CoordinationDecided


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """Which department answers a case, and why."""

    proposal_id: UUID
    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoordinationMeeting:
    """A meeting that was held: who sat there, and what it decided. It belongs to no department."""

    id: UUID
    departments: tuple[str, ...]
    decisions: tuple[CaseDecision, ...]
    held_at: datetime

    @property
    def owner(self) -> None:
        """Nobody's: its departments decide together."""
        return

    def decided(self, *, at: datetime) -> Change["CoordinationMeeting"]:
        """It settled its cases, each of them once, and gave them to departments that were there."""
        check_decisions(self.departments, self.decisions)
        return Change(self, CoordinationDecided(at))


def check_decisions(departments: Sequence[str], decisions: Sequence[CaseDecision]) -> None:
    """Raise DUPLICATE_ITEM for a case that is settled twice, DEPARTMENT_ABSENT for a department that did not sit there."""
    seen: set[UUID] = set()
    for index, decision in enumerate(decisions):
        if decision.proposal_id in seen:
            raise invalid("DUPLICATE_ITEM", f"{decision.proposal_id} is settled twice", f"decisions[{index}].proposal_id")
        if decision.department not in departments:
            raise invalid("DEPARTMENT_ABSENT", f"{decision.department} was not at the meeting", f"decisions[{index}].department")
        seen.add(decision.proposal_id)
