"""Rows of what officers decided. (The projection's rows are `projector`'s and `queries`'.)"""

from services.agenda.domain import AgendaItem, Link
from services.kit.tables import Aggregates

ITEMS = Aggregates(
    "agenda_item", AgendaItem, key="agenda_id", newest="opened_at", columns={"summary": {"plain": "summary", "language": "language"}}
)  # fmt: skip
LINKS = Aggregates("source_link", Link, key="link_id", newest="linked_at")
