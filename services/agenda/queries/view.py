"""Saved views, and what happened to what they show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.agenda.domain.view import View, view_id
from services.agenda.queries.filters import Filters, Records, where_of
from services.agenda.queries.item import Found, found_by_id
from services.agenda.queries.past import store_at
from services.agenda.store.view import VIEWS
from services.kit.clock import SEOUL
from services.kit.database import Connection, Database, Row
from services.kit.errors import Kind, Refused, not_found
from services.kit.paging import PageTokens
from services.kit.queries import Queries

MOST, COMPARED = 500, 100_000


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
        """What came into a list, changed in it or left it between two moments, the newest first; of more than MOST the newest.

        Raises:
            Refused: VIEW_TOO_LARGE.
        """
        texts = bool(filters.words)
        async with store_at(self._store, since, texts=texts) as connection:
            before = await _matching(connection, filters, since, "i.agenda_id IN (SELECT agenda_id FROM changed_item)")
        async with store_at(self._store, until, texts=texts) as connection:
            now = await _matching(connection, filters, until, "(i.changed_at > {} OR i.agenda_id = ANY ({}::uuid[]))", since, list(before))
            kinds = {each: ChangeKind.LEFT for each in before if each not in now}
            kinds |= {each: ChangeKind.CHANGED for each in before if each in now and now[each]["changed_at"] > since}
            kinds |= {each: ChangeKind.ENTERED for each in now if each not in before}
            newest = sorted(kinds, key=lambda each: (now.get(each) or before[each])["last_event_at"], reverse=True)[: MOST + 1]
            found = await found_by_id(connection, [each for each in newest if each in now])
        if left := [each for each in newest if each not in now]:
            async with store_at(self._store, since, texts=texts) as connection:
                found += await found_by_id(connection, left)
        by_id = {each.row["agenda_id"]: each for each in found}
        return [ViewChange(kinds[each], by_id[each]) for each in newest if each in by_id]


async def _matching(connection: Connection, filters: Filters, at: datetime, touched: str, *values: Any) -> dict[UUID, Row]:
    """What matches at a moment, of what was touched; of everything where something may match or not without being touched itself.

    Raises:
        Refused: VIEW_TOO_LARGE.
    """
    where = where_of(filters, at.astimezone(SEOUL).date(), narrow=True)
    if not _moves_by_itself(filters):
        where.add(touched, *values)
    sql = f"SELECT i.agenda_id, i.last_event_at, i.changed_at FROM {filters.tables} WHERE {where} LIMIT {COMPARED + 1}"
    rows = await connection.fetch(sql, *where.values)
    if len(rows) > COMPARED:
        why = f"more than {COMPARED:,} items have to be compared; narrow the view, or ask since a later moment"
        raise Refused(Kind.EXHAUSTED, "VIEW_TOO_LARGE", why)
    return {row["agenda_id"]: row for row in rows}


def _moves_by_itself(filters: Filters) -> bool:
    """Whether something comes or leaves untouched: with the day, or with the item that it is part of."""
    by_its_item = filters.records is Records.SOURCES and (filters.reached or filters.not_reached)
    return bool(filters.overdue or filters.missed or by_its_item)
