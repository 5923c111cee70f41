"""Whether a group is heard: one watch for each of the twelve, quarter by quarter."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.kit.clock import quarter_of, quarter_span
from services.kit.ids import derived_id
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Change
from services.voices.events import GroupSilent


@dataclass(frozen=True, slots=True)
class GroupWatch:
    """The quarter that a group is listened for in; the one before it is settled."""

    id: UUID
    represented_group: RepresentedGroup
    quarter: str
    begun_at: datetime

    @classmethod
    def begun(cls, group: RepresentedGroup, *, at: datetime) -> "GroupWatch":
        """A watch that begins now; its id is the group's for ever."""
        return cls(derived_id("group-watch", group), group, quarter_of(at), at)

    @property
    def owner(self) -> str | None:
        """Nobody's in particular."""
        return None

    def clocks(self) -> dict[str, datetime]:
        """The end of its quarter."""
        return {"quarter_end": quarter_span(self.quarter)[1]}

    def started(self) -> Change["GroupWatch"]:
        """It begins; nothing is published."""
        return Change(self, fact=None)

    def settle(self, voices: int, *, at: datetime) -> Change["GroupWatch"]:
        """The quarter is over, with so many voices; one without any is a fact."""
        return Change(replace(self, quarter=quarter_of(at)), None if voices else GroupSilent(at, self.quarter))
