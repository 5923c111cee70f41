"""Rows of what officers decided. (The projection's rows are `projector`'s and `queries`'.)"""

from typing import Any

from services.agenda.domain import AgendaItem, Link, Relation, Service, Status
from services.kit.database import Row
from services.kit.tables import Aggregates
from services.kit.text import Text


def item_of(row: Row) -> AgendaItem:
    """The item in a row."""
    return AgendaItem(
        id=row["agenda_id"], title=row["title"], summary=Text(row["summary"], row["language"]), opened_at=row["opened_at"],
        status=Status(row["status"]), owner=row["owner"], themes=tuple(row["themes"]), due_on=row["due_on"],
    )  # fmt: skip


def link_of(row: Row) -> Link:
    """The link in a row."""
    return Link(
        agenda_id=row["agenda_id"], service=Service(row["service"]), source_id=row["source_id"], relation=Relation(row["relation"]),
        linked_by=row["linked_by"], linked_at=row["linked_at"], confidence=row["confidence"], removed=row["removed"],
    )  # fmt: skip


def _item_values(state: AgendaItem) -> tuple[Any, ...]:
    return (
        state.id, state.title, state.summary.plain, state.summary.language, state.status, state.owner, state.themes, state.due_on,
        state.opened_at,
    )  # fmt: skip


def _link_values(state: Link) -> tuple[Any, ...]:
    return (
        state.id, state.agenda_id, state.service, state.source_id, state.relation, state.confidence, state.removed, state.linked_by,
        state.linked_at,
    )  # fmt: skip


ITEMS = Aggregates(
    "agenda_item",
    ("agenda_id", "title", "summary", "language", "status", "owner", "themes", "due_on", "opened_at"),
    newest="opened_at",
    of=item_of,
    values=_item_values,
)
LINKS = Aggregates(
    "source_link",
    ("link_id", "agenda_id", "service", "source_id", "relation", "confidence", "removed", "linked_by", "linked_at"),
    newest="linked_at",
    of=link_of,
    values=_link_values,
)
