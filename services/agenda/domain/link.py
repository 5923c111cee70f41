"""Links between items and their sources."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.agenda.events import AgendaLinked, AgendaUnlinked
from services.kit.errors import Kind, Refused, invalid, wrong_state
from services.kit.ids import derived_id
from services.kit.write import Change


class Relation(StrEnum):
    """What a source is to an item."""

    RAISED = "raised"
    SUPPORTS = "supports"
    DUPLICATES = "duplicates"
    DECIDES = "decides"
    RESULTS = "results"


class Service(StrEnum):
    """Where a source comes from: the services that take in what people say, and the themes that rise in what they say."""

    VOICES = "voices"
    COUNCIL = "council"
    WORKSHOPS = "workshops"
    PROPOSALS = "proposals"
    THEMES = "themes"


# Where people say something; a theme is what the agenda itself made of it.
SAID_IN = (Service.VOICES, Service.COUNCIL, Service.WORKSHOPS, Service.PROPOSALS)


def link_id(agenda_id: UUID, service: Service, source_id: UUID) -> UUID:
    """A link's id follows from its ends, so that linking again is its next version."""
    return derived_id("agenda-link", str(agenda_id), service, str(source_id))


@dataclass(frozen=True, slots=True)
class Link:
    """A link between an opened item and a source."""

    agenda_id: UUID
    service: Service
    source_id: UUID
    relation: Relation
    linked_by: str
    linked_at: datetime
    confidence: float = 1.0
    removed: bool = False

    @property
    def id(self) -> UUID:
        """Its id."""
        return link_id(self.agenda_id, self.service, self.source_id)

    @property
    def owner(self) -> str | None:
        """Nobody's own: who reaches the item reaches its links."""
        return None

    def made(self) -> Change["Link"]:
        """The source was linked."""
        if not 0 < self.confidence <= 1:
            raise invalid("RANGE_INVALID", "confidence is above 0 and at most 1", "confidence")
        return Change(self, AgendaLinked(self.linked_at))

    def again(self, wanted: "Link") -> Change["Link"]:
        """Link it again after it was taken back, or otherwise than before."""
        if not self.removed and (self.relation, self.confidence) == (wanted.relation, wanted.confidence):
            raise Refused(Kind.EXISTS, "ALREADY_LINKED", f"this source is linked already; it {self.relation} the item")
        return wanted.made()

    def taken_back(self, by: str, reason: str, *, at: datetime) -> Change["Link"]:
        """End it."""
        if self.removed:
            raise wrong_state("NOT_LINKED", "this source is not linked to the item any more")
        return Change(replace(self, removed=True, linked_by=by, linked_at=at), AgendaUnlinked(at, reason))
