"""Rows of proposals."""

from services.kit.tables import Aggregates
from services.proposals.domain.proposal import Proposal

PROPOSALS = Aggregates(
    "proposal", Proposal, key="proposal_id", newest="requested_at",
    columns={"description": {"plain": "description", "language": "language"}},
)  # fmt: skip
