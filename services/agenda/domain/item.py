"""Items that officers open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.agenda.events import (
    AgendaAnswered,
    AgendaDeadlineMissed,
    AgendaInterimReplied,
    AgendaItemOpened,
    AgendaMerged,
    AgendaMergeUndone,
    AgendaOwnerAssigned,
    AgendaSplit,
    AgendaStatusChanged,
    AgendaTagged,
)
from services.kit.clock import end_of
from services.kit.errors import invalid, wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class Status(StrEnum):
    """Where an item stands."""

    CANDIDATE = "candidate"
    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    DECIDED = "decided"
    IMPLEMENTED = "implemented"
    MEASURED = "measured"
    CLOSED = "closed"
    PARKED = "parked"


TRANSITIONS = Transitions[Status](
    "agenda item",
    {
        Status.CANDIDATE: {Status.OPEN, Status.PARKED},
        Status.OPEN: {Status.ASSIGNED, Status.PARKED},
        Status.ASSIGNED: {Status.IN_PROGRESS, Status.PARKED},
        Status.IN_PROGRESS: {Status.DECIDED, Status.PARKED},
        Status.DECIDED: {Status.IMPLEMENTED, Status.PARKED},
        Status.IMPLEMENTED: {Status.MEASURED, Status.PARKED},
        Status.MEASURED: {Status.CLOSED, Status.PARKED},
        Status.CLOSED: {Status.PARKED},
        Status.PARKED: {Status.OPEN},
    },
)
# While an item stands so, nothing is decided yet and a clock runs.
UNDECIDED = (Status.CANDIDATE, Status.OPEN, Status.ASSIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the city says to everybody who is linked to an item, once in each language."""

    texts: tuple[Text, ...]
    department: str
    answered_at: datetime

    def check(self) -> None:
        """Raise EMPTY_ANSWER, LANGUAGE_REQUIRED or DUPLICATE_ITEM unless each text has words and a language of its own."""
        languages = [text.language for text in self.texts]
        for index, text in enumerate(self.texts):
            if not text.plain.strip():
                raise invalid("EMPTY_ANSWER", "an answer has words", f"texts[{index}]")
            if not text.language:
                raise invalid("LANGUAGE_REQUIRED", "an answer says in which language it is", f"texts[{index}].language")
            if text.language in languages[:index]:
                raise invalid("DUPLICATE_ITEM", f"there are two answers in {text.language}", f"texts[{index}]")


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags of one kind to add and to take away."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def applied(self, standing: tuple[str, ...]) -> tuple[str, ...]:
        """What stands after it, in the order in which it was given."""
        return tuple(dict.fromkeys(tag for tag in (*standing, *self.add) if tag not in self.remove))


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What officers decided about an item that they opened. Its owner is a department."""

    id: UUID
    title: str
    summary: Text
    opened_at: datetime
    status: Status = Status.OPEN
    owner: str | None = None
    themes: tuple[str, ...] = ()
    due_on: date | None = None
    answer: Answer | None = None
    interim_reply: Answer | None = None
    merged_into: UUID | None = None
    moved_links: tuple[UUID, ...] = ()
    shared_links: tuple[UUID, ...] = ()
    split_from: UUID | None = None
    plan_tasks: tuple[str, ...] = ()
    owned_at: datetime | None = None
    first_answered_at: datetime | None = None
    decided_at: datetime | None = None
    measured_at: datetime | None = None
    missed_on: date | None = None

    def clocks(self) -> Mapping[str, datetime]:
        """Its due day ends while nothing is decided."""
        if not self.due_on or self.due_on == self.missed_on or self.status not in UNDECIDED or self.merged_into:
            return {}
        return {"due": end_of(self.due_on)}

    def opened(self) -> Change["AgendaItem"]:
        """It was opened: a candidate became an item. Raises Refused: TITLE_REQUIRED, since nothing gives it one later."""
        if not self.title:
            raise invalid("TITLE_REQUIRED", "a title is required; a voice lends none, since its words may be taken back", "title")
        TRANSITIONS.check(Status.CANDIDATE, self.status)
        return Change(self, AgendaItemOpened(self.opened_at))

    def become(self, status: Status, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Move on; nobody can be assigned without a name."""
        self.check_stands()
        TRANSITIONS.check(self.status, status)
        if status is Status.ASSIGNED and not self.owner:
            raise wrong_state("OWNER_REQUIRED", "an item becomes assigned when an owner is named", "status")
        decided_at = self.decided_at or (at if status is Status.DECIDED else None)
        measured_at = self.measured_at or (at if status is Status.MEASURED else None)
        return Change(replace(self, status=status, decided_at=decided_at, measured_at=measured_at), AgendaStatusChanged(at, reason))

    def assign(self, owner: str, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Name who answers for it; an open one becomes assigned, and later it passes from one to the other where it stands."""
        self._check_going_on()
        status = Status.ASSIGNED if self.status is Status.OPEN else self.status
        return Change(replace(self, status=status, owner=owner, owned_at=self.owned_at or at), AgendaOwnerAssigned(at, reason))

    def reply(self, answer: Answer) -> Change["AgendaItem"]:
        """Answer everybody who is linked to it; an answer given again replaces the one before."""
        self._check_going_on()
        answer.check()
        first = self.first_answered_at or answer.answered_at
        return Change(replace(self, answer=answer, first_answered_at=first), AgendaAnswered(answer.answered_at))

    def reply_meanwhile(self, reply: Answer) -> Change["AgendaItem"]:
        """Say something to everybody who is linked to it before there is an answer."""
        self._check_going_on()
        reply.check()
        return Change(replace(self, interim_reply=reply), AgendaInterimReplied(reply.answered_at))

    def tag(self, themes: Tags, plan_tasks: Tags, *, at: datetime) -> Change["AgendaItem"]:
        """Give it themes and tasks of plans, or take some from it. Raises Refused: NOTHING_CHANGES."""
        self.check_stands()
        after = replace(self, themes=themes.applied(self.themes), plan_tasks=plan_tasks.applied(self.plan_tasks))
        if after == self:
            raise wrong_state("NOTHING_CHANGES", "the item has these tags already")
        return Change(after, AgendaTagged(at))

    def miss(self, *, at: datetime) -> Change["AgendaItem"] | None:
        """Its due day went by; nothing where something was decided in time."""
        if not self.due_on or "due" not in self.clocks():
            return None
        return Change(replace(self, missed_on=self.due_on), AgendaDeadlineMissed(at, self.due_on))

    def merge(self, into: UUID, moved: Iterable[UUID], shared: Iterable[UUID], reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Become part of another item, which has its links now."""
        self.check_stands()
        if into == self.id:
            raise invalid("MERGE_INTO_ITSELF", "an item is merged into another one", "into")
        after = replace(self, merged_into=into, moved_links=tuple(moved), shared_links=tuple(shared))
        return Change(after, AgendaMerged(at, reason))

    def stand_again(self, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Undo its merge."""
        return Change(replace(self, merged_into=None, moved_links=(), shared_links=()), AgendaMergeUndone(at, reason))

    def split(self, into: UUID, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Lose some of its sources to a new item."""
        self.check_stands()
        return Change(self, AgendaSplit(at, reason, into))

    def check_stands(self) -> None:
        """Raise ITEM_MERGED, naming the item that has its links now, unless it stands for itself."""
        if self.merged_into:
            raise wrong_state(
                "ITEM_MERGED", f"this item was merged into {self.merged_into}; use that one", merged_into=str(self.merged_into)
            )

    def _check_going_on(self) -> None:
        self.check_stands()
        if self.status in {Status.CLOSED, Status.PARKED}:
            raise wrong_state("ITEM_ENDED", f"this agenda item is {self.status}; nobody answers for it any more", state=str(self.status))
