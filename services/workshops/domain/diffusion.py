"""Diffusion cases: who took over what an innovation agenda brought."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import InnovationField
from services.kit.write import Change
from services.workshops.events import CaseDiffused, CaseRecognised


class DiffusionScope(StrEnum):
    """Whether an adopter belongs to the city."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class AdopterKind(StrEnum):
    """What kind of institution an adopter is."""

    DEPARTMENT = "department"
    DISTRICT = "district"
    PUBLIC_INSTITUTION = "public_institution"
    OTHER_CITY = "other_city"
    CIVIC_ORGANISATION = "civic_organisation"
    ENTERPRISE = "enterprise"


class DiffusionStatus(StrEnum):
    """Where a diffusion case stands."""

    RECORDED = "recorded"
    RECOGNISED = "recognised"


TRANSITIONS = Transitions[DiffusionStatus]("diffusion case", {DiffusionStatus.RECORDED: {DiffusionStatus.RECOGNISED}})


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a case was honoured, and by which institution."""

    name: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class DiffusionCase:
    """An institution, never a person, that took over what an innovation agenda of this field brought."""

    id: UUID
    innovation_id: UUID
    innovation_field: InnovationField
    adopter: str
    adopter_kind: AdopterKind
    scope: DiffusionScope
    evidence: Text
    adopted_at: datetime
    status: DiffusionStatus = DiffusionStatus.RECORDED
    recognition: Recognition | None = None

    @property
    def owner(self) -> None:
        """Reached through its innovation agenda."""

    def diffused(self) -> Change["DiffusionCase"]:
        """It was recorded."""
        return Change(self, CaseDiffused(self.adopted_at))

    def recognise(self, recognition: Recognition) -> Change["DiffusionCase"]:
        """It was honoured."""
        TRANSITIONS.check(self.status, DiffusionStatus.RECOGNISED)
        return Change(replace(self, status=DiffusionStatus.RECOGNISED, recognition=recognition), CaseRecognised(recognition.given_at))
