"""Saved views, and what happened to what they show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.agenda.domain.view import View, view_id
from services.agenda.queries.filters import Filters, where_of
from services.agenda.queries.item import Found, found_by_id
from services.agenda.queries.past import store_at
from services.agenda.store.view import VIEWS
from services.kit.clock import SEOUL
from services.kit.database import Connection, Database
from services.kit.errors import not_found
from services.kit.paging import PageTokens
from services.kit.queries import Queries

MOST = 500


class ChangeKind(StrEnum):
    """What happened to an item of a list."""

    ENTERED = "entered"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ViewChange:
    """An item, as it stands now; where it left, as it stood before."""

    kind: ChangeKind
    found: Found


class ViewQueries(Queries):
    """The questions; `store` leads to the store, `database` to the views."""

    def __init__(self, database: Database, store: Database, tokens: PageTokens) -> None:
        super().__init__(database, tokens)
        self._store = store

    async def named(self, name: str) -> View:
        """One view. Raises Refused: NOT_FOUND."""
        view, _ = await self.one(VIEWS, view_id(name), name)
        if view.removed_at:
            raise not_found(VIEWS.kind, name)
        return view

    async def every(self) -> list[View]:
        """Every view, by name."""
        async with self._database.connection() as connection:
            return [VIEWS.of(row) for row in await connection.fetch(f"{VIEWS.select} WHERE removed_at IS NULL ORDER BY name")]

    async def changes(self, filters: Filters, since: datetime, until: datetime) -> list[ViewChange]:
        """What came into a list, changed in it or left it between two moments, the newest first; of more than MOST the newest."""
        by_the_day = filters.overdue or filters.missed  # something becomes overdue without being touched
        touched = "true" if by_the_day else "i.agenda_id IN (SELECT agenda_id FROM changed_item)"
        async with store_at(self._store, since, texts=bool(filters.words)) as connection:
            before = await _matching(connection, filters, since, touched)
        touched = "true" if by_the_day else "(i.changed_at > {} OR i.agenda_id = ANY ({}::uuid[]))"
        async with store_at(self._store, until, texts=bool(filters.words)) as connection:
            now = await _matching(connection, filters, until, touched, *([] if by_the_day else [since, list(before)]))
        changes = [ViewChange(ChangeKind.ENTERED, found) for each, found in now.items() if each not in before]
        changes += [ViewChange(ChangeKind.CHANGED, now[each]) for each in before if each in now and now[each].row["changed_at"] > since]
        changes += [ViewChange(ChangeKind.LEFT, found) for each, found in before.items() if each not in now]
        return sorted(changes, key=lambda change: change.found.row["last_event_at"], reverse=True)[: MOST + 1]


async def _matching(connection: Connection, filters: Filters, at: datetime, touched: str, *values: Any) -> dict[UUID, Found]:
    """The rows that match at a moment, of those that were touched."""
    where = where_of(filters, at.astimezone(SEOUL).date(), narrow=True)
    where.add(touched, *values)
    sql = f"SELECT i.agenda_id FROM {filters.tables} WHERE {where} ORDER BY i.last_event_at DESC LIMIT {MOST + 1}"
    ids = [row["agenda_id"] for row in await connection.fetch(sql, *where.values)]
    return {found.row["agenda_id"]: found for found in await found_by_id(connection, ids)}
