"""Rows of the knowledge base."""

from services.kit.tables import Aggregates
from services.proposals.domain.knowledge import KnowledgeEntry

ENTRIES = Aggregates(
    "knowledge_entry", KnowledgeEntry, key="knowledge_id", newest="drafted_at",
    columns={"answer": {"plain": "answer", "language": "language"}},
)  # fmt: skip
