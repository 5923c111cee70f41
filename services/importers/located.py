"""YAML that people write by hand: every value as it stands there, and the line it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from services.kit.errors import Refused, Violation, invalid

Path = tuple[str | int, ...]
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Located:
    """A document whose values are texts, lists and mappings, with the line of each."""

    name: str
    value: Any
    lines: dict[Path, int]

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of a value, or of the nearest thing that holds it."""
        place = tuple(path)
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def wrong(self, path: Sequence[str | int], code: str, message: str) -> Violation:
        """A violation that names its line."""
        return Violation(shown(path), code, f"{self.name}, line {self.line_of(path)}: {message}")


def shown(path: Sequence[str | int]) -> str:
    """A path as people write it: `items[0].votes.yes`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read(text: str, name: str, first_line: int = 1) -> Located:
    """Read a document; no value is taken for something else than its letters: `no` stays a word, `1.10` a number of an item.

    Raises:
        Refused: DECODE_FAILED with line and column, also for a key that is named twice and for references (`&`, `*`).
    """
    lines: dict[Path, int] = {}
    try:
        _check(text, name)
        root = yaml.compose(text)
        value = _value(root, (), lines, name, first_line) if root else {}
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, name, first_line) from None
    except yaml.YAMLError as error:
        raise invalid("DECODE_FAILED", f"{name} is no YAML: {error}") from None
    lines.setdefault((), first_line)
    return Located(name, value, lines)


def _check(text: str, name: str) -> None:
    """Before anything is built: references could unfold without end, and the parser's time grows with the square of the depth."""
    depth = 0
    for event in yaml.parse(text):
        if isinstance(event, yaml.AliasEvent):
            raise invalid("DECODE_FAILED", f"{name} refers to itself; write things out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise invalid("DECODE_FAILED", f"{name} is nested deeper than {MAX_DEPTH}")


def _value(node: yaml.Node, path: Path, lines: dict[Path, int], name: str, first_line: int) -> Any:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, name, first_line) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    found: dict[str, Any] = {}
    for key, item in node.value:
        if key.value in found:
            raise invalid("DECODE_FAILED", f"{name}, line {key.start_mark.line + first_line}: {key.value} is named twice")
        found[key.value] = _value(item, (*path, key.value), lines, name, first_line)
        lines[(*path, key.value)] = key.start_mark.line + first_line
    return found


def _unreadable(error: yaml.MarkedYAMLError, name: str, first_line: int) -> Refused:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + first_line}, column {mark.column + 1}: " if mark else ""
    return invalid("DECODE_FAILED", f"{name} is no YAML: {where}{error.problem or error.context}")
