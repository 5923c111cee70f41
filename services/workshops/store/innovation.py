"""Rows of innovation agendas."""

from uuid import UUID

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.workshops.domain.innovation import Evidence, Innovation

EVIDENCE = """SELECT (SELECT count(*) FROM advice_note WHERE innovation_id = $1) AS advice_notes,
    (SELECT count(*) FROM indicator WHERE innovation_id = $1 AND measured_at IS NOT NULL) AS measured_indicators"""


async def evidence_of(connection: Connection, innovation_id: UUID) -> Evidence:
    """What is proved of an innovation agenda so far."""
    row = await connection.fetchrow(EVIDENCE, innovation_id)
    assert row is not None, "counts always answer"
    return Evidence(row["advice_notes"], row["measured_indicators"])


INNOVATIONS = Aggregates(
    "innovation_agenda", Innovation, key="innovation_id", newest="proposed_at",
    columns={
        "summary": {"plain": "summary", "language": "language"},
        "adopted_from": {"service": "adopted_service", "source_id": "adopted_source_id", "resolution_id": "adopted_resolution_id"},
        "routing": {
            "owner": "owner", "owner_type": "owner_type", "rule_version": "routing_rule_version", "reason": "routing_reason",
            "overridden": "routing_overridden",
        },
        "plan": {"plain": "plan", "language": "plan_language"},
    },
)  # fmt: skip
