"""Diffusion cases on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.events.workshops.v1 import workshops_pb2 as events_pb
from madang.workshops.v1 import diffusion_case_pb2
from madang.workshops.v1 import diffusion_messages_pb2 as pb
from services.kit.ids import id_or_none
from services.kit.text import one_line
from services.kit.wire import (
    FIELDS,
    EnumWire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.workshops import events
from services.workshops.domain.diffusion import AdopterKind, DiffusionCase, DiffusionScope, DiffusionStatus, Recognition
from services.workshops.domain.innovation import Innovation
from services.workshops.queries import DiffusionListing

SCOPES = EnumWire(diffusion_case_pb2.DiffusionScope, DiffusionScope)
ADOPTER_KINDS = EnumWire(diffusion_case_pb2.AdopterKind, AdopterKind)
STATUSES = EnumWire(diffusion_case_pb2.DiffusionStatus, DiffusionStatus)
FACTS: dict[type[Any], type[Any]] = {
    events.CaseDiffused: events_pb.CaseDiffused,
    events.CaseRecognised: events_pb.CaseRecognised,
}


def event_of(fact: events.WorkshopsFact, after: DiffusionCase) -> Message:
    """The fact with the whole state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], case_to_wire(after))


def case_to_wire(case: DiffusionCase) -> diffusion_case_pb2.DiffusionCase:
    """The public state of a diffusion case, which is all of it."""
    honour = case.recognition
    return diffusion_case_pb2.DiffusionCase(
        diffusion_id=str(case.id), innovation_id=str(case.innovation_id), innovation_field=FIELDS.to_wire(case.innovation_field),
        adopter=case.adopter, adopter_kind=ADOPTER_KINDS.to_wire(case.adopter_kind), scope=SCOPES.to_wire(case.scope),
        evidence=text_to_wire(case.evidence), adopted_at=time_to_wire(case.adopted_at), status=STATUSES.to_wire(case.status),
        recognition=diffusion_case_pb2.Recognition(
            name=honour.name, given_by=honour.given_by, given_at=time_to_wire(honour.given_at)
        ) if honour else None,
    )  # fmt: skip


def case_from_wire(message: diffusion_case_pb2.DiffusionCase) -> DiffusionCase:
    """The state as the domain has it."""
    honour = message.recognition
    return DiffusionCase(
        UUID(message.diffusion_id), UUID(message.innovation_id), FIELDS.from_wire(message.innovation_field, "innovation_field"),
        message.adopter, ADOPTER_KINDS.from_wire(message.adopter_kind, "adopter_kind"), SCOPES.from_wire(message.scope, "scope"),
        text_from_wire(message.evidence), time_from_wire(message.adopted_at, "adopted_at"), STATUSES.from_wire(message.status, "status"),
        Recognition(honour.name, honour.given_by, time_from_wire(honour.given_at, "given_at")) if message.HasField("recognition") else None,
    )  # fmt: skip


def recorded_from_wire(request: pb.RecordDiffusionRequest, identity: UUID, now: datetime, innovation: Innovation) -> DiffusionCase:
    """A new case of an innovation agenda."""
    return DiffusionCase(
        identity, innovation.id, innovation.innovation_field, one_line(request.adopter),
        ADOPTER_KINDS.from_wire(request.adopter_kind, "adopter_kind"), SCOPES.from_wire(request.diffusion_scope, "diffusion_scope"),
        text_from_wire(request.evidence), time_or_none(request.adopted_at, "adopted_at") or now,
    )  # fmt: skip


def recognition_from_wire(request: pb.RecogniseDiffusionRequest, now: datetime) -> Recognition:
    """How a case was honoured."""
    return Recognition(one_line(request.name), one_line(request.given_by), time_or_none(request.given_at, "given_at") or now)


def cases_from_wire(request: pb.ListDiffusionCasesRequest) -> DiffusionListing:
    """Which cases are asked for."""
    return DiffusionListing(
        page_from_wire(request),
        SCOPES.optional(request.diffusion_scope, "diffusion_scope"),
        FIELDS.optional(request.innovation_field, "innovation_field"),
        ADOPTER_KINDS.optional(request.adopter_kind, "adopter_kind"),
        id_or_none(request.innovation_id, "innovation_id"),
        STATUSES.optional(request.status, "status"),
    )
