"""Fields of OParl objects, read with care: what is not as it should be is named, and left or cut."""

from datetime import date
from typing import Any

from services.importers.texts import Note, as_given, at_most, on_one_line


def identity_of(value: Any) -> str | None:
    """The id of an object, or a reference to one: an address of at most 1,000 characters."""
    given = value.get("id") if isinstance(value, dict) else value
    return given if isinstance(given, str) and 0 < len(given) <= 1000 and given.isprintable() else None


def list_of(value: Any) -> list[Any]:
    """A list, also where a source gives one thing by itself or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text_of(value: dict[str, Any], name: str, note: Note) -> str:
    """A text as it is given, empty where there is none."""
    given = value.get(name)
    return as_given(given, name, note) if isinstance(given, str) else ""


def line_of(value: dict[str, Any], name: str, size: int, note: Note) -> str:
    """A text on one line, cut to its size."""
    return at_most(on_one_line(text_of(value, name, note), name, note).strip(), size, name, note)


def day_of(value: dict[str, Any], name: str, note: Note) -> date | None:
    """A day, none where there is none or it is no day."""
    given = value.get(name)
    try:
        return date.fromisoformat(str(given or "")[:10])
    except ValueError:
        if given:
            note(name, "DATE_INVALID", f"{name} is no day; taken as unknown")
        return None


def at_end(identity: str) -> str:
    """The end of an id, as short as it still says something."""
    return "/".join(identity.rstrip("/").split("/")[-2:]) or identity
