"""What every import does the same way: the report file, the counters, sending many rows at once."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

import grpc

from services.kit.errors import Kind, Refused
from services.kit.grpc_errors import refusal_of
from services.kit.vocabulary import ImportOutcome

R = TypeVar("R")
AT_ONCE = 16
PATIENCE_S, PAUSE_S = 60.0, 1.0
# What a row is to blame for; everything else ends the import.
OF_THE_ROW = {Kind.INVALID, Kind.STATE, Kind.EXISTS, Kind.CONFLICT, Kind.NOT_FOUND}
PASSING = {Kind.UNAVAILABLE, Kind.EXHAUSTED}
# gRPC's own answer to a message over its limit, which is no refusal of ours.
TOO_LARGE = "RESOURCE_EXHAUSTED"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its file, its number from 1 (a line, or a place in a list), its name in the source."""

    file: str
    row: int
    id: str = ""


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A row on its way: its place, and the request that was made of it."""

    place: Place
    request: R


class Report:
    """The report file: one JSON object a line, for whatever was changed or not taken."""

    def __init__(self, path: Path) -> None:
        self.path, self.lines = path, 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def say(self, place: Place, field: str, code: str, reason: str) -> None:
        """Name what happened to one field of a row, or with an empty field to the whole row."""
        line = {"file": place.file, "row": place.row, "id": place.id, "field": field, "code": code, "reason": reason}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.lines += 1


@dataclass(slots=True)
class Tally:
    """How many rows were read, and what became of each."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def count(self, outcome: ImportOutcome | None, rows: int = 1) -> None:
        """Note what became of rows; none: they were rejected."""
        if outcome is ImportOutcome.ACCEPTED:
            self.accepted += rows
        elif outcome is ImportOutcome.DUPLICATE:
            self.duplicates += rows
        else:
            self.rejected += rows


async def send_all(
    rows: Iterable[Row[R]],
    send: Callable[[R], Awaitable[ImportOutcome]],
    report: Report,
    done: Callable[[Row[R], ImportOutcome | None], None],
) -> None:
    """Send rows, 16 at a time, and hand each to `done` with what became of it; a rejected one stands in the report.

    Waits up to a minute for a service that restarts. Raises Refused or grpc.aio.AioRpcError for what is no row's fault.
    """
    todo = iter(rows)

    async def work() -> None:
        for row in todo:
            outcome: ImportOutcome | None
            try:
                outcome = await _patiently(send, row.request)
            except Refused as refused:
                reject(report, row.place, refused)
                outcome = None
            done(row, outcome)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def _patiently(send: Callable[[R], Awaitable[ImportOutcome]], request: R) -> ImportOutcome:
    """Send one row, again while its service cannot answer. Raises Refused for what the row is to blame for."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await send(request)
        except grpc.aio.AioRpcError as error:
            refused = refusal_of(error)
            if refused and (refused.kind in OF_THE_ROW or refused.code == TOO_LARGE):
                raise refused from None
            if refused is None or refused.kind not in PASSING or time.monotonic() > deadline:
                raise
            await asyncio.sleep(PAUSE_S)


def reject(report: Report, place: Place, refused: Refused) -> None:
    """Name why a row was not taken."""
    for violation in refused.violations:
        report.say(place, violation.field, violation.code, violation.message)
    if not refused.violations:
        report.say(place, "", refused.code, refused.message)
