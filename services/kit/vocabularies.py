"""What the platform's codes are called: `vocabularies.yaml`, one vocabulary for each enumeration that people meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from services.kit.errors import not_found
from services.kit.text import Label

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a vocabulary and each of its codes is called; codes keep their order."""

    label: Label
    codes: Mapping[str, Label]


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Every vocabulary by its name, read once a process."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Vocabulary]).validate_python(content)


def vocabulary(name: str) -> Vocabulary:
    """One vocabulary. Raises Refused: NOT_FOUND."""
    if name not in vocabularies():
        raise not_found("vocabulary", name)
    return vocabularies()[name]
