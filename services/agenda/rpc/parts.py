"""What the methods of the service call."""

from dataclasses import dataclass

from services.agenda.projection.applied import Applied
from services.agenda.projection.breaker import Holds
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.queries.item import AgendaQueries
from services.agenda.queries.timeline import Timeline
from services.agenda.service.item import Agenda
from services.agenda.service.together import Together
from services.agenda.upkeep.rebuild import Rebuilder
from services.agenda.upkeep.verify import Verifier
from services.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions, and the keepers of the store."""

    agenda: Agenda
    together: Together
    queries: AgendaQueries
    timeline: Timeline
    freshness: FreshnessQueries
    applied: Applied
    verifier: Verifier
    rebuilder: Rebuilder
    holds: Holds
    clock: Clock


class Methods:
    """A part of the service's methods."""

    _parts: Parts
