"""Innovation agendas and what moves them. Pure: time, ids and what other aggregates prove are handed in."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import Kind, Refused, invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.kit.write import Change
from services.workshops.events import (
    AdviceRecorded,
    IndicatorDefined,
    IndicatorMeasured,
    InnovationPhaseChanged,
    InnovationProposed,
    OwnerAssigned,
    PlanWritten,
    WorkshopHeld,
)
from services.workshops.routing import Override, Routing, RoutingRule


class Phase(StrEnum):
    """Where an innovation agenda stands."""

    PROPOSED = "proposed"
    EXPLORE = "explore"
    PLAN = "plan"
    PRACTISE = "practise"
    DIFFUSE = "diffuse"
    COMPLETED = "completed"


class DiscoverySource(StrEnum):
    """How it was discovered."""

    CASE_ANALYSIS = "case_analysis"
    EXPERT_INTERVIEW = "expert_interview"
    DEPARTMENT = "department"
    CITIZEN_PROPOSAL = "citizen_proposal"
    VICE_MAYOR_VOICE = "vice_mayor_voice"
    COUNCIL_RESOLUTION = "council_resolution"


class AdoptedService(StrEnum):
    """The service that holds what was adopted."""

    VOICES = "voices"
    COUNCIL = "council"
    PROPOSALS = "proposals"
    AGENDA = "agenda"


class ParticipantSector(StrEnum):
    """Where participants and advisers come from."""

    OFFICIAL = "official"
    EXPERT = "expert"
    NGO = "ngo"
    INDUSTRY = "industry"
    PRESS = "press"
    ACADEMIA = "academia"


class OutputKind(StrEnum):
    """What a workshop may bring forth."""

    AGENDA_FOUND = "agenda_found"
    PLAN_IMPROVED = "plan_improved"
    PRACTICE_REVIEWED = "practice_reviewed"
    DIFFUSION_AGREED = "diffusion_agreed"


TRANSITIONS = Transitions[Phase](
    "innovation agenda",
    {
        Phase.PROPOSED: {Phase.EXPLORE},
        Phase.EXPLORE: {Phase.PLAN},
        Phase.PLAN: {Phase.PRACTISE, Phase.EXPLORE},
        Phase.PRACTISE: {Phase.DIFFUSE},
        Phase.DIFFUSE: {Phase.COMPLETED},
    },
)
ORDER = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an innovation agenda was adopted from."""

    service: AdoptedService
    source_id: UUID


@dataclass(frozen=True, slots=True)
class Evidence:
    """What other aggregates prove of an innovation agenda: how many advice notes and measured indicators there are."""

    advice_notes: int = 0
    measured_indicators: int = 0


@dataclass(frozen=True, slots=True)
class Innovation:
    """An innovation agenda."""

    id: UUID
    phase: Phase
    title: str
    summary: Text
    innovation_field: InnovationField
    discovery_source: DiscoverySource
    proposed_at: datetime
    adopted_from: Adopted | None = None
    departments: tuple[str, ...] = ()
    in_business_plan: bool = False
    themes: tuple[str, ...] = ()
    represented_groups: tuple[RepresentedGroup, ...] = ()
    district_code: District | None = None
    routing: Routing | None = None
    plan: Text | None = None

    @property
    def owner(self) -> str | None:
        """The department whose officers it belongs to, or the Social Innovation Officer; none before it is assigned."""
        return self.routing.owner if self.routing else None

    def proposed(self) -> Change["Innovation"]:
        """It was proposed."""
        return Change(self, InnovationProposed(self.proposed_at))

    def advance(self, evidence: Evidence, *, at: datetime) -> Change["Innovation"]:
        """Go to the next phase.

        Raises:
            Refused: GATE_CLOSED, naming everything that the phase still asks for.
        """
        following = ORDER[min(ORDER.index(self.phase) + 1, len(ORDER) - 1)]
        advanced = self._enter(following)
        if missing := self._missing(evidence):
            wanted = ", ".join(missing)
            message = f"this innovation agenda cannot go from {self.phase} to {following}; it lacks: {wanted}"
            raise Refused(Kind.STATE, "GATE_CLOSED", message, details={"missing": wanted, "phase": self.phase, "wanted": following})
        return Change(advanced, InnovationPhaseChanged(at, self.phase))

    def send_back(self, reason: str, *, at: datetime) -> Change["Innovation"]:
        """Go back from the plan to be explored again; the plan is kept."""
        self._check_phase("is sent back", {Phase.PLAN})
        return Change(self._enter(Phase.EXPLORE), InnovationPhaseChanged(at, self.phase, reason))

    def assign_owner(self, rule: RoutingRule, override: Override, *, at: datetime) -> Change["Innovation"]:
        """Give it an owner by the rule, or with a reason against it."""
        self._check_phase("is given an owner", set(Phase) - {Phase.COMPLETED})
        routing = rule.route(self.departments, override, in_business_plan=self.in_business_plan)
        return Change(replace(self, routing=routing), OwnerAssigned(at))

    def write_plan(self, plan: Text, *, at: datetime) -> Change["Innovation"]:
        """Write its plan, in place of the one before."""
        self._check_phase("is planned", {Phase.PLAN})
        return Change(replace(self, plan=plan), PlanWritten(at))

    def _missing(self, evidence: Evidence) -> list[str]:
        gates: dict[Phase, dict[str, object]] = {
            Phase.PLAN: {"owner": self.routing, "plan": self.plan, "advice": evidence.advice_notes},
            Phase.PRACTISE: {"measured_indicator": evidence.measured_indicators},
        }
        return [name for name, there in gates.get(self.phase, {}).items() if not there]

    def _check_phase(self, what: str, allowed: set[Phase]) -> None:
        if self.phase not in allowed:
            phases = ", ".join(phase for phase in Phase if phase in allowed)
            raise wrong_state("PHASE_FORBIDDEN", f"an innovation agenda {what} in {phases}; this one is in {self.phase}", phase=self.phase)

    def _enter(self, phase: Phase) -> "Innovation":
        TRANSITIONS.check(self.phase, phase)
        return replace(self, phase=phase)


@dataclass(frozen=True, slots=True)
class AdviceNote:
    """What an adviser thinks of an innovation agenda; the adviser is known by sector and institution only."""

    id: UUID
    innovation_id: UUID
    sector: ParticipantSector
    institution: str
    opinion: Text
    given_at: datetime

    @property
    def owner(self) -> None:
        """Reached through its innovation agenda."""

    def recorded(self) -> Change["AdviceNote"]:
        """It was recorded."""
        return Change(self, AdviceRecorded(self.given_at))


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement; `period` is a year, quarter or month, `measured_by` an institution."""

    value: float
    period: str
    measured_by: str
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an innovation agenda is measured by, with its newest measurement."""

    id: UUID
    innovation_id: UUID
    name: str
    unit: str
    baseline: float
    target: float
    method: str
    defined_at: datetime
    measurement: Measurement | None = None

    @property
    def owner(self) -> None:
        """Reached through its innovation agenda."""

    def defined(self) -> Change["Indicator"]:
        """It was defined."""
        return Change(self, IndicatorDefined(self.defined_at))

    def measure(self, measurement: Measurement) -> Change["Indicator"]:
        """Measure it; the newest measurement stands, those before are in the log."""
        return Change(replace(self, measurement=measurement), IndicatorMeasured(measurement.measured_at))


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a workshop brought forth."""

    kind: OutputKind
    innovation_id: UUID
    note: Text


@dataclass(frozen=True, slots=True)
class Workshop:
    """A quarterly workshop; `participants` counts people by sector."""

    id: UUID
    quarter: str
    held_at: datetime
    participants: tuple[tuple[ParticipantSector, int], ...]
    innovation_ids: tuple[UUID, ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def owner(self) -> None:
        """A workshop is the whole city's."""

    def held(self) -> Change["Workshop"]:
        """It was held. Raises Refused: OUTPUT_NOT_DISCUSSED where an output is about something that was not on the table."""
        for index, output in enumerate(self.outputs):
            if output.innovation_id not in self.innovation_ids:
                message = "an output is about one of the innovation agendas that were discussed"
                raise invalid("OUTPUT_NOT_DISCUSSED", message, f"outputs[{index}].innovation_id")
        return Change(self, WorkshopHeld(self.held_at))
