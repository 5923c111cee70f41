"""An honorary vice-mayor's mandate."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.kit.clock import beginning_of, end_of
from services.kit.errors import invalid, wrong_state
from services.kit.transitions import Transitions
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Change
from services.voices.events import MandateActivated, MandateAppointed, MandateDismissed, MandateEnded, MandateRenewed


class MandateStatus(StrEnum):
    """Where a mandate stands."""

    NOMINATED = "nominated"
    SCREENED = "screened"
    APPOINTED = "appointed"
    ACTIVE = "active"
    RENEWED = "renewed"
    ENDED = "ended"
    DISMISSED = "dismissed"


TRANSITIONS = Transitions[MandateStatus](
    "mandate",
    {
        MandateStatus.NOMINATED: {MandateStatus.SCREENED},
        MandateStatus.SCREENED: {MandateStatus.APPOINTED},
        MandateStatus.APPOINTED: {MandateStatus.ACTIVE},
        MandateStatus.ACTIVE: {MandateStatus.RENEWED, MandateStatus.ENDED, MandateStatus.DISMISSED},
        MandateStatus.RENEWED: {MandateStatus.RENEWED, MandateStatus.ENDED, MandateStatus.DISMISSED},
    },
)
NOT_PUBLIC = frozenset({MandateStatus.NOMINATED, MandateStatus.SCREENED})
IN_OFFICE = frozenset({MandateStatus.ACTIVE, MandateStatus.RENEWED})
OVER = frozenset({MandateStatus.ENDED, MandateStatus.DISMISSED})


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate. `person_ref` names a person in the city's own register and is never published."""

    id: UUID
    represented_group: RepresentedGroup
    start_date: date
    nominated_at: datetime
    end_date: date | None = None
    nominated_by: str = ""
    status: MandateStatus = MandateStatus.NOMINATED
    appointed_at: datetime | None = None
    renewals: int = 0
    dismissal_reason: str = ""
    person_ref: str = field(default="", repr=False)

    @property
    def owner(self) -> str:
        """A mandate is its own aide's."""
        return str(self.id)

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it: from the appointment on."""
        return self.status not in NOT_PUBLIC

    def clocks(self) -> dict[str, datetime]:
        """What falls due as it stands: its first day, and the end of its last."""
        if self.status is MandateStatus.APPOINTED and self.appointed_at:
            return {"mandate_begins": max(beginning_of(self.start_date), self.appointed_at)}
        return {"mandate_ends": end_of(self.end_date)} if self.status in IN_OFFICE and self.end_date else {}

    def nominated(self) -> Change["Mandate"]:
        """Somebody put the person forward. Nothing is published. Raises Refused: TIME_RANGE."""
        _check_days(self.start_date, self.end_date)
        return Change(self, fact=None)

    def screen(self) -> Change["Mandate"]:
        """The nomination was looked into. Nothing is published."""
        return Change(self._become(MandateStatus.SCREENED), fact=None)

    def appoint(self, *, at: datetime) -> Change["Mandate"]:
        """The mayor appoints a person who was screened."""
        return Change(self._become(MandateStatus.APPOINTED, appointed_at=at), MandateAppointed(at))

    def appointed(self, *, at: datetime) -> Change["Mandate"]:
        """The mayor appointed the person; nomination and screening went on elsewhere. Raises Refused: TIME_RANGE."""
        _check_days(self.start_date, self.end_date)
        return Change(replace(self, status=MandateStatus.APPOINTED, appointed_at=at), MandateAppointed(at))

    def begin(self, *, at: datetime) -> Change["Mandate"]:
        """Its first day has come."""
        return Change(self._become(MandateStatus.ACTIVE), MandateActivated(at))

    def renew(self, end_date: date, *, limit: int, at: datetime) -> Change["Mandate"]:
        """Let it go on until another day; how often is the city's rule (`voices_mandate_renewals`).

        Raises:
            Refused: RENEWALS_EXHAUSTED, or TIME_RANGE for a last day that does not lie after the one before.
        """
        renewed = self._become(MandateStatus.RENEWED, end_date=end_date, renewals=self.renewals + 1)
        if self.renewals >= limit:
            raise wrong_state("RENEWALS_EXHAUSTED", f"this mandate was renewed {self.renewals} times; {limit} are allowed")
        _check_days(self.end_date or self.start_date, end_date)
        return Change(renewed, MandateRenewed(at))

    def end(self, *, at: datetime) -> Change["Mandate"]:
        """Its last day is over."""
        return Change(self._become(MandateStatus.ENDED), MandateEnded(at))

    def dismiss(self, reason: str, *, at: datetime) -> Change["Mandate"]:
        """End it before its time."""
        return Change(self._become(MandateStatus.DISMISSED, dismissal_reason=reason), MandateDismissed(at, reason))

    def check_going_on(self) -> None:
        """Raise MANDATE_NOT_APPOINTED where nothing is done or heard in it yet, MANDATE_OVER where nothing is any more."""
        if not self.is_public:
            raise wrong_state("MANDATE_NOT_APPOINTED", f"this mandate is {self.status}; nobody was appointed yet", "mandate_id")
        if self.status in OVER:
            raise wrong_state("MANDATE_OVER", f"this mandate is {self.status}; nothing is done or heard in it any more", "mandate_id")

    def _become(self, status: MandateStatus, **changes: object) -> "Mandate":
        TRANSITIONS.check(self.status, status)
        return replace(self, status=status, **changes)  # type: ignore[arg-type]


def _check_days(first: date, last: date | None) -> None:
    if last and last < first:
        raise invalid("TIME_RANGE", f"end_date lies before {first}", "end_date")
