"""What the methods of the service call."""

from dataclasses import dataclass

from services.council.clients import AgendaClient
from services.council.queries import CouncilQueries
from services.council.service.agenda import AgendaBuilder
from services.council.service.archive import Archive
from services.council.service.council import Councils
from services.council.service.item import Items
from services.council.service.meeting import Meetings
from services.council.service.minutes import MinutesDesk
from services.council.service.outcome import Actions, Resolutions
from services.council.service.series import SeriesDesk
from services.council.service.suggestion import Suggestions
from services.council.service.translation import Translations
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions, the ear on the agenda and the way to it."""

    councils: Councils
    meetings: Meetings
    items: Items
    resolutions: Resolutions
    actions: Actions
    minutes: MinutesDesk
    suggestions: Suggestions
    translations: Translations
    archive: Archive
    queries: CouncilQueries
    facts: AgendaFacts
    agenda: AgendaClient
    clock: Clock
    series: SeriesDesk
    builder: AgendaBuilder


class Methods:
    """A part of the service's methods."""

    _parts: Parts
