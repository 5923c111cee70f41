"""What is true of councils, their terms and their members, without any I/O."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.council.domain.council import Member, Subcommittee, Term
from services.council.events import (
    CouncilFormed,
    MembersChanged,
)
from tests.unit.council.test_domain import AT, COUNCIL, code_of


def test_a_council_is_formed_with_its_term() -> None:
    assert COUNCIL.formed().fact == CouncilFormed(AT)


def test_a_term_does_not_end_before_it_begins() -> None:
    assert code_of(replace(COUNCIL, term_end=date(2025, 1, 1)).formed) == "TIME_RANGE"


def test_nobody_is_a_member_twice() -> None:
    member = Member("person-1", "VN", "위원", date(2026, 1, 1))
    assert code_of(replace(COUNCIL, members=(member, replace(member, country="CN"))).formed) == "DUPLICATE_ITEM"


def test_a_member_prints_without_the_person() -> None:
    assert "person-1" not in repr(replace(COUNCIL, members=(Member("person-1", "VN", "위원", date(2026, 1, 1)),)))


def member(person: str = "person-1", **changes: Any) -> Member:
    return replace(Member(person, "VN", "위원", date(2026, 1, 1)), **changes)


def test_memberships_end_and_begin_and_their_dates_are_kept() -> None:
    council = replace(COUNCIL, members=(member(), member("person-2", country="CN")), subcommittees=(Subcommittee.LIVING_ENVIRONMENT,))
    joined = member("person-3", start_date=date(2026, 10, 1), subcommittee=Subcommittee.LIVING_ENVIRONMENT)
    change = council.change_members({"person-1": date(2026, 9, 30)}, (joined,), at=AT)
    assert change.fact == MembersChanged(AT)
    assert [item.end_date for item in change.state.members] == [date(2026, 9, 30), None, None]
    assert (change.state.countries, change.state.seats) == ({"CN": 1, "VN": 1}, {Subcommittee.LIVING_ENVIRONMENT: 1})


def test_who_was_a_member_may_become_one_again() -> None:
    council = replace(COUNCIL, members=(member(end_date=date(2026, 5, 31)),))
    assert len(council.change_members({}, (member(start_date=date(2026, 10, 1)),), at=AT).state.members) == 2
    assert code_of(lambda: council.change_members({}, (member(start_date=date(2026, 5, 1)),), at=AT)) == "DUPLICATE_ITEM"


def test_members_who_are_none_and_subcommittees_that_are_none_are_refused() -> None:
    lost = member("person-9", subcommittee=Subcommittee.CAPACITY_BUILDING)
    assert code_of(lambda: COUNCIL.change_members({"person-8": date(2026, 9, 30)}, (), at=AT)) == "MEMBER_UNKNOWN"
    assert code_of(lambda: COUNCIL.change_members({}, (lost,), at=AT)) == "SUBCOMMITTEE_UNKNOWN"
    crowd = tuple(member(f"person-{n}") for n in range(2001))
    assert code_of(lambda: COUNCIL.change_members({}, crowd, at=AT)) == "MEMBERS_TOO_MANY"


def test_a_new_term_keeps_the_terms_before_it() -> None:
    begun = COUNCIL.begin_term(date(2028, 1, 1), date(2029, 12, 31), at=AT).state
    assert (begun.term, begun.past_terms) == (2, (Term(1, date(2026, 1, 1), date(2027, 12, 31)),))
    early = COUNCIL.begin_term(date(2027, 7, 1), None, at=AT).state
    assert early.past_terms[0].end == date(2027, 6, 30)
    assert code_of(lambda: COUNCIL.begin_term(date(2025, 1, 1), None, at=AT)) == "TIME_RANGE"
    full = replace(COUNCIL, past_terms=(Term(1, None, date(2000, 1, 1)),) * 100)
    assert code_of(lambda: full.begin_term(date(2028, 1, 1), None, at=AT)) == "TERMS_TOO_MANY"
