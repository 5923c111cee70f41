"""Questions about innovation agendas, advice notes, indicators and workshops, answered from rows."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.queries import Page, Queries
from services.kit.vocabulary import InnovationField
from services.kit.write import Written
from services.workshops.domain import AdviceNote, Indicator, Innovation, Phase, Workshop
from services.workshops.store import (
    ADVICE_NOTES,
    INDICATORS,
    INNOVATIONS,
    WORKSHOPS,
)


@dataclass(frozen=True, slots=True)
class InnovationListing:
    """Which innovation agendas, and which page of them."""

    page: Page
    phase: Phase | None
    innovation_field: InnovationField | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class PartListing:
    """Which advice notes or indicators of an innovation agenda (none: of all), and which page of them."""

    page: Page
    innovation_id: UUID | None


@dataclass(frozen=True, slots=True)
class WorkshopListing:
    """Which workshops, and which page of them."""

    page: Page
    quarter: str | None


class WorkshopQueries:
    """The questions."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def innovation(self, innovation_id: UUID) -> tuple[Innovation, Written]:
        """One innovation agenda with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(INNOVATIONS, innovation_id)

    async def innovations(self, listing: InnovationListing) -> tuple[list[Innovation], str]:
        """A page of innovation agendas, newest first, and the token of the next."""
        conditions = [("phase = $", listing.phase), ("innovation_field = $", listing.innovation_field), ("owner = $", listing.owner)]
        return await self._queries.page(INNOVATIONS, listing.page, conditions)

    async def advice_note(self, advice_id: UUID) -> tuple[AdviceNote, Written]:
        """One advice note with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(ADVICE_NOTES, advice_id)

    async def advice_notes(self, listing: PartListing) -> tuple[list[AdviceNote], str]:
        """A page of advice notes, newest first, and the token of the next."""
        return await self._queries.page(ADVICE_NOTES, listing.page, [("innovation_id = $", listing.innovation_id)])

    async def indicator(self, indicator_id: UUID) -> tuple[Indicator, Written]:
        """One indicator with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(INDICATORS, indicator_id)

    async def indicators(self, listing: PartListing) -> tuple[list[Indicator], str]:
        """A page of indicators, newest first, and the token of the next."""
        return await self._queries.page(INDICATORS, listing.page, [("innovation_id = $", listing.innovation_id)])

    async def workshop(self, workshop_id: UUID) -> tuple[Workshop, Written]:
        """One workshop with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(WORKSHOPS, workshop_id)

    async def workshops(self, listing: WorkshopListing) -> tuple[list[Workshop], str]:
        """A page of workshops, newest first, and the token of the next."""
        return await self._queries.page(WORKSHOPS, listing.page, [("quarter = $", listing.quarter)])
