"""A table whose rows are the states of one kind of aggregate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns, named, the key first; `newest` is the time by which its rows are listed. Its name is the aggregate's kind."""

    kind: str
    columns: tuple[str, ...]
    newest: str

    @property
    def key(self) -> str:
        """The aggregate's id."""
        return self.columns[0]

    @property
    def select(self) -> str:
        """The beginning of every question."""
        return f"SELECT {', '.join(self.columns)} FROM {self.kind}"  # noqa: S608 - names out of the code; every value is bound

    @property
    def save(self) -> str:
        """Insert a row, or replace the one of the same key; its parameters are the columns in their order."""
        numbers = ", ".join(f"${number}" for number in range(1, len(self.columns) + 1))
        replaced = ", ".join(f"{column} = excluded.{column}" for column in self.columns[1:])
        return (
            f"INSERT INTO {self.kind} ({', '.join(self.columns)}) VALUES ({numbers})"  # noqa: S608 - names out of the code
            f" ON CONFLICT ({self.key}) DO UPDATE SET {replaced}"
        )
