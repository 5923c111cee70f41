"""Workshops and their quarterly series."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.clock import quarter_of, quarter_span
from services.kit.errors import invalid
from services.kit.ids import derived_id
from services.kit.text import Text
from services.kit.transitions import Transitions
from services.kit.write import Change
from services.workshops.domain.sector import ParticipantSector
from services.workshops.events import QuarterWithoutWorkshop, WorkshopHeld, WorkshopPlanned

MAX_QUARTERS = 40
SERIES_ID = derived_id("workshops", "workshop_series")  # there is one, the same everywhere, so that it is made once


class OutputKind(StrEnum):
    """What a workshop may bring forth."""

    AGENDA_FOUND = "agenda_found"
    PLAN_IMPROVED = "plan_improved"
    PRACTICE_REVIEWED = "practice_reviewed"
    DIFFUSION_AGREED = "diffusion_agreed"


class WorkshopKind(StrEnum):
    """What kind of workshop it is."""

    QUARTERLY = "quarterly"
    LEARNING_MEETING = "learning_meeting"


class WorkshopStatus(StrEnum):
    """Where a workshop stands."""

    PLANNED = "planned"
    HELD = "held"


TRANSITIONS = Transitions[WorkshopStatus]("workshop", {WorkshopStatus.PLANNED: {WorkshopStatus.HELD}})


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a workshop brought forth."""

    kind: OutputKind
    innovation_id: UUID
    note: Text


@dataclass(frozen=True, slots=True)
class Session:
    """How a workshop went; `participants` counts people by sector."""

    held_at: datetime
    participants: tuple[tuple[ParticipantSector, int], ...]
    innovation_ids: tuple[UUID, ...] = ()
    outputs: tuple[Output, ...] = ()
    quarter: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop of officials, experts and citizens' organisations; `starts_at` is when it is planned for, or was held."""

    id: UUID
    kind: WorkshopKind
    status: WorkshopStatus
    quarter: str
    starts_at: datetime
    location: str = ""
    held_at: datetime | None = None
    participants: tuple[tuple[ParticipantSector, int], ...] = ()
    innovation_ids: tuple[UUID, ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def owner(self) -> None:
        """A workshop is the whole city's."""

    def planned(self, *, at: datetime) -> Change["Workshop"]:
        """Its day was set."""
        return Change(self, WorkshopPlanned(at))

    def hold(self, session: Session) -> Change["Workshop"]:
        """It took place.

        Raises:
            Refused: OUTPUT_NOT_DISCUSSED where an output is about something that was not on the table, QUARTER_MISMATCH where it is said
                to be another quarter's.
        """
        TRANSITIONS.check(self.status, WorkshopStatus.HELD)
        if session.quarter not in {"", self.quarter}:
            raise invalid("QUARTER_MISMATCH", f"this workshop is that of {self.quarter}, not of {session.quarter}", "quarter")
        for index, output in enumerate(session.outputs):
            if output.innovation_id not in session.innovation_ids:
                message = "an output is about one of the innovation agendas that were discussed"
                raise invalid("OUTPUT_NOT_DISCUSSED", message, f"outputs[{index}].innovation_id")
        held = replace(
            self, status=WorkshopStatus.HELD, starts_at=session.held_at, held_at=session.held_at, participants=session.participants,
            innovation_ids=session.innovation_ids, outputs=session.outputs, location=session.location or self.location,
        )  # fmt: skip
        return Change(held, WorkshopHeld(session.held_at))


@dataclass(frozen=True, slots=True)
class WorkshopSeries:
    """The one series of quarterly workshops: the quarter that runs, and those that ended without a workshop."""

    id: UUID
    quarter: str
    begun_at: datetime
    quarters_without: tuple[str, ...] = ()

    @property
    def owner(self) -> None:
        """The series is the whole city's."""

    @property
    def quarter_ends_at(self) -> datetime:
        """When the quarter that runs is over."""
        return quarter_span(self.quarter)[1]

    def clocks(self) -> dict[str, datetime]:
        """What falls due: the end of the quarter."""
        return {"quarter_ends": self.quarter_ends_at}

    def end_quarter(self, *, held: bool) -> Change["WorkshopSeries"]:
        """The quarter is over and the next begins; one without a workshop `held` is a fact."""
        ends = self.quarter_ends_at
        following = replace(self, quarter=quarter_of(ends))
        if held:
            return Change(following, None)
        without = (*self.quarters_without, self.quarter)[-MAX_QUARTERS:]
        return Change(replace(following, quarters_without=without), QuarterWithoutWorkshop(ends, self.quarter))


def first_series(at: datetime) -> WorkshopSeries:
    """The series from a moment on."""
    return WorkshopSeries(SERIES_ID, quarter_of(at), at)
