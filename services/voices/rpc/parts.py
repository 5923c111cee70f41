"""What the methods of the service call."""

from dataclasses import dataclass

from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.voices.queries import VoiceQueries
from services.voices.service.activity import Activities
from services.voices.service.mandate import Mandates
from services.voices.service.voice import Voices


@dataclass(frozen=True, slots=True)
class Parts:
    """Use cases, questions and the ear on the agenda."""

    mandates: Mandates
    activities: Activities
    voices: Voices
    queries: VoiceQueries
    facts: AgendaFacts
    clock: Clock


class Methods:
    """A part of the service's methods."""

    _parts: Parts
