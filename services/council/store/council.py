"""Rows of councils."""

from datetime import date
from typing import Any

from services.council.domain.council import Council, Member
from services.kit.database import Row
from services.kit.tables import Aggregates


def council_of(row: Row) -> Council:
    """The council in a row."""
    return Council(
        row["council_id"], row["name"], row["formed_at"], row["term_start"], row["term_end"],
        tuple(_member_of(member) for member in row["members"]), row["former"], row["origin"],
    )  # fmt: skip


def _member_to_row(member: Member) -> dict[str, str]:
    return {
        "person_ref": member.person_ref,
        "country": member.country,
        "role": member.role,
        "start_date": member.start_date.isoformat(),
        "end_date": member.end_date.isoformat() if member.end_date else "",
    }


def _member_of(row: dict[str, Any]) -> Member:
    end = date.fromisoformat(row["end_date"]) if row["end_date"] else None
    return Member(row["person_ref"], row["country"], row["role"], date.fromisoformat(row["start_date"]), end)


def _council_values(state: Council) -> tuple[Any, ...]:
    members = [_member_to_row(member) for member in state.members]
    return (state.id, state.name, state.formed_at, state.term_start, state.term_end, members, state.former, state.origin)


COUNCILS = Aggregates(
"council", ("council_id", "name", "formed_at", "term_start", "term_end", "members", "former", "origin"), "formed_at",
    of=council_of,
    values=_council_values,
)  # fmt: skip
