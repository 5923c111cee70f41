"""Tables whose rows are states: which column holds which field, and both ways between a row and a state.

A state is a frozen dataclass. A field is a column of its name; a field that is an object, or a list of objects, is a `jsonb` column. What
differs is said in `columns`: another name, or an object spread over columns (`{"text": {"plain": "text", "language": "language"}}`),
which is absent where the first of them is null.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from services.kit.database import Connection, Row

S = TypeVar("S")
Columns = Mapping[str, Any]  # a field's column, or the columns of its fields


@dataclass(frozen=True)
class Table(Generic[S]):
    """The table of one kind of state; it bears the kind's name. `key` names a row, by `newest` its rows are listed."""

    kind: str
    state: type[S]
    key: str
    newest: str
    columns: Columns = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every column, the key first."""
        return tuple(dict.fromkeys([self.key, *_flat(self._places)]))

    @property
    def select(self) -> str:
        """The beginning of every question."""
        return f"SELECT {', '.join(self.names)} FROM {self.kind}"  # noqa: S608 - names out of the code; every value is bound

    def of(self, row: Row) -> S:
        """The state in a row."""
        return self._adapter.validate_python(_read(row, self._places))

    def values(self, state: S) -> Sequence[Any]:
        """A state's row, in the order of the columns."""
        found = {self.key: state.id, **_written(state, self._places)}  # type: ignore[attr-defined]
        return [found[name] for name in self.names]

    @cached_property
    def _places(self) -> Columns:
        """Where each field stands."""
        own = {"id": self.key} | dict(self.columns)
        return {item.name: own.get(item.name, item.name) for item in fields(self.state)}  # type: ignore[arg-type]

    @cached_property
    def _adapter(self) -> TypeAdapter[S]:
        return TypeAdapter(self.state)


class Aggregates(Table[S]):
    """The table of one kind of aggregate: kit's `Store`."""

    async def load(self, connection: Connection, identity: UUID) -> S | None:
        """One state, none where there is none."""
        row = await connection.fetchrow(f"{self.select} WHERE {self.key} = $1", identity)
        return self.of(row) if row else None

    async def save(self, connection: Connection, state: S) -> None:
        """Insert or replace a state's row."""
        await connection.execute(self._save, *self.values(state))

    @cached_property
    def _save(self) -> str:
        numbers = ", ".join(f"${number}" for number in range(1, len(self.names) + 1))
        replaced = ", ".join(f"{column} = excluded.{column}" for column in self.names[1:])
        return (
            f"INSERT INTO {self.kind} ({', '.join(self.names)}) VALUES ({numbers})"  # noqa: S608 - names out of the code
            f" ON CONFLICT ({self.key}) DO UPDATE SET {replaced}"
        )


def _flat(places: Columns) -> Iterator[str]:
    for place in places.values():
        yield from [place] if isinstance(place, str) else _flat(place)


def _read(row: Row, places: Columns) -> Any:
    """The fields in a row, as pydantic takes them."""
    return {
        name: row[place.strip('"')] if isinstance(place, str) else None if _is_absent(row, place) else _read(row, place)
        for name, place in places.items()
    }


def _is_absent(row: Row, places: Columns) -> bool:
    return row[next(_flat(places)).strip('"')] is None


def _written(state: Any, places: Columns) -> dict[str, Any]:
    """The columns of a state; those of an absent object are null."""
    found: dict[str, Any] = {}
    for name, place in places.items():
        value = getattr(state, name, None)
        found |= {place: value} if isinstance(place, str) else _written(value, place)
    return found
