"""A council: its term and its members."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.council.events import CouncilFormed
from services.kit.errors import invalid
from services.kit.write import Change


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `person_ref` names a person in the city's own register and is never published."""

    person_ref: str = field(repr=False)
    country: str
    role: str
    start_date: date
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership that an archive names; `ref` stands for a person and is never published."""

    ref: str = field(repr=False)
    role: str = ""
    start_date: date | None = None
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class Council:
    """A council of residents."""

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

    @property
    def owner(self) -> str:
        """The council that it belongs to: itself."""
        return str(self.id)

    @property
    def countries(self) -> tuple[str, ...]:
        """Where its members come from, each country once."""
        return tuple(sorted({member.country for member in self.members}))

    def formed(self) -> Change["Council"]:
        """It begins. Raises Refused: TIME_RANGE for a term that ends before it begins, DUPLICATE_ITEM for a person named twice."""
        _check_days(self.term_start, self.term_end, "term_end")
        people = [member.person_ref for member in self.members]
        for index, member in enumerate(self.members):
            _check_days(member.start_date, member.end_date, f"members[{index}].end_date")
            if member.person_ref in people[:index]:
                raise invalid("DUPLICATE_ITEM", f"members[{index}] names a person who stands in the list already", f"members[{index}]")
        return Change(self, CouncilFormed(self.formed_at))


def _check_days(first: date | None, last: date | None, name: str) -> None:
    if first and last and last < first:
        raise invalid("TIME_RANGE", f"{name} lies before the first day", name)
