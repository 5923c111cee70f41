"""Saved views: a list that is asked for again and again, under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit.errors import not_found
from services.kit.ids import derived_id
from services.kit.write import Change


def view_id(name: str) -> UUID:
    """A view's id follows from its name, so that saving it again is its next revision."""
    return derived_id("agenda-view", name)


@dataclass(frozen=True, slots=True)
class View:
    """A view; `filter` is the list's request by the JSON mapping of its proto. Nothing is published of it."""

    name: str
    description: str
    filter: Mapping[str, Any]
    saved_at: datetime
    removed_at: datetime | None = None

    @property
    def id(self) -> UUID:
        """Its id."""
        return view_id(self.name)

    @property
    def owner(self) -> str | None:
        """Everybody's."""
        return None

    def saved(self) -> Change["View"]:
        """It stands so from now on."""
        return Change(self, None)

    def removed(self, *, at: datetime) -> Change["View"]:
        """Nobody sees it any more; its name is free. Raises Refused: NOT_FOUND."""
        if self.removed_at:
            raise not_found("view", self.name)
        return Change(replace(self, removed_at=at), None)
