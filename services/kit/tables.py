"""Tables whose rows are states, and the pair that leads from one to the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from services.kit.database import Connection, Row

S = TypeVar("S")


@dataclass(frozen=True)
class Table(Generic[S]):
    """Its columns, named, the key first; `newest` is the time by which its rows are listed; `of` makes a state of a row.

    It bears the name of the aggregate's kind.
    """

    kind: str
    columns: tuple[str, ...]
    newest: str
    of: Callable[[Row], S]

    @property
    def key(self) -> str:
        """The column that names a row."""
        return self.columns[0]

    @property
    def select(self) -> str:
        """The beginning of every question."""
        return f"SELECT {', '.join(self.columns)} FROM {self.kind}"  # noqa: S608 - names out of the code; every value is bound


@dataclass(frozen=True)
class Aggregates(Table[S]):
    """The table of one kind of aggregate: kit's `Store`. `values` makes a row of a state, in the order of the columns."""

    values: Callable[[S], Sequence[Any]]

    async def load(self, connection: Connection, identity: UUID) -> S | None:
        """One state, none where there is none."""
        row = await connection.fetchrow(f"{self.select} WHERE {self.key} = $1", identity)
        return self.of(row) if row else None

    async def save(self, connection: Connection, state: S) -> None:
        """Insert or replace a state's row."""
        await connection.execute(self._save, *self.values(state))

    @property
    def _save(self) -> str:
        numbers = ", ".join(f"${number}" for number in range(1, len(self.columns) + 1))
        replaced = ", ".join(f"{column} = excluded.{column}" for column in self.columns[1:])
        return (
            f"INSERT INTO {self.kind} ({', '.join(self.columns)}) VALUES ({numbers})"  # noqa: S608 - names out of the code
            f" ON CONFLICT ({self.key}) DO UPDATE SET {replaced}"
        )
