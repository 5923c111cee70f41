"""Rows of innovation agendas, advice notes, indicators and workshops."""

from typing import Any
from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.tables import Aggregates
from services.kit.text import Text
from services.kit.vocabulary import District, InnovationField, RepresentedGroup
from services.workshops.domain import (
    Adopted,
    AdoptedService,
    AdviceNote,
    DiscoverySource,
    Evidence,
    Indicator,
    Innovation,
    Measurement,
    Output,
    OutputKind,
    ParticipantSector,
    Phase,
    Workshop,
)
from services.workshops.routing import OwnerType, Routing

EVIDENCE = """SELECT (SELECT count(*) FROM advice_note WHERE innovation_id = $1) AS advice_notes,
    (SELECT count(*) FROM indicator WHERE innovation_id = $1 AND measured_at IS NOT NULL) AS measured_indicators"""


async def evidence_of(connection: Connection, innovation_id: UUID) -> Evidence:
    """What is proved of an innovation agenda so far."""
    row = await connection.fetchrow(EVIDENCE, innovation_id)
    assert row is not None, "counts always answer"
    return Evidence(row["advice_notes"], row["measured_indicators"])


def innovation_of(row: Row) -> Innovation:
    """The innovation agenda in a row."""
    adopted = Adopted(AdoptedService(row["adopted_service"]), row["adopted_source_id"]) if row["adopted_service"] else None
    return Innovation(
        id=row["innovation_id"], phase=Phase(row["phase"]), title=row["title"], summary=Text(row["summary"], row["language"]),
        innovation_field=InnovationField(row["innovation_field"]), discovery_source=DiscoverySource(row["discovery_source"]),
        proposed_at=row["proposed_at"], adopted_from=adopted, departments=tuple(row["departments"]),
        in_business_plan=row["in_business_plan"], themes=tuple(row["themes"]),
        represented_groups=tuple(RepresentedGroup(code) for code in row["represented_groups"]),
        district_code=District(row["district_code"]) if row["district_code"] else None, routing=_routing_of(row),
        plan=Text(row["plan"], row["plan_language"]) if row["plan"] is not None else None,
    )  # fmt: skip


def advice_note_of(row: Row) -> AdviceNote:
    """The advice note in a row."""
    return AdviceNote(
        row["advice_id"], row["innovation_id"], ParticipantSector(row["sector"]), row["institution"],
        Text(row["opinion"], row["language"]), row["given_at"],
    )  # fmt: skip


def indicator_of(row: Row) -> Indicator:
    """The indicator in a row."""
    measured = Measurement(row["value"], row["period"], row["measured_by"], row["measured_at"]) if row["measured_at"] else None
    return Indicator(
        row["indicator_id"], row["innovation_id"], row["name"], row["unit"], row["baseline"], row["target"], row["method"],
        row["defined_at"], measured,
    )  # fmt: skip


def workshop_of(row: Row) -> Workshop:
    """The workshop in a row."""
    outputs = tuple(
        Output(OutputKind(item["kind"]), UUID(item["innovation_id"]), Text(item["note"], item["language"])) for item in row["outputs"]
    )
    participants = tuple((ParticipantSector(sector), count) for sector, count in row["participants"])
    return Workshop(row["workshop_id"], row["quarter"], row["held_at"], participants, tuple(row["innovation_ids"]), outputs)


def _routing_values(routing: Routing | None) -> tuple[Any, ...]:
    if routing is None:
        return (None,) * 5
    return routing.owner_type, routing.owner, routing.rule_version, routing.reason, routing.overridden


def _routing_of(row: Row) -> Routing | None:
    if row["owner"] is None:
        return None
    return Routing(
        OwnerType(row["owner_type"]), row["owner"], row["routing_rule_version"], row["routing_reason"], row["routing_overridden"]
    )  # fmt: skip


def _innovation_values(state: Innovation) -> tuple[Any, ...]:
    adopted, routing, plan = state.adopted_from, state.routing, state.plan
    return (
        state.id, state.phase, state.title, state.summary.plain, state.summary.language, state.innovation_field,
        state.discovery_source, adopted.service if adopted else None, adopted.source_id if adopted else None, state.departments,
        state.in_business_plan, state.themes, state.represented_groups, state.district_code, *_routing_values(routing),
        plan.plain if plan else None, plan.language if plan else None, state.proposed_at,
    )  # fmt: skip


def _advice_note_values(state: AdviceNote) -> tuple[Any, ...]:
    return (
        state.id, state.innovation_id, state.sector, state.institution, state.opinion.plain, state.opinion.language,
        state.given_at,
    )  # fmt: skip


def _indicator_values(state: Indicator) -> tuple[Any, ...]:
    found = state.measurement
    measured: tuple[Any, ...] = (found.value, found.period, found.measured_by, found.measured_at) if found else (None,) * 4
    return (
        state.id, state.innovation_id, state.name, state.unit, state.baseline, state.target, state.method,
        state.defined_at, *measured,
    )  # fmt: skip


def _workshop_values(state: Workshop) -> tuple[Any, ...]:
    outputs = [
        {"kind": item.kind, "innovation_id": str(item.innovation_id), "note": item.note.plain, "language": item.note.language}
        for item in state.outputs
    ]
    participants = [list(pair) for pair in state.participants]
    return (
        state.id, state.quarter, state.held_at, participants, state.innovation_ids, outputs
    )  # fmt: skip


INNOVATIONS = Aggregates(
    "innovation_agenda",
    (
        "innovation_id", "phase", "title", "summary", "language", "innovation_field", "discovery_source", "adopted_service",
        "adopted_source_id", "departments", "in_business_plan", "themes", "represented_groups", "district_code", "owner_type", "owner",
        "routing_rule_version", "routing_reason", "routing_overridden", "plan", "plan_language", "proposed_at",
    ),
    newest="proposed_at",
    of=innovation_of,
    values=_innovation_values,
)  # fmt: skip


ADVICE_NOTES = Aggregates(
    "advice_note", ("advice_id", "innovation_id", "sector", "institution", "opinion", "language", "given_at"), newest="given_at",
    of=advice_note_of,
    values=_advice_note_values,
)  # fmt: skip


INDICATORS = Aggregates(
    "indicator",
    (
        "indicator_id", "innovation_id", "name", "unit", "baseline", "target", "method", "defined_at", "value", "period", "measured_by",
        "measured_at",
    ),
    newest="defined_at",
    of=indicator_of,
    values=_indicator_values,
)  # fmt: skip


WORKSHOPS = Aggregates(
    "workshop", ("workshop_id", "quarter", "held_at", "participants", "innovation_ids", "outputs"), newest="held_at",
    of=workshop_of,
    values=_workshop_values,
)  # fmt: skip
