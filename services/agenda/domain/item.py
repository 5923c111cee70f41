"""Items that officers open."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.agenda.events import AgendaAnswered, AgendaItemOpened, AgendaOwnerAssigned, AgendaStatusChanged
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
    },
)
# While an item stands so, nothing is decided yet and a clock runs.
UNDECIDED = (Status.CANDIDATE, Status.OPEN, Status.ASSIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Answer:
    """The city's answer to everybody who is linked to an item, once in each language."""

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

    def opened(self) -> Change["AgendaItem"]:
        """It was opened: a candidate became an item."""
        TRANSITIONS.check(Status.CANDIDATE, self.status)
        return Change(self, AgendaItemOpened(self.opened_at))

    def become(self, status: Status, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Move on; nobody can be assigned without a name."""
        TRANSITIONS.check(self.status, status)
        if status is Status.ASSIGNED and not self.owner:
            raise wrong_state("OWNER_REQUIRED", "an item becomes assigned when an owner is named", "status")
        return Change(replace(self, status=status), AgendaStatusChanged(at, reason))

    def assign(self, owner: str, reason: str, *, at: datetime) -> Change["AgendaItem"]:
        """Name who answers for it; an open one becomes assigned, and later it passes from one to the other where it stands."""
        self._check_going_on()
        status = Status.ASSIGNED if self.status is Status.OPEN else self.status
        return Change(replace(self, status=status, owner=owner), AgendaOwnerAssigned(at, reason))

    def reply(self, answer: Answer) -> Change["AgendaItem"]:
        """Answer everybody who is linked to it; an answer given again replaces the one before."""
        self._check_going_on()
        answer.check()
        return Change(replace(self, answer=answer), AgendaAnswered(answer.answered_at))

    def _check_going_on(self) -> None:
        if self.status in {Status.CLOSED, Status.PARKED}:
            raise wrong_state("ITEM_ENDED", f"this agenda item is {self.status}; nobody answers for it any more", state=str(self.status))
