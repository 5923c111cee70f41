"""Rows of proposals."""

from typing import Any

from services.kit.database import Row
from services.kit.tables import Aggregates
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.proposals.domain import Answer, CaseKind, Channel, Proposal, Resolution, Status


def proposal_of(row: Row) -> Proposal:
    """The proposal in a row."""
    optional: dict[str, Any] = {
        "answer": Answer(Text(row["answer"], row["answer_language"]), row["answer_department"], row["answered_at"])
        if row["answered_at"]
        else None,
        "follow_up": Text(row["follow_up"], row["follow_up_language"]) if row["follow_up"] else None,
    }
    return Proposal(
        id=row["proposal_id"], status=Status(row["status"]), channel=Channel(row["channel"]), title=row["title"],
        description=Text(row["description"], row["language"]), requested_at=row["requested_at"],
        case_kind=CaseKind(row["case_kind"]) if row["case_kind"] else None, service_code=row["service_code"],
        represented_groups=tuple(RepresentedGroup(code) for code in row["represented_groups"]), themes=tuple(row["themes"]),
        innovation_field=InnovationField(row["innovation_field"]) if row["innovation_field"] else None,
        district_code=District(row["district_code"]) if row["district_code"] else None, supports=row["supports"],
        department=row["department"], due_on=row["due_on"], resolution=Resolution(row["resolution"]) if row["resolution"] else None,
        origin=row["origin"], proposer_ref=row["proposer_ref"], **optional,
    )  # fmt: skip


def _values(state: Proposal) -> tuple[Any, ...]:
    answer, follow_up = state.answer, state.follow_up
    return (
        state.id, state.status, state.channel, state.title, state.description.plain, state.description.language, state.requested_at,
        state.case_kind, state.service_code, state.represented_groups, state.themes, state.innovation_field, state.district_code,
        state.supports, state.department, state.due_on, answer.text.plain if answer else None, answer.text.language if answer else None,
        answer.department if answer else None, answer.answered_at if answer else None, follow_up.plain if follow_up else None,
        follow_up.language if follow_up else None, state.resolution, state.origin, state.proposer_ref,
    )  # fmt: skip


PROPOSALS = Aggregates(
    "proposal",
    (
        "proposal_id", "status", "channel", "title", "description", "language", "requested_at", "case_kind", "service_code",
        "represented_groups", "themes", "innovation_field", "district_code", "supports", "department", "due_on", "answer",
        "answer_language", "answer_department", "answered_at", "follow_up", "follow_up_language", "resolution", "origin", "proposer_ref",
    ),
    newest="requested_at",
    of=proposal_of,
    values=_values,
)  # fmt: skip
