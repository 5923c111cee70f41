"""How commands answer: data to stdout (tables, or JSON with --json), notes and progress to stderr."""

import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from services.cli.context import current

CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
LINE_EVERY_S = 5.0
WIDE = 10_000


def answer(data: Any, text: Callable[[], object] | None = None) -> None:
    """Print what the command found: as JSON with --json, else what `text` makes of it (a table, a string)."""
    if current().json or text is None:
        sys.stdout.write(as_json(data, indent=2 if sys.stdout.isatty() else None) + "\n")
    else:
        shown = text()
        _console(sys.stdout).print(plain(shown) if isinstance(shown, str) else shown, soft_wrap=isinstance(shown, str))
    sys.stdout.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table for `answer`; a column's name that ends in `#` is aligned to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column.removesuffix("#"), justify="right" if column.endswith("#") else "left", overflow="fold")
    for row in rows:
        made.add_row(*(plain("" if value is None else str(value)) for value in row))
    return made


def note(text: str) -> None:
    """Tell a person what happens, unless --quiet."""
    if not current().quiet:
        _console(sys.stderr).print(plain(text), soft_wrap=True)


def plain(text: str) -> Text:
    """Text of other people: never markup, never a control sequence for the terminal."""
    return Text(text.translate(CONTROLS))


def as_json(data: Any, indent: int | None = None) -> str:
    """JSON as every command writes it: UTF-8, ISO times."""
    return json.dumps(data, ensure_ascii=False, indent=indent, default=_jsonable)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Count long work: a bar with rate and remaining time on a terminal, a line every five seconds elsewhere, nothing with --quiet."""
    if current().quiet:
        yield lambda _step: None
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        with Progress(*columns, console=_console(sys.stderr), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda step: bar.advance(task, step)
    else:
        yield _Lines(what, total).advance


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")


class _Lines:
    """Progress where nobody draws a bar."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._began = self._said = time.monotonic()

    def advance(self, step: int) -> None:
        self._done += step
        now = time.monotonic()
        if now - self._said >= LINE_EVERY_S:
            self._said = now
            rate = self._done / (now - self._began)
            rest = f" of {self._total:,}, {(self._total - self._done) / rate:.0f} s left" if self._total else ""
            note(f"{self._what}: {self._done:,}{rest} ({rate:,.0f}/s)")


def _console(stream: Any) -> Console:
    """Wrapped for people only: a line in a pipe is a row."""
    width = None if stream.isatty() else WIDE
    return Console(file=stream, width=width, no_color=not current().color, highlight=False, markup=False, emoji=False)


def _jsonable(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value)
