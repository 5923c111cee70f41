"""What partners send, and what becomes of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.kit.ids import agenda_id_of, derived_id
from services.partners.domain.partner import source_of


class Outcome(StrEnum):
    """What became of an event."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record stands in its inbox."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Result:
    """What an event became: the service that owns it now, what it is there, its id."""

    service: str
    kind: str
    id: UUID

    @property
    def agenda_id(self) -> UUID | None:
        """Its id on the consolidated agenda; none for a meeting, whose items are the sources."""
        return None if self.kind == "meeting" else agenda_id_of(self.service, self.id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reason: `code`, `field` and `reason` where it was refused, `result` where it became something."""

    outcome: Outcome
    code: str = ""
    field: str = ""
    reason: str = ""
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event that passed the checks: its attributes, whom it is for, and the very bytes of the request to hand over."""

    partner: str
    id: str
    type: str
    subject: str
    time: datetime
    correlation_id: UUID
    cause_id: UUID
    service: str
    request: bytes
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A record of an inbox as it is kept."""

    id: UUID
    partner: str
    event_id: str
    type: str
    subject: str
    verdict: Verdict
    position: Position
    tries: int
    correlation_id: UUID
    cause_id: UUID
    event_time: datetime | None
    received_at: datetime
    settled_at: datetime | None
    mends: UUID | None = None


def cause_id_of(partner: str, event_id: str) -> UUID:
    """How the effects of an event name it as their cause: by its own id where that is a UUID."""
    try:
        return UUID(event_id)
    except ValueError:
        return derived_id("partner-event", source_of(partner), event_id)


def request_id_of(partner: str, event_id: str) -> str:
    """The key under which an event is handed over, by source and id: however often that happens, it has one effect."""
    return str(derived_id("partner-request", source_of(partner), event_id))


def wait_s(tries: int, longest_s: float) -> float:
    """How long an event waits after so many tries: 0.2 s, doubled each time."""
    return min(0.2 * 2.0 ** min(tries - 1, 20), longest_s)
