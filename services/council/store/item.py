"""Rows of agenda items."""

from typing import Any
from uuid import UUID

from services.council.domain.item import AgendaItem, Decision, ItemResult, Votes
from services.council.store.meeting import SITTING, sitting_of, sitting_values
from services.kit.database import Connection, Row
from services.kit.tables import Aggregates
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup

NONE = Text("")


def item_of(row: Row) -> AgendaItem:
    """The item in a row."""
    votes = Votes(*row["votes"]) if row["votes"] is not None else None
    resolution = Text(row["resolution_text"], row["resolution_language"]) or None
    return AgendaItem(
        id=row["item_id"], sitting=sitting_of(row), number=row["number"], order=row["place"], name=row["name"],
        text=Text(row["text"], row["language"]) or None, public=row["public"],
        decision=Decision(ItemResult(row["result"]), votes, row["result_original"], resolution), presenter_role=row["presenter_role"],
        matters=tuple(row["matters"]), themes=tuple(row["themes"]),
        represented_groups=tuple(RepresentedGroup(code) for code in row["represented_groups"]),
        district_code=District(row["district_code"]) if row["district_code"] else None, origin=row["origin"],
        presenter_ref=row["presenter_ref"],
    )  # fmt: skip


def _values(state: AgendaItem) -> tuple[Any, ...]:
    text, decision = state.text or NONE, state.decision
    resolution, votes = decision.resolution_text or NONE, decision.votes
    return (
        state.id, *sitting_values(state.sitting), state.number, state.order, state.name, text.plain, text.language, state.public,
        decision.result, decision.original, [votes.yes, votes.no, votes.abstain] if votes else None, resolution.plain,
        resolution.language, state.presenter_role, state.matters, state.themes, state.represented_groups, state.district_code,
        state.origin, state.presenter_ref,
    )  # fmt: skip


ITEMS = Aggregates(
    "agenda_item",
    (
        "item_id", *SITTING, "number", "place", "name", "text", "language", "public", "result", "result_original", "votes",
        "resolution_text", "resolution_language", "presenter_role", "matters", "themes", "represented_groups", "district_code", "origin",
        "presenter_ref",
    ),
    "meeting_start",
    of=item_of,
    values=_values,
)  # fmt: skip


async def count_items(connection: Connection, meeting_id: UUID) -> int:
    """How many items a meeting has."""
    found: int = await connection.fetchval("SELECT count(*) FROM agenda_item WHERE meeting_id = $1", meeting_id)
    return found
