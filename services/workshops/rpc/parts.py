"""What the methods of the service call."""

from dataclasses import dataclass

from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.workshops.queries import WorkshopQueries
from services.workshops.service.advice import Advice
from services.workshops.service.diffusion import Diffusion
from services.workshops.service.indicator import Indicators
from services.workshops.service.innovation import Innovations
from services.workshops.service.routing import Rules
from services.workshops.service.workshop import Workshops


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions and the ear on the agenda."""

    innovations: Innovations
    advice: Advice
    indicators: Indicators
    workshops: Workshops
    diffusion: Diffusion
    rules: Rules
    queries: WorkshopQueries
    facts: AgendaFacts
    clock: Clock


class Methods:
    """A part of the service's methods."""

    _parts: Parts
