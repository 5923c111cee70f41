"""What the methods of the service call."""

from dataclasses import dataclass

from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.proposals.queries.proposal import ProposalQueries
from services.proposals.queries.town_project import TownProjectQueries
from services.proposals.service.knowledge import KnowledgeBase
from services.proposals.service.proposal import Proposals
from services.proposals.service.together import Together
from services.proposals.service.town_project import TownProjects


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions and the ear on the agenda."""

    proposals: Proposals
    together: Together
    knowledge: KnowledgeBase
    queries: ProposalQueries
    facts: AgendaFacts
    clock: Clock
    town_projects: TownProjects
    town_queries: TownProjectQueries


class Methods:
    """A part of the service's methods."""

    _parts: Parts
