"""An item on a meeting's agenda."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.meeting import Sitting
from services.council.events import ItemDecided, ItemMoved, ItemPlaced
from services.kit.errors import invalid, wrong_state
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


class VoteBase(StrEnum):
    """Whose number the majority is counted of."""

    MEMBERS = "members"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Votes:
    """How a vote went; the base is none, and its count 0, where nobody said."""

    yes: int
    no: int
    abstain: int
    base: VoteBase | None = None
    base_count: int = 0

    def counted_of(self, *, members: int, present: int) -> "Votes":
        """With its base and how many those were. Raises Refused: VOTES_EXCEED_BASE where more votes were counted."""
        base = self.base or VoteBase.PRESENT
        count = self.base_count or (members if base is VoteBase.MEMBERS else present)
        if self.yes + self.no + self.abstain > count:
            raise invalid("VOTES_EXCEED_BASE", f"{self.yes + self.no + self.abstain} votes were counted of {count}", "votes", base=base)
        return replace(self, base=base, base_count=count)


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
    carried_from: UUID | None = None
    decided_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.sitting.council_id)

    def placed(self, *, at: datetime) -> Change["AgendaItem"]:
        """It was placed on the agenda."""
        return Change(self, ItemPlaced(at))

    def decide(self, decision: Decision, *, at: datetime) -> Change["AgendaItem"]:
        """The meeting made something of it, once; what it put off is not decided."""
        TRANSITIONS.check(self.decision.result, decision.result)
        decided_at = None if decision.result is ItemResult.DEFERRED else at
        return Change(replace(self, decision=decision, decided_at=decided_at), ItemDecided(at))

    def move(self, sitting: Sitting, *, at: datetime) -> Change["AgendaItem"]:
        """Its postponed meeting has a new day."""
        return Change(replace(self, sitting=sitting), ItemMoved(at))

    def check_deferred(self) -> None:
        """Raise ITEM_NOT_DEFERRED unless a later meeting may go on with it."""
        if self.decision.result is not ItemResult.DEFERRED:
            raise wrong_state(
                "ITEM_NOT_DEFERRED", f"only what was deferred is carried on; this item is {self.decision.result}", "carried_from"
            )

    def recalled(self, decision: Decision, *, now: datetime) -> Iterator[Change["AgendaItem"]]:
        """The whole life of an item of history."""
        at = min(self.sitting.start, now)
        yield self.placed(at=at)
        if decision.result is not ItemResult.UNDECIDED:
            yield self.decide(decision, at=at)
