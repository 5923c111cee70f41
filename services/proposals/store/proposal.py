"""Rows of proposals, and who supports them."""

from datetime import datetime
from uuid import UUID

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.proposals.domain.proposal import Proposal

PROPOSALS = Aggregates(
    "proposal", Proposal, key="proposal_id", newest="requested_at",
    columns={"description": {"plain": "description", "language": "language"}},
)  # fmt: skip


async def add_support(connection: Connection, proposal_id: UUID, supporter_ref: str, at: datetime) -> bool:
    """Note that somebody supports a proposal; false where that was known."""
    added = await connection.fetchval(
        "INSERT INTO support (proposal_id, supporter_ref, supported_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true",
        proposal_id, supporter_ref, at,
    )  # fmt: skip
    return bool(added)


async def join_supports(connection: Connection, merged: UUID, into: UUID) -> int:
    """Let everybody who supports the one support the other too; answers how many did so already."""
    return int(await connection.fetchval(JOIN, merged, into))


JOIN = """
    WITH moved AS (INSERT INTO support (proposal_id, supporter_ref, supported_at)
                   SELECT $2, supporter_ref, supported_at FROM support WHERE proposal_id = $1 ON CONFLICT DO NOTHING RETURNING true)
    SELECT (SELECT count(*) FROM support WHERE proposal_id = $1) - (SELECT count(*) FROM moved)"""
