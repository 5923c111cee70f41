"""Items."""

from services.agenda.domain.item import AgendaItem
from services.kit.tables import Aggregates

ITEMS = Aggregates(
    "agenda_item", AgendaItem, key="agenda_id", newest="opened_at", columns={"summary": {"plain": "summary", "language": "language"}}
)  # fmt: skip
