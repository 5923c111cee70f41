"""Innovation agendas and their phases."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import Kind, Refused, invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.kit.write import Change
from services.workshops.domain.routing import Override, Routing, RoutingChange, RoutingRule, situation_of
from services.workshops.events import CoOwnersSet, InnovationPhaseChanged, InnovationProposed, OwnerAssigned, PlanWritten


class Phase(StrEnum):
    """Where an innovation agenda stands."""

    PROPOSED = "proposed"
    EXPLORE = "explore"
    PLAN = "plan"
    PRACTISE = "practise"
    DIFFUSE = "diffuse"
    COMPLETED = "completed"
    PAUSED = "paused"
    SHELVED = "shelved"


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


class CoOwnerKind(StrEnum):
    """Which side a co-owner stands for."""

    PUBLIC = "public"
    CIVIC = "civic"


UNDER_WAY = (Phase.PROPOSED, Phase.EXPLORE, Phase.PLAN, Phase.PRACTISE, Phase.DIFFUSE)
ASIDE = frozenset({Phase.PAUSED, Phase.SHELVED})
ENDED = frozenset({Phase.COMPLETED, Phase.SHELVED})
DIFFUSING = frozenset({Phase.DIFFUSE, Phase.COMPLETED})
NEXT = dict(zip(UNDER_WAY, (*UNDER_WAY[1:], Phase.COMPLETED), strict=True))
# "any → shelved, paused": whatever is under way. What is shelved stays so; what is paused goes on where it was, or is shelved.
TRANSITIONS = Transitions[Phase](
    "innovation agenda",
    {
        Phase.PROPOSED: {Phase.EXPLORE, *ASIDE},
        Phase.EXPLORE: {Phase.PLAN, *ASIDE},
        Phase.PLAN: {Phase.PRACTISE, Phase.EXPLORE, *ASIDE},
        Phase.PRACTISE: {Phase.DIFFUSE, *ASIDE},
        Phase.DIFFUSE: {Phase.COMPLETED, *ASIDE},
        Phase.PAUSED: {*UNDER_WAY, Phase.SHELVED},
    },
)
# What each discovery source is adopted from, where it was adopted from one service's own; an item of the agenda may be any of them.
ADOPTED_BY = {
    AdoptedService.VOICES: DiscoverySource.VICE_MAYOR_VOICE,
    AdoptedService.COUNCIL: DiscoverySource.COUNCIL_RESOLUTION,
    AdoptedService.PROPOSALS: DiscoverySource.CITIZEN_PROPOSAL,
}
MAX_OWNERS = 50  # kept in the state; every one is in the log


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an innovation agenda was adopted from; of a council's agenda item also the resolution that was made on it."""

    service: AdoptedService
    source_id: UUID
    resolution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What other aggregates prove of an innovation agenda: how many advice notes and measured indicators there are."""

    advice_notes: int = 0
    measured_indicators: int = 0


@dataclass(frozen=True, slots=True)
class CoOwner:
    """An institution that answers for an innovation agenda beside its owner."""

    kind: CoOwnerKind
    name: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owned it from a moment on, and why."""

    routing: Routing
    since: datetime


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
    bounce_count: int = 0
    owners: tuple[Ownership, ...] = ()
    co_owners: tuple[CoOwner, ...] = ()
    phase_left: Phase | None = None
    set_aside_reason: str = ""

    @property
    def owner(self) -> str | None:
        """The department whose officers it belongs to, or the Social Innovation Officer; none before it is assigned."""
        return self.routing.owner if self.routing else None

    def proposed(self) -> Change["Innovation"]:
        """It was proposed. Raises Refused: SOURCE_MISMATCH where it is adopted from something else than its discovery source says."""
        adopted = ADOPTED_BY.get(self.adopted_from.service) if self.adopted_from else None
        if adopted not in {None, self.discovery_source}:
            message = f"what is adopted there was discovered as {adopted}, not as {self.discovery_source}"
            raise invalid("SOURCE_MISMATCH", message, "discovery_source", expected=str(adopted))
        if self.adopted_from and self.adopted_from.resolution_id and self.adopted_from.service is not AdoptedService.COUNCIL:
            raise invalid("SOURCE_MISMATCH", "resolutions are the council's", "adopted_from.resolution_id", expected=AdoptedService.COUNCIL)
        return Change(self, InnovationProposed(self.proposed_at))

    def advance(self, evidence: Evidence, *, at: datetime) -> Change["Innovation"]:
        """Go to the next phase.

        Raises:
            Refused: GATE_CLOSED, naming everything that the phase still asks for.
        """
        following = NEXT.get(self.phase, Phase.COMPLETED)
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

    def pause(self, reason: str, *, at: datetime) -> Change["Innovation"]:
        """Let it rest; it goes on in the phase that it leaves."""
        return self._set_aside(Phase.PAUSED, reason, at=at)

    def shelve(self, reason: str, *, at: datetime) -> Change["Innovation"]:
        """Give it up."""
        return self._set_aside(Phase.SHELVED, reason, at=at)

    def resume(self, *, at: datetime) -> Change["Innovation"]:
        """Go on in the phase that it left."""
        self._check_phase("is resumed", {Phase.PAUSED})
        assert self.phase_left is not None, "what is paused left a phase"
        back = replace(self._enter(self.phase_left), phase_left=None, set_aside_reason="")
        return Change(back, InnovationPhaseChanged(at, self.phase))

    def assign_owner(self, rule: RoutingRule, override: Override, *, at: datetime) -> Change["Innovation"]:
        """Give it an owner by the rule, or with a reason against it."""
        self._check_phase("is given an owner", set(Phase) - ENDED)
        routing = rule.route(self.departments, override, in_business_plan=self.in_business_plan)
        bounces = self.bounce_count + (self.owner not in {None, routing.owner})
        owners = (*self.owners, Ownership(routing, at))[-MAX_OWNERS:]
        return Change(replace(self, routing=routing, bounce_count=bounces, owners=owners), OwnerAssigned(at))

    def set_co_owners(self, co_owners: tuple[CoOwner, ...], *, at: datetime) -> Change["Innovation"]:
        """Say who answers for it beside its owner. Raises Refused: CO_OWNER_KIND where two stand for the same side."""
        self._check_phase("is given co-owners", set(Phase) - ENDED)
        kinds = [co_owner.kind for co_owner in co_owners]
        for index, kind in enumerate(kinds):
            if kind in kinds[:index]:
                raise invalid("CO_OWNER_KIND", f"there is one {kind} co-owner at most", f"co_owners[{index}].kind")
        return Change(replace(self, co_owners=co_owners), CoOwnersSet(at))

    def check_diffusing(self) -> None:
        """Raise PHASE_FORBIDDEN unless others may be said to take it over."""
        self._check_phase("is taken over by others", DIFFUSING)

    def change_by(self, rule: RoutingRule) -> RoutingChange | None:
        """What another version of the rule would make of its owner; none where it stays, and where nobody or an officer chose it."""
        if self.routing is None or self.routing.overridden:
            return None
        then = rule.route(self.departments, Override(), in_business_plan=self.in_business_plan)
        if then.owner == self.routing.owner:
            return None
        reason = situation_of(self.departments, in_business_plan=self.in_business_plan)
        return RoutingChange(self.id, self.title, self.routing.owner, then.owner, reason)

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

    def _set_aside(self, phase: Phase, reason: str, *, at: datetime) -> Change["Innovation"]:
        left = self.phase_left if self.phase is Phase.PAUSED else self.phase
        aside = replace(self._enter(phase), phase_left=left, set_aside_reason=reason)
        return Change(aside, InnovationPhaseChanged(at, self.phase, reason))

    def _check_phase(self, what: str, allowed: Collection[Phase]) -> None:
        if self.phase not in allowed:
            phases = ", ".join(phase for phase in Phase if phase in allowed)
            raise wrong_state("PHASE_FORBIDDEN", f"an innovation agenda {what} in {phases}; this one is in {self.phase}", phase=self.phase)

    def _enter(self, phase: Phase) -> "Innovation":
        TRANSITIONS.check(self.phase, phase)
        return replace(self, phase=phase)
