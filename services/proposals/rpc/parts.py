"""What the methods of the service call."""

from dataclasses import dataclass

from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.proposals.queries import ProposalQueries
from services.proposals.service.knowledge import KnowledgeBase
from services.proposals.service.proposal import Proposals
from services.proposals.service.together import Together


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions and the ear on the agenda."""

    proposals: Proposals
    together: Together
    knowledge: KnowledgeBase
    queries: ProposalQueries
    facts: AgendaFacts
    clock: Clock


class Methods:
    """A part of the service's methods."""

    _parts: Parts
