"""Rows of councils."""

from datetime import date
from typing import Any
from uuid import UUID

from services.council.domain.council import Council, Member
from services.kit.database import Connection, Row
from services.kit.tables import Table

TABLE = Table("council", ("council_id", "name", "formed_at", "term_start", "term_end", "members", "former", "origin"), "formed_at")


class CouncilStore:
    """Councils in PostgreSQL."""

    kind = TABLE.kind

    async def load(self, connection: Connection, identity: UUID) -> Council | None:
        """One council, none where there is none."""
        row = await connection.fetchrow(f"{TABLE.select} WHERE council_id = $1", identity)
        return council_of(row) if row else None

    async def save(self, connection: Connection, state: Council) -> None:
        """Insert or replace a council."""
        members = [_member_to_row(member) for member in state.members]
        await connection.execute(
            TABLE.save, state.id, state.name, state.formed_at, state.term_start, state.term_end, members, state.former, state.origin
        )


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
