"""Advice on innovation agendas."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.errors import invalid
from services.kit.text import Text
from services.kit.write import Change
from services.workshops.domain.sector import ParticipantSector
from services.workshops.events import AdviceRecorded


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

    def recorded(self, sectors: Collection[ParticipantSector]) -> Change["AdviceNote"]:
        """It was recorded. Raises Refused: SECTOR_INVALID unless it comes from one of the advisory `sectors`."""
        if self.sector not in sectors:
            raise invalid("SECTOR_INVALID", f"advice comes from {', '.join(sectors)}, not from {self.sector}", "sector")
        return Change(self, AdviceRecorded(self.given_at))
