"""Plans: what they are made of, what each year aimed at and reached, and how items are tagged with their tasks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from uuid import UUID

from services.agenda.events import PlanImported
from services.kit.errors import Refused, invalid, not_found
from services.kit.ids import derived_id
from services.kit.text import Label
from services.kit.vocabulary import HrObjective
from services.kit.write import Change


class PlanLevel(StrEnum):
    """How far down in a plan a node stands: as many numbers as its code has."""

    OBJECTIVE = "objective"
    AREA = "area"
    KEY_TASK = "key_task"
    DETAILED_TASK = "detailed_task"


LEVELS = tuple(PlanLevel)


def plan_tags(reference: str) -> tuple[str, ...]:
    """The tags of an item that serves a task such as `hr2013/1.2.3.4`: the task's own, and one for each part of the plan above it."""
    plan, _, code = reference.partition("/")
    parts = code.split(".")
    return tuple(f"plan:{plan}/{'.'.join(parts[:length])}" for length in range(1, len(parts) + 1))


def plan_id(code: str) -> UUID:
    """A plan's id follows from its code, so that importing it again is its next version."""
    return derived_id("plan", code)


def task_unknown(reference: str) -> Refused:
    """Nothing can be tagged with a task that no plan has."""
    plan = reference.partition("/")[0]
    words = f"no plan has a detailed task {reference!r}; `madang plan tasks --plan {plan}` lists those of a plan"
    return invalid("PLAN_TASK_UNKNOWN", words, "plan_tasks", reference=reference)


@dataclass(frozen=True, slots=True)
class PlanYear:
    """What a year aims at and reached, in percent; none where nothing was set or recorded."""

    year: int
    target: float | None = None
    progress: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanNode:
    """An objective, area, key task or detailed task; `code` has the numbers from the objective down, such as `1.2.3.4`."""

    code: str
    title: Label
    objective: HrObjective | None = None
    department: str = ""
    years: tuple[PlanYear, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Its code, to sort by."""
        return tuple(int(number) for number in self.code.split("."))

    @property
    def level(self) -> PlanLevel:
        """How far down it stands."""
        return LEVELS[self.code.count(".")]

    @property
    def parent(self) -> str:
        """The code of what it belongs to, empty for an objective."""
        return self.code.rpartition(".")[0]

    def is_below(self, code: str) -> bool:
        """Whether it is that node or belongs to it; everything belongs to the plan itself, the empty code."""
        return not code or self.code == code or self.code.startswith(f"{code}.")

    def in_year(self, year: int) -> PlanYear:
        """What it says of a year."""
        return next((one for one in self.years if one.year == year), PlanYear(year))


@dataclass(frozen=True, slots=True)
class NodeProgress:
    """A year of one node: its detailed tasks, and the means over those that have a target or a progress."""

    node: PlanNode
    tasks: int
    target: float | None
    progress: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was imported last, its nodes in the order of their codes."""

    id: UUID
    code: str
    title: Label
    from_year: int
    to_year: int
    nodes: tuple[PlanNode, ...]
    imported_at: datetime

    @property
    def owner(self) -> None:
        """The city's own."""

    def imported(self) -> Change["Plan"]:
        """It was taken in for the first time. Raises Refused as `check` does."""
        self.check()
        return Change(self, PlanImported(self.imported_at))

    def replaced_by(self, plan: "Plan") -> Change["Plan"] | None:
        """It was taken in again; none where it says the same. Raises Refused as `check` does."""
        plan.check()
        return None if replace(plan, imported_at=self.imported_at) == self else Change(plan, PlanImported(plan.imported_at))

    def check(self) -> None:
        """Hold it against the rules of plans.

        Raises:
            Refused: DUPLICATE_ITEM, PLAN_PARENT_MISSING, PLAN_TOO_DEEP, PLAN_OBJECTIVE_MISPLACED, PLAN_YEARS_REVERSED,
                PLAN_YEARS_MISPLACED or PLAN_YEAR_OUTSIDE.
        """
        if self.to_year < self.from_year:
            raise invalid("PLAN_YEARS_REVERSED", f"the plan ends in {self.to_year}, before it begins in {self.from_year}", "to_year")
        codes: set[str] = set()
        for node in self.nodes:
            if node.code in codes:
                raise invalid("DUPLICATE_ITEM", f"there are two nodes {node.code}", "nodes", node=node.code)
            codes.add(node.code)
            self._check(node, codes)

    def _check(self, node: PlanNode, codes: set[str]) -> None:
        """One node, all that stand before it in the order of codes being known."""
        if len(node.numbers) > len(LEVELS):
            raise invalid("PLAN_TOO_DEEP", f"{node.code} has more than {len(LEVELS)} numbers", "nodes", node=node.code)
        if node.parent and node.parent not in codes:
            raise invalid("PLAN_PARENT_MISSING", f"{node.code} belongs to {node.parent}, which is not there", "nodes", node=node.code)
        if node.objective and node.level is not PlanLevel.OBJECTIVE:
            words = f"{node.code} stands for {node.objective}; only an objective does, whose code has one number"
            raise invalid("PLAN_OBJECTIVE_MISPLACED", words, "nodes", node=node.code)
        if node.years and node.level is not PlanLevel.DETAILED_TASK:
            words = f"{node.code} has years; detailed tasks have them, and the others follow from theirs"
            raise invalid("PLAN_YEARS_MISPLACED", words, "nodes", node=node.code)
        for year in sorted(one.year for one in node.years):
            if not self.from_year <= year <= self.to_year:
                words = f"{node.code} has the year {year}; the plan runs from {self.from_year} to {self.to_year}"
                raise invalid("PLAN_YEAR_OUTSIDE", words, "nodes", node=node.code)
            if sum(one.year == year for one in node.years) > 1:
                raise invalid("DUPLICATE_ITEM", f"{node.code} has the year {year} twice", "nodes", node=node.code)

    def part(self, code: str) -> list[PlanNode]:
        """The detailed tasks of a node, or all of them. Raises Refused: NOT_FOUND where there is no such node."""
        if code and not any(node.code == code for node in self.nodes):
            raise not_found("part of the plan", f"{self.code}/{code}")
        return self.tasks(code)

    def tasks(self, below: str = "") -> list[PlanNode]:
        """The detailed tasks that belong to a code, or all of them."""
        return [node for node in self.nodes if node.level is PlanLevel.DETAILED_TASK and node.is_below(below)]

    def has_task(self, code: str) -> bool:
        """Whether there is such a detailed task."""
        return any(node.code == code for node in self.tasks(code))

    def nearest_year(self, year: int) -> int:
        """A year of the plan: that one, or the nearest to it."""
        return min(max(year, self.from_year), self.to_year)

    def progress(self, year: int) -> Iterator[NodeProgress]:
        """Every node's year."""
        below: dict[str, list[PlanYear]] = {node.code: [] for node in self.nodes}
        for task in self.tasks():
            code = task.code
            while code:
                below[code].append(task.in_year(year))
                code = code.rpartition(".")[0]
        for node in self.nodes:
            years = below[node.code]
            yield NodeProgress(node, len(years), _mean(one.target for one in years), _mean(one.progress for one in years))


def _mean(values: Iterable[float | None]) -> float | None:
    """The plain mean of those that are there."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def in_order(nodes: Iterable[PlanNode]) -> tuple[PlanNode, ...]:
    """Nodes in the order of their codes: each behind what it belongs to."""
    return tuple(sorted(nodes, key=lambda node: node.numbers))
