"""Rows of what officers decided. (The projection's rows are `projector`'s and `queries`'.)"""

from uuid import UUID

from services.agenda.domain import AgendaItem, Link, Relation, Service, Status
from services.kit.database import Connection
from services.kit.tables import Table
from services.kit.text import Text

DECISIONS = Table(
    "decision", ("agenda_id", "title", "summary", "language", "status", "owner", "themes", "due_on", "opened_at"), newest="opened_at"
)
LINKS = Table(
    "source_link",
    ("link_id", "agenda_id", "service", "source_id", "relation", "confidence", "removed", "linked_by", "linked_at"),
    newest="linked_at",
)


class ItemStore:
    """Opened items in PostgreSQL."""

    kind = "agenda_item"

    async def load(self, connection: Connection, identity: UUID) -> AgendaItem | None:
        """One item, none where nobody opened it."""
        row = await connection.fetchrow(f"{DECISIONS.select} WHERE agenda_id = $1", identity)
        if row is None:
            return None
        return AgendaItem(
            id=row["agenda_id"], title=row["title"], summary=Text(row["summary"], row["language"]), opened_at=row["opened_at"],
            status=Status(row["status"]), owner=row["owner"], themes=tuple(row["themes"]), due_on=row["due_on"],
        )  # fmt: skip

    async def save(self, connection: Connection, state: AgendaItem) -> None:
        """Insert or replace an item."""
        await connection.execute(
            DECISIONS.save, state.id, state.title, state.summary.plain, state.summary.language, state.status, state.owner, state.themes,
            state.due_on, state.opened_at,
        )  # fmt: skip


class LinkStore:
    """Links in PostgreSQL."""

    kind = "agenda_link"

    async def load(self, connection: Connection, identity: UUID) -> Link | None:
        """One link, live or taken back."""
        row = await connection.fetchrow(f"{LINKS.select} WHERE link_id = $1", identity)
        if row is None:
            return None
        return Link(
            agenda_id=row["agenda_id"], service=Service(row["service"]), source_id=row["source_id"], relation=Relation(row["relation"]),
            linked_by=row["linked_by"], linked_at=row["linked_at"], confidence=row["confidence"], removed=row["removed"],
        )  # fmt: skip

    async def save(self, connection: Connection, state: Link) -> None:
        """Insert or replace a link."""
        await connection.execute(
            LINKS.save, state.id, state.agenda_id, state.service, state.source_id, state.relation, state.confidence, state.removed,
            state.linked_by, state.linked_at,
        )  # fmt: skip
