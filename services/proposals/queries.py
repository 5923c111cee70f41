"""Questions about proposals, answered from rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.database import Database
from services.kit.errors import not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens
from services.kit.write import Written
from services.proposals.domain import Proposal, Status
from services.proposals.store import SELECT, proposal_of


@dataclass(frozen=True, slots=True)
class Listing:
    """Which proposals, and which page of them."""

    status: Status | None
    department: str
    page_size: int
    page_token: str

    @property
    def query(self) -> str:
        """What a page token belongs to."""
        return f"proposals {self.status} {self.department}"


class ProposalQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens = database, tokens

    async def get(self, proposal_id: UUID) -> tuple[Proposal, Written]:
        """One proposal with its numbers. Raises Refused: NOT_FOUND."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT p.*, a.revision, a.version FROM ({SELECT}) p JOIN aggregate a ON a.id = p.proposal_id WHERE p.proposal_id = $1",
                proposal_id,
            )
        if row is None:
            raise not_found("proposal", proposal_id)
        return proposal_of(row), Written(proposal_id, row["revision"], row["version"])

    async def page(self, listing: Listing) -> tuple[list[Proposal], str]:
        """A page, newest first, and the token of the next."""
        size = listing.page_size or DEFAULT_SIZE
        place = self._tokens.read(listing.page_token, listing.query)
        before = (datetime.fromisoformat(place[0]), UUID(place[1])) if place else (None, None)
        async with self._database.connection() as connection:
            rows = await connection.fetch(PAGE, listing.status, listing.department or None, *before, size + 1)
        proposals = [proposal_of(row) for row in rows[:size]]
        more = len(rows) > size
        last = proposals[-1] if more else None
        return proposals, self._tokens.sign([last.requested_at.isoformat(), str(last.id)], listing.query) if last else ""


PAGE = f"""{SELECT}
    WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR department = $2)
      AND ($3::timestamptz IS NULL OR (requested_at, proposal_id) < ($3, $4::uuid))
    ORDER BY requested_at DESC, proposal_id DESC LIMIT $5"""
