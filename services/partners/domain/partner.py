"""Who may send events: kinds, designation, what each may send and how much. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.kit.clock import SEOUL, end_of
from services.kit.errors import invalid, not_allowed
from services.kit.ids import derived_id
from services.kit.transitions import Transitions
from services.kit.write import Change

INBOX, RECEIPTS = "madang.partners.{}.inbox.v1", "madang.partners.{}.receipts.v1"
OURS = "urn:madang:"


class PartnerKind(StrEnum):
    """What kind of body a partner is."""

    CALL_CENTRE = "call_centre"
    DISTRICT = "district"
    PUBLIC_BODY = "public_body"
    ORGANISATION = "organisation"
    COMPANY = "company"
    RESEARCH = "research"


class PartnerStatus(StrEnum):
    """Whether its events are taken."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


TRANSITIONS = Transitions[PartnerStatus](
    "partner",
    {
        PartnerStatus.ACTIVE: {PartnerStatus.SUSPENDED, PartnerStatus.ENDED},
        PartnerStatus.SUSPENDED: {PartnerStatus.ACTIVE},
        PartnerStatus.ENDED: {PartnerStatus.ACTIVE},
    },
)


@dataclass(frozen=True, slots=True)
class Partner:
    """A registered partner; its id derives from its code, which no other partner can have."""

    id: UUID
    code: str
    name: str
    kind: PartnerKind
    added_at: datetime
    status: PartnerStatus = PartnerStatus.ACTIVE
    suspended_for: str = ""
    designated_from: date | None = None
    designated_until: date | None = None
    programme: str = ""
    contact_ref: str = ""
    event_types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    daily_events: int = 0
    daily_bytes: int = 0

    @property
    def owner(self) -> str | None:
        """Nobody's in particular."""
        return None

    @property
    def inbox(self) -> str:
        """The topic that it writes to."""
        return INBOX.format(self.code)

    @property
    def receipts(self) -> str:
        """The topic that it reads its receipts from."""
        return RECEIPTS.format(self.code)

    def clocks(self) -> Mapping[str, datetime]:
        """Its designation ends with its last day, unless it is not heard anyway."""
        if self.status is not PartnerStatus.ACTIVE or self.designated_until is None:
            return {}
        return {"designation_ends": end_of(self.designated_until)}

    def barred(self, now: datetime) -> tuple[str, str] | None:
        """Why nothing of it is taken now, as a code and a reason; none where it is."""
        if self.status is PartnerStatus.SUSPENDED:
            return "PARTNER_SUSPENDED", f"{self.code} is suspended: {self.suspended_for}"
        if self.status is PartnerStatus.ENDED or self.is_over(now):
            return "DESIGNATION_ENDED", f"the designation of {self.code} ended with {self.designated_until}"
        return None

    def check_open(self, now: datetime) -> None:
        """Raise what bars it."""
        if why := self.barred(now):
            raise not_allowed(why[1], why[0])

    def may_send(self, event_type: str) -> bool:
        """Whether it may send events of a type."""
        return not self.event_types or event_type in self.event_types

    def may_name(self, source: str) -> bool:
        """Whether its events may name a source."""
        return source == source_of(self.code) or source in self.sources

    def checked(self) -> "Partner":
        """Itself, if its parts fit. Raises Refused: DESIGNATION_PERIOD, SOURCE_INVALID."""
        if self.designated_until and (self.designated_from is None or self.designated_until < self.designated_from):
            raise invalid("DESIGNATION_PERIOD", "a designation has a first day, and does not end before it", "designated_until")
        own = source_of(self.code)
        for source in self.sources:
            if source.startswith(OURS) and not source.startswith(f"{own}:"):
                raise invalid("SOURCE_INVALID", f"{source} belongs to somebody else; a source of ours begins with {own}:", "sources")
        return self

    def suspend(self, reason: str) -> Change["Partner"]:
        """Hear it no more."""
        TRANSITIONS.check(self.status, PartnerStatus.SUSPENDED)
        return Change(replace(self, status=PartnerStatus.SUSPENDED, suspended_for=reason), None)

    def resume(self) -> Change["Partner"]:
        """Hear it again; one whose designation ended needs a new one instead."""
        if self.status is PartnerStatus.ENDED:
            raise invalid("DESIGNATION_ENDED", "its designation is over; give it a later last day", "designated_until")
        TRANSITIONS.check(self.status, PartnerStatus.ACTIVE)
        return Change(replace(self, status=PartnerStatus.ACTIVE, suspended_for=""), None)

    def updated(self, after: "Partner", *, now: datetime) -> Change["Partner"]:
        """Take over what was changed; an ended designation that goes on is active again."""
        if self.status is PartnerStatus.ENDED and not after.checked().is_over(now):
            after = replace(after, status=PartnerStatus.ACTIVE)
        return Change(after.checked(), None)

    def end_designation(self) -> Change["Partner"]:
        """Its last day is over."""
        TRANSITIONS.check(self.status, PartnerStatus.ENDED)
        return Change(replace(self, status=PartnerStatus.ENDED), None)

    def is_over(self, now: datetime) -> bool:
        """Whether the last day of its designation has passed."""
        return self.designated_until is not None and now >= end_of(self.designated_until)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many records and bytes count on one day in Seoul."""

    events: int
    bytes: int

    def of(self, partner: Partner) -> "Quota":
        """The partner's own, where it has one."""
        return Quota(partner.daily_events or self.events, partner.daily_bytes or self.bytes)


@dataclass(frozen=True, slots=True)
class Usage:
    """What counted on a day."""

    day: date
    events: int
    bytes: int

    @property
    def ends_at(self) -> datetime:
        """When the count begins again."""
        return end_of(self.day)


def day_of(at: datetime) -> date:
    """The day in Seoul."""
    return at.astimezone(SEOUL).date()


def partner_id_of(code: str) -> UUID:
    """The id of the partner with a code."""
    return derived_id("partner", code)


def partner_of(inbox: str) -> str:
    """Whose inbox a topic is."""
    before, _, after = INBOX.partition("{}")
    return inbox.removeprefix(before).removesuffix(after)


def source_of(partner: str) -> str:
    """The source that every event of a partner names, unless it may name others."""
    return f"urn:madang:partner:{partner}"
