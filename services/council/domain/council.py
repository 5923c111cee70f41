"""A council: its terms, its subcommittees and its members."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.council.events import CouncilFormed, MembersChanged, StandingItemsSet, TermBegun
from services.kit.clock import SEOUL
from services.kit.errors import invalid, wrong_state
from services.kit.write import Change

MOST_MEMBERS, MOST_TERMS = 2000, 100  # of all times: what a council's row holds


class Subcommittee(StrEnum):
    """A part of a council that works on one field."""

    RIGHTS_AND_CULTURAL_DIVERSITY = "rights_and_cultural_diversity"
    LIVING_ENVIRONMENT = "living_environment"
    CAPACITY_BUILDING = "capacity_building"


@dataclass(frozen=True, slots=True)
class Member:
    """A membership; `person_ref` names a person in the city's own register and is never published."""

    person_ref: str = field(repr=False)
    country: str
    role: str
    start_date: date
    end_date: date | None = None
    subcommittee: Subcommittee | None = None

    def has_ended(self, day: date) -> bool:
        """Whether it was over before that day."""
        return self.end_date is not None and self.end_date < day


@dataclass(frozen=True, slots=True)
class Term:
    """A term that is over."""

    number: int
    start: date | None
    end: date


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership that an archive names; `ref` stands for a person and is never published."""

    ref: str = field(repr=False)
    role: str = ""
    start_date: date | None = None
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class Council:
    """A council of residents. `members` are its memberships of all times; `standing_items` empty: the city's own."""

    id: UUID
    name: str
    formed_at: datetime
    term_start: date | None = None
    term_end: date | None = None
    members: tuple[Member, ...] = ()
    former: bool = False
    origin: str = ""
    classification: str = ""
    memberships: tuple[Membership, ...] = field(default=(), repr=False)
    term: int = 1
    past_terms: tuple[Term, ...] = ()
    subcommittees: tuple[Subcommittee, ...] = ()
    standing_items: tuple[str, ...] = ()
    changed_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The council that it belongs to: itself."""
        return str(self.id)

    @property
    def current(self) -> tuple[Member, ...]:
        """The members whose membership had not ended when the council last changed."""
        day = (self.changed_at or self.formed_at).astimezone(SEOUL).date()
        return tuple(member for member in self.members if not member.has_ended(day))

    @property
    def countries(self) -> dict[str, int]:
        """How many members come from each country, in the order of the codes."""
        return dict(sorted(Counter(member.country for member in self.current).items()))

    @property
    def seats(self) -> dict[Subcommittee, int]:
        """How many members each subcommittee has."""
        found = Counter(member.subcommittee for member in self.current)
        return {part: found[part] for part in self.subcommittees}

    def formed(self) -> Change["Council"]:
        """It begins.

        Raises:
            Refused: TIME_RANGE for a term that ends before it begins, DUPLICATE_ITEM for a person named twice, SUBCOMMITTEE_UNKNOWN.
        """
        _check_days(self.term_start, self.term_end, "term_end")
        self._check_new((), self.members, "members")
        return Change(self, CouncilFormed(self.formed_at))

    def change_members(self, ended: dict[str, date], joined: tuple[Member, ...], *, at: datetime) -> Change["Council"]:
        """End memberships, then begin others. Raises Refused: MEMBER_UNKNOWN, DUPLICATE_ITEM, SUBCOMMITTEE_UNKNOWN, MEMBERS_TOO_MANY."""
        sitting = {member.person_ref for member in self.members if member.end_date is None}
        for index, person in enumerate(ended):
            if person not in sitting:
                raise wrong_state("MEMBER_UNKNOWN", f"ended[{index}] names nobody who is a member without a last day", f"ended[{index}]")
        kept = tuple(_ended(member, ended.get(member.person_ref)) for member in self.members)
        self._check_new(kept, joined, "joined")
        if len(kept) + len(joined) > MOST_MEMBERS:
            raise invalid("MEMBERS_TOO_MANY", f"a council has at most {MOST_MEMBERS:,} memberships of all times", "joined")
        return Change(replace(self, members=kept + joined, changed_at=at), MembersChanged(at))

    def begin_term(self, start: date, end: date | None, *, at: datetime) -> Change["Council"]:
        """Begin the next term. Raises Refused: TIME_RANGE where it begins before the last one, TERMS_TOO_MANY."""
        _check_days(start, end, "term_end")
        last = min(self.term_end or date.max, start - timedelta(days=1))
        _check_days(self.term_start, last, "term_start")
        if len(self.past_terms) >= MOST_TERMS:
            raise wrong_state("TERMS_TOO_MANY", f"a council has at most {MOST_TERMS} terms")
        past = (*self.past_terms, Term(self.term, self.term_start, last))
        begun = replace(self, term=self.term + 1, term_start=start, term_end=end, past_terms=past, changed_at=at)
        return Change(begun, TermBegun(at))

    def set_standing_items(self, names: tuple[str, ...], *, at: datetime) -> Change["Council"]:
        """Say what stands on the agenda of every meeting."""
        return Change(replace(self, standing_items=names, changed_at=at), StandingItemsSet(at))

    def present(self, people: tuple[str, ...], day: date) -> dict[str, int]:
        """How many of these members come from each country. Raises Refused: MEMBER_UNKNOWN for who was no member on that day."""
        members = {item.person_ref: item for item in self.members if item.start_date <= day and not item.has_ended(day)}
        for index, person in enumerate(people):
            if person not in members:
                raise wrong_state("MEMBER_UNKNOWN", f"members_present[{index}] was no member on that day", f"members_present[{index}]")
        return dict(sorted(Counter(members[person].country for person in people).items()))

    def _check_new(self, kept: tuple[Member, ...], joined: tuple[Member, ...], name: str) -> None:
        for index, member in enumerate(joined):
            place = f"{name}[{index}]"
            _check_days(member.start_date, member.end_date, f"{place}.end_date")
            if any(other.person_ref == member.person_ref and not other.has_ended(member.start_date) for other in kept + joined[:index]):
                raise invalid("DUPLICATE_ITEM", f"{place} names a person who is a member already", place)
            if member.subcommittee and member.subcommittee not in self.subcommittees:
                raise invalid("SUBCOMMITTEE_UNKNOWN", f"the council has no subcommittee {member.subcommittee}", f"{place}.subcommittee")


def _ended(member: Member, last: date | None) -> Member:
    if last is None or member.end_date is not None:
        return member
    _check_days(member.start_date, last, "end_date")
    return replace(member, end_date=last)


def _check_days(first: date | None, last: date | None, name: str) -> None:
    if first and last and last < first:
        raise invalid("TIME_RANGE", f"{name} lies before the first day", name)
