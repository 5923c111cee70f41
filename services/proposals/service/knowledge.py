"""Use cases of the knowledge base."""

from services.kit.actor import Call
from services.kit.write import Target, Write, Written
from services.proposals.domain.knowledge import KnowledgeEntry


class KnowledgeBase:
    """What can be done with its entries."""

    def __init__(self, write: Write[KnowledgeEntry]) -> None:
        self._write = write

    async def draft(self, call: Call, entry: KnowledgeEntry) -> Written:
        """Write an entry."""
        return await self._write.create(call, entry.drafted())

    async def confirm(self, call: Call, target: Target) -> Written:
        """Have it suggested."""
        return await self._write.change(call, target.id, target.etag, lambda entry: entry.confirm())

    async def retire(self, call: Call, target: Target, reason: str) -> Written:
        """Take it out of use."""
        return await self._write.change(call, target.id, target.etag, lambda entry: entry.retire(reason))
