"""Links."""

from services.agenda.domain.link import Link
from services.kit.tables import Aggregates

LINKS = Aggregates("source_link", Link, key="link_id", newest="linked_at")
