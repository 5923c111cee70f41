"""What somebody who attended would change in a draft of minutes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.council.domain.minutes import Minutes, MinutesPart
from services.council.domain.passage import Passage
from services.kit.errors import wrong_state
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change


class SuggestionStatus(StrEnum):
    """Where a suggestion stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


TRANSITIONS = Transitions[SuggestionStatus]("suggestion", {SuggestionStatus.OPEN: {SuggestionStatus.ACCEPTED, SuggestionStatus.DECLINED}})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion; nothing of it is ever published. `seen` is the digest of the part that it is about, `by_ref` names a person."""

    id: UUID
    minutes_id: UUID
    council_id: UUID
    part: MinutesPart
    text: Text = field(repr=False)
    made_at: datetime
    seen: str
    status: SuggestionStatus = SuggestionStatus.OPEN
    reason: str = ""
    settled_at: datetime | None = None
    by_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str:
        """The council that it belongs to."""
        return str(self.council_id)

    def made(self) -> Change["Suggestion"]:
        """It waits to be settled."""
        return Change(self, None)

    def words_for(self, minutes: Minutes, given: Passage | None) -> Passage:
        """What its part says once it is accepted: the words given, else its own.

        Raises:
            Refused: SPANS_NEEDED or PART_CHANGED where its own words would show or lose what they do not know of.
        """
        standing = minutes.passage(self.part)
        if given is not None:
            return given
        if standing.spans:
            raise wrong_state(
                "SPANS_NEEDED", f"the part {self.part} has private spans: say its words, and which of them are private", "text"
            )
        if standing.digest != self.seen:
            raise wrong_state("PART_CHANGED", f"the part {self.part} was rewritten since: say its words, with what is suggested", "text")
        return Passage(self.text)

    def accept(self, *, at: datetime) -> Change["Suggestion"]:
        """Its part is written so."""
        return Change(self._become(SuggestionStatus.ACCEPTED, settled_at=at), None)

    def decline(self, reason: str, *, at: datetime) -> Change["Suggestion"]:
        """It is not taken."""
        return Change(self._become(SuggestionStatus.DECLINED, settled_at=at, reason=reason), None)

    def _become(self, status: SuggestionStatus, **changes: object) -> "Suggestion":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


def check_settled(unsettled: int) -> None:
    """Raise SUGGESTIONS_OPEN where minutes still have some."""
    if unsettled:
        raise wrong_state("SUGGESTIONS_OPEN", f"{unsettled} suggestions are not settled; accept or decline each", count=str(unsettled))
