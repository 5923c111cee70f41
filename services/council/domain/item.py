"""An item on a meeting's agenda."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.events import ItemDecided, ItemPlaced
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.vocabulary import District, RepresentedGroup
from services.kit.write import Change


class ItemResult(StrEnum):
    """What the meeting made of an item."""

    UNDECIDED = "undecided"
    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


TRANSITIONS = Transitions[ItemResult]("agenda item", {ItemResult.UNDECIDED: set(ItemResult) - {ItemResult.UNDECIDED}})


@dataclass(frozen=True, slots=True)
class Votes:
    """How a vote went."""

    yes: int
    no: int
    abstain: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting made of an item, in our code and in its own words."""

    result: ItemResult
    votes: Votes | None = None
    original: str = ""
    resolution_text: Text | None = None


UNDECIDED = Decision(ItemResult.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an item: where it lies."""

    name: str
    url: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An agenda item. `presenter_ref` names a person and is never published; `matters` are items of the consolidated agenda."""

    id: UUID
    sitting: Sitting
    number: str
    order: int
    name: str
    text: Text | None = None
    public: bool = True
    decision: Decision = UNDECIDED
    presenter_role: str = ""
    matters: tuple[UUID, ...] = ()
    themes: tuple[str, ...] = ()
    represented_groups: tuple[RepresentedGroup, ...] = ()
    district_code: District | None = None
    origin: str = ""
    documents: tuple[Document, ...] = ()
    presenter_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def placed(self, *, at: datetime) -> Change["AgendaItem"]:
        """It was placed on the agenda."""
        return Change(self, ItemPlaced(at))

    def decide(self, decision: Decision, *, at: datetime) -> Change["AgendaItem"]:
        """The meeting made something of it, once."""
        TRANSITIONS.check(self.decision.result, decision.result)
        return Change(replace(self, decision=decision), ItemDecided(at))

    def recalled(self, decision: Decision, *, now: datetime) -> Iterator[Change["AgendaItem"]]:
        """The whole life of an item of history."""
        at = min(self.sitting.start, now)
        yield self.placed(at=at)
        if decision.result is not ItemResult.UNDECIDED:
            yield self.decide(decision, at=at)
