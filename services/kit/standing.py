"""How a source stands on the consolidated agenda: what its own service may make something of. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.text import Text


@dataclass(frozen=True, slots=True)
class AgendaAnswer:
    """The city's answer on an item, once in each language."""

    texts: tuple[Text, ...]
    department: str
    answered_at: datetime

    def in_language(self, language: str) -> Text:
        """The words in somebody's language, else in Korean, else in the first there is."""
        known = {text.language: text for text in self.texts}
        return known.get(language) or known.get("ko") or self.texts[0]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the agenda makes of a source now: the items that it is linked to, whether all of them are closed, the newest answer."""

    agenda_ids: tuple[UUID, ...]
    is_closed: bool
    answer: AgendaAnswer | None
