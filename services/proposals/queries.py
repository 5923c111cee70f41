"""Questions about proposals, answered from rows."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.queries import Page, Queries
from services.kit.write import Written
from services.proposals.domain.proposal import Proposal, Status
from services.proposals.store.proposal import PROPOSALS


@dataclass(frozen=True, slots=True)
class Listing:
    """Which proposals, and which page of them."""

    page: Page
    status: Status | None
    department: str | None


class ProposalQueries:
    """The questions."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def proposal(self, proposal_id: UUID) -> tuple[Proposal, Written]:
        """One proposal with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(PROPOSALS, proposal_id)

    async def proposals(self, listing: Listing) -> tuple[list[Proposal], str]:
        """A page, newest first, and the token of the next."""
        conditions = [("status = $", listing.status), ("department = $", listing.department)]
        return await self._queries.page(PROPOSALS, listing.page, conditions)
