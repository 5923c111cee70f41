"""Files of events: one JSON event, a list of them, or one a line."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.kit.errors import invalid

SOURCE = "urn:madang:partner:"


@dataclass(frozen=True, slots=True)
class FileEvent:
    """An event of a file: what it says, and the bytes as they stand there."""

    attributes: dict[str, Any]
    value: bytes

    @property
    def id(self) -> str:
        """The id that the partner gave it; empty where it has none."""
        return str(self.attributes.get("id", ""))

    @property
    def partner(self) -> str:
        """Whose event it says it is."""
        return str(self.attributes.get("source", "")).removeprefix(SOURCE)

    @property
    def key(self) -> bytes:
        """Events of one subject share a partition, so that they keep their order."""
        return str(self.attributes.get("subject") or self.id).encode(errors="replace")


def read_events(file: str) -> list[FileEvent]:
    """The events in a file, or on standard input for `-`. Raises Refused: FILE_EMPTY, FILE_INVALID; OSError."""
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    if not content.strip():
        raise invalid("FILE_EMPTY", "there is no event in it")
    try:
        return _whole(content)
    except ValueError as whole:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].strip().endswith(b"}"):
            raise invalid("FILE_INVALID", f"it is no JSON: {whole}") from None
        return [_line(number, line) for number, line in enumerate(lines, 1)]


def check_sendable(events: list[FileEvent]) -> None:
    """Refuse what no inbox can be found for, or nobody could find again. Raises Refused: FILE_INVALID."""
    for number, event in enumerate(events, 1):
        source = event.attributes.get("source")
        if not isinstance(source, str) or not source.startswith(SOURCE) or not event.partner:
            raise invalid("FILE_INVALID", f"event {number} has no source of the form {SOURCE}<code>: nobody knows whose inbox it is for")
        if missing := [name for name in ("id", "type") if not isinstance(event.attributes.get(name), str)]:
            raise invalid("FILE_INVALID", f"event {number} has no {' and no '.join(missing)}")


def _whole(content: bytes) -> list[FileEvent]:
    found = json.loads(content.decode())
    if isinstance(found, list):
        return [_event(number, item, json.dumps(item, ensure_ascii=False).encode()) for number, item in enumerate(found, 1)]
    return [_event(1, found, content)]


def _line(number: int, line: bytes) -> FileEvent:
    try:
        return _event(number, json.loads(line.decode()), line)
    except ValueError as error:
        raise invalid("FILE_INVALID", f"line {number} is no JSON: {error}") from None


def _event(number: int, item: Any, value: bytes) -> FileEvent:
    if not isinstance(item, dict):
        raise invalid("FILE_INVALID", f"event {number} is no JSON object")
    return FileEvent(item, value)
