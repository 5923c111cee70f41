"""Questions that are the same for every table: one state with its numbers, and pages, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from services.kit.database import Database
from services.kit.errors import not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens
from services.kit.tables import Table
from services.kit.write import Written

S = TypeVar("S")
Conditions = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of an answer: how many rows (0: as many as usual) and where the last one ended."""

    size: int = 0
    token: str = ""


class Queries:
    """Reads a service's own tables."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens = database, tokens

    async def one(self, table: Table[S], identity: UUID, name: str = "") -> tuple[S, Written]:
        """One state with its numbers; `name` is what the caller calls it, where that is not its id. Raises Refused: NOT_FOUND."""
        sql = f"SELECT t.*, a.revision, a.version FROM ({table.select}) AS t JOIN aggregate AS a ON a.id = t.{table.key} WHERE a.id = $1"
        async with self._database.connection() as connection:
            row = await connection.fetchrow(sql, identity)
        if row is None:
            raise not_found(table.kind, name or identity)
        return table.of(row), Written(identity, row["revision"], row["version"])

    async def page(self, table: Table[S], page: Page, conditions: Conditions) -> tuple[list[S], str]:
        """A page, newest first, and the token of the next.

        A condition is SQL with `$` for its value, such as `("status = $", "relayed")`; one whose value is None does not count.

        Raises:
            Refused: PAGE_TOKEN_INVALID where the token was made for another question.
        """
        clauses, values = _bound(conditions)
        query, size = f"{table.kind} {values} {clauses}", page.size or DEFAULT_SIZE
        if place := self._tokens.read(page.token, query):
            clauses.append(f"({table.newest}, {table.key}) < (${len(values) + 1}, ${len(values) + 2})")
            values += [datetime.fromisoformat(place[0]), UUID(place[1])]
        sql = f"{table.select} WHERE {' AND '.join(clauses or ['true'])} ORDER BY {table.newest} DESC, {table.key} DESC LIMIT {size + 1}"
        async with self._database.connection() as connection:
            rows = await connection.fetch(sql, *values)
        if len(rows) <= size:
            return [table.of(row) for row in rows], ""
        last = rows[size - 1]
        return [table.of(row) for row in rows[:size]], self._tokens.sign([last[table.newest].isoformat(), str(last[table.key])], query)

    async def count(self, table: Table[S], conditions: Conditions) -> int:
        """How many rows there are on all pages of such a question."""
        clauses, values = _bound(conditions)
        sql = f"SELECT count(*) FROM {table.kind} WHERE {' AND '.join(clauses or ['true'])}"
        async with self._database.connection() as connection:
            return int(await connection.fetchval(sql, *values))


def _bound(conditions: Conditions) -> tuple[list[str], list[Any]]:
    """The conditions that count, each with the number of its value, and the values."""
    kept = [(sql, value) for sql, value in conditions if value is not None]
    return [sql.replace("$", f"${number}") for number, (sql, _) in enumerate(kept, 1)], [value for _, value in kept]
