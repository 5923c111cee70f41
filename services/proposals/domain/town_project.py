"""Town projects and their life: neighbours propose, apply with a share of their own, and settle a grant. Amounts are in won."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from statistics import fmean
from uuid import UUID

from services.kit.clock import SEOUL, WorkingDays, end_of
from services.kit.errors import invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District
from services.kit.write import Change
from services.proposals import events


class TownProjectStatus(StrEnum):
    """Where a town project stands."""

    IDEA = "idea"
    COUNSELLING = "counselling"
    APPLIED = "applied"
    INSPECTED = "inspected"
    REVIEWED = "reviewed"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    AGREED = "agreed"
    RUNNING = "running"
    REPORTED = "reported"
    SETTLED = "settled"
    CONTINUED = "continued"
    ENDED = "ended"


class TownProjectType(StrEnum):
    """What kind it is. Configurable data: the lines of Seoul's town community programme, which change with each year's call."""

    VILLAGE_COMMUNITY = "village_community"
    ENERGY = "energy"
    SAFETY = "safety"
    CHILDCARE = "childcare"
    CULTURE = "culture"
    MEDIA = "media"
    SHARED_SPACE = "shared_space"
    APARTMENT = "apartment"
    PARENTS = "parents"
    MULTICULTURAL = "multicultural"


class ReviewerSector(StrEnum):
    """Where a reviewer comes from."""

    RESIDENT = "resident"
    OFFICIAL = "official"
    EXPERT = "expert"
    CIVIC = "civic"


TRANSITIONS = Transitions[TownProjectStatus](
    "town project",
    {
        TownProjectStatus.IDEA: {TownProjectStatus.COUNSELLING},
        TownProjectStatus.COUNSELLING: {TownProjectStatus.APPLIED},
        TownProjectStatus.APPLIED: {TownProjectStatus.INSPECTED},
        TownProjectStatus.INSPECTED: {TownProjectStatus.REVIEWED},
        TownProjectStatus.REVIEWED: {TownProjectStatus.SELECTED, TownProjectStatus.NOT_SELECTED},
        TownProjectStatus.SELECTED: {TownProjectStatus.AGREED},
        TownProjectStatus.AGREED: {TownProjectStatus.RUNNING},
        TownProjectStatus.RUNNING: {TownProjectStatus.REPORTED},
        TownProjectStatus.REPORTED: {TownProjectStatus.SETTLED},
        TownProjectStatus.SETTLED: {TownProjectStatus.CONTINUED, TownProjectStatus.ENDED},
    },
)

UNREPORTED = {TownProjectStatus.AGREED, TownProjectStatus.RUNNING}  # while it stands so, a report is due when its period is over
REPORT_DUE, SETTLEMENT_DUE = "town_report_due", "town_settlement_due"


@dataclass(frozen=True, slots=True)
class TownRules:
    """What the year's call asks for."""

    residents: int
    own_share_percent: int
    settlement_days: int


@dataclass(frozen=True, slots=True)
class Application:
    """Who applies, and for how much."""

    resident_refs: tuple[str, ...]
    budget: int
    grant: int
    own_share: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen at the place."""

    note: Text
    inspected_on: date


@dataclass(frozen=True, slots=True)
class Score:
    """A score for one criterion, 0 to 100."""

    criterion: str
    points: int


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """One reviewer's scores. `reviewer_ref` names a person and is never published."""

    sector: ReviewerSector
    scores: tuple[Score, ...]
    reviewer_ref: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the city and the residents agreed."""

    grant: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the money was spent."""

    grant_spent: int
    own_spent: int
    returned: int
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class TownProject:
    """A project of residents for their town. The fields that end in `_ref` or `_refs` name people and are never published."""

    id: UUID
    status: TownProjectStatus
    town_project_type: TownProjectType
    title: str
    description: Text
    year: int
    proposed_at: datetime
    district_code: District | None = None
    department: str | None = None
    continues_id: UUID | None = None
    residents: int = 0
    budget: int = 0
    grant: int = 0
    own_share: int = 0
    inspection: Inspection | None = None
    sheets: tuple[ReviewSheet, ...] = ()
    rejection_reason: Text | None = None
    agreement: Agreement | None = None
    report: Text | None = None
    report_overdue: bool = False
    settlement_due_on: date | None = None
    settlement: Settlement | None = None
    settlement_overdue: bool = False
    proposer_ref: str = field(default="", repr=False)
    resident_refs: tuple[str, ...] = field(default=(), repr=False)
    counsellor_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str | None:
        """The department whose officers it belongs to; none before it is counselled."""
        return self.department

    @property
    def average_score(self) -> float:
        """The mean of the sheets, each of them the mean of its criteria; 0 where nobody scored."""
        means = [fmean(score.points for score in sheet.scores) for sheet in self.sheets]
        return round(fmean(means), 2) if means else 0.0

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: the report when its period is over, then the settlement when its day is."""
        if self.agreement and self.status in UNREPORTED and not self.report_overdue:
            return {REPORT_DUE: end_of(self.agreement.ends_on)}
        if self.settlement_due_on and self.status is TownProjectStatus.REPORTED and not self.settlement_overdue:
            return {SETTLEMENT_DUE: end_of(self.settlement_due_on)}
        return {}

    def proposed(self) -> Change["TownProject"]:
        """It was proposed."""
        return Change(self, events.TownProjectProposed(self.proposed_at))

    def counsel(self, counsellor_ref: str, department: str, *, at: datetime) -> Change["TownProject"]:
        """Give it a counsellor and the department that accompanies it."""
        after = self._become(TownProjectStatus.COUNSELLING, counsellor_ref=counsellor_ref, department=department)
        return Change(after, events.TownProjectCounselled(at))

    def apply(self, application: Application, rules: TownRules, *, at: datetime) -> Change["TownProject"]:
        """Residents apply with a budget. Raises Refused: RESIDENT_TWICE, RESIDENTS_TOO_FEW, BUDGET_MISMATCH, OWN_SHARE_TOO_SMALL."""
        TRANSITIONS.check(self.status, TownProjectStatus.APPLIED)
        _check_residents(application.resident_refs, rules.residents)
        _check_budget(application, rules.own_share_percent)
        after = self._become(
            TownProjectStatus.APPLIED, resident_refs=application.resident_refs, residents=len(application.resident_refs),
            budget=application.budget, grant=application.grant, own_share=application.own_share,
        )  # fmt: skip
        return Change(after, events.TownProjectApplied(at))

    def inspect(self, inspection: Inspection, *, at: datetime) -> Change["TownProject"]:
        """Record what was seen at the place. Raises Refused: INSPECTION_IN_FUTURE."""
        after = self._become(TownProjectStatus.INSPECTED, inspection=inspection)
        if inspection.inspected_on > at.astimezone(SEOUL).date():
            raise invalid("INSPECTION_IN_FUTURE", "an inspection is recorded when it was made", "inspected_on")
        return Change(after, events.TownProjectInspected(at))

    def review(self, sheets: tuple[ReviewSheet, ...], *, at: datetime) -> Change["TownProject"]:
        """Record the reviewers' scores, which may be none. Raises Refused: REVIEWER_TWICE, CRITERIA_DIFFER."""
        after = self._become(TownProjectStatus.REVIEWED, sheets=sheets)
        if _twice(sheet.reviewer_ref for sheet in sheets):
            raise invalid("REVIEWER_TWICE", "a reviewer hands in one sheet", "sheets")
        criteria = [sorted(score.criterion for score in sheet.scores) for sheet in sheets]
        if any(found != criteria[0] or _twice(found) for found in criteria):
            raise invalid("CRITERIA_DIFFER", "every sheet scores the same criteria, each of them once", "sheets")
        return Change(after, events.TownProjectReviewed(at))

    def select(self, *, at: datetime) -> Change["TownProject"]:
        """Choose it. Raises Refused: SCORE_REQUIRED."""
        after = self._become(TownProjectStatus.SELECTED)
        if not self.sheets:
            raise wrong_state("SCORE_REQUIRED", "nobody scored this town project; it cannot be selected")
        return Change(after, events.TownProjectSelected(at))

    def reject(self, reason: Text, *, at: datetime) -> Change["TownProject"]:
        """Do not choose it."""
        return Change(self._become(TownProjectStatus.NOT_SELECTED, rejection_reason=reason), events.TownProjectNotSelected(at))

    def agree(self, agreement: Agreement, *, at: datetime) -> Change["TownProject"]:
        """Agree on grant and period; a smaller grant makes a smaller budget. Raises Refused: GRANT_TOO_LARGE, PERIOD_INVALID."""
        TRANSITIONS.check(self.status, TownProjectStatus.AGREED)
        if agreement.grant > self.grant:
            raise invalid("GRANT_TOO_LARGE", f"{self.grant:,} won were applied for; {agreement.grant:,} cannot be agreed", "grant")
        if agreement.ends_on < agreement.begins_on:
            raise invalid("PERIOD_INVALID", "the period ends before it begins", "ends_on")
        budget = agreement.grant + self.own_share
        after = self._become(TownProjectStatus.AGREED, agreement=agreement, grant=agreement.grant, budget=budget)
        return Change(after, events.TownProjectAgreed(at))

    def start(self, *, at: datetime) -> Change["TownProject"]:
        """The residents begin."""
        return Change(self._become(TownProjectStatus.RUNNING), events.TownProjectStarted(at))

    def tell(self, report: Text, rules: TownRules, *, at: datetime, calendar: WorkingDays) -> Change["TownProject"]:
        """The residents report; the settlement is due in `settlement_days` working days of Korea."""
        due_on = calendar.after(at, rules.settlement_days)
        after = self._become(TownProjectStatus.REPORTED, report=report, report_overdue=False, settlement_due_on=due_on)
        return Change(after, events.TownProjectReported(at))

    def settle(self, settlement: Settlement) -> Change["TownProject"]:
        """Account for the money. Raises Refused: SETTLEMENT_MISMATCH."""
        after = self._become(TownProjectStatus.SETTLED, settlement=settlement, settlement_due_on=None, settlement_overdue=False)
        if settlement.grant_spent + settlement.returned != self.grant:
            raise invalid(
                "SETTLEMENT_MISMATCH",
                f"{settlement.grant_spent:,} won spent of the grant and {settlement.returned:,} returned are not its {self.grant:,}",
                "returned",
            )
        if settlement.own_spent > self.own_share:
            raise invalid("SETTLEMENT_MISMATCH", f"the own share is {self.own_share:,} won; more of it cannot be spent", "own_spent")
        return Change(after, events.TownProjectSettled(settlement.settled_at))

    def carry_on(self, *, at: datetime) -> Change["TownProject"]:
        """It goes on."""
        return Change(self._become(TownProjectStatus.CONTINUED), events.TownProjectContinued(at))

    def end(self, *, at: datetime) -> Change["TownProject"]:
        """It is over."""
        return Change(self._become(TownProjectStatus.ENDED), events.TownProjectEnded(at))

    def miss_report(self, *, at: datetime) -> Change["TownProject"]:
        """Its period is over, and there is no report."""
        return Change(replace(self, report_overdue=True), events.TownProjectDeadlineMissed(at, REPORT_DUE))

    def miss_settlement(self, *, at: datetime) -> Change["TownProject"]:
        """The day of its settlement is over, and there is none."""
        return Change(replace(self, settlement_overdue=True), events.TownProjectDeadlineMissed(at, SETTLEMENT_DUE))

    def _become(self, status: TownProjectStatus, **changes: object) -> "TownProject":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


def _check_residents(refs: tuple[str, ...], needed: int) -> None:
    if _twice(refs):
        raise invalid("RESIDENT_TWICE", "a resident applies once", "resident_refs")
    if len(refs) < needed:
        raise invalid("RESIDENTS_TOO_FEW", f"{len(refs)} residents apply; at least {needed} are needed", "resident_refs")


def _check_budget(application: Application, percent: int) -> None:
    if application.grant + application.own_share != application.budget:
        raise invalid("BUDGET_MISMATCH", "grant and own share together are not the budget", "budget")
    if application.own_share * 100 < application.budget * percent:
        raise invalid("OWN_SHARE_TOO_SMALL", f"the residents bring at least {percent} per cent of the budget themselves", "own_share")


def _twice(names: Iterable[str]) -> bool:
    return any(number > 1 for number in Counter(names).values())
