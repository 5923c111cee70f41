"""The knowledge base: questions with an answer that an officer has confirmed, for answers at once. It publishes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.errors import wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class KnowledgeStatus(StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    RETIRED = "retired"


KNOWLEDGE = Transitions[KnowledgeStatus](
    "knowledge entry",
    {
        KnowledgeStatus.DRAFT: {KnowledgeStatus.CONFIRMED, KnowledgeStatus.RETIRED},
        KnowledgeStatus.CONFIRMED: {KnowledgeStatus.RETIRED},
    },
)


@dataclass(frozen=True, slots=True)
class KnowledgeEntry:
    """A question and its standard answer, in one language; `proposal_id` names the case that it was learnt from."""

    id: UUID
    status: KnowledgeStatus
    question: str
    answer: Text
    service_code: str
    department: str
    drafted_at: datetime
    proposal_id: UUID | None = None
    retired_reason: str = ""

    @property
    def owner(self) -> str:
        """The department that answers for it."""
        return self.department

    def drafted(self) -> Change["KnowledgeEntry"]:
        """It was written, and waits for confirmation."""
        return Change(self, None)

    def confirm(self) -> Change["KnowledgeEntry"]:
        """From now on it is suggested."""
        return Change(self._become(KnowledgeStatus.CONFIRMED), None)

    def retire(self, reason: str) -> Change["KnowledgeEntry"]:
        """It holds no longer."""
        return Change(replace(self._become(KnowledgeStatus.RETIRED), retired_reason=reason), None)

    def check_confirmed(self) -> None:
        """Raise KNOWLEDGE_NOT_CONFIRMED unless it may be used."""
        if self.status is not KnowledgeStatus.CONFIRMED:
            raise wrong_state("KNOWLEDGE_NOT_CONFIRMED", f"this entry is {self.status}; only confirmed ones answer", "knowledge_id")

    def _become(self, status: KnowledgeStatus) -> "KnowledgeEntry":
        KNOWLEDGE.check(self.status, status)
        return replace(self, status=status)
