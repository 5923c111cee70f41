"""Town projects on the wire."""

from datetime import datetime
from uuid import UUID

from google.protobuf.message import Message

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from madang.proposals.v1 import town_project_messages_pb2 as pb
from madang.proposals.v1 import town_project_pb2
from services.kit.clock import SEOUL
from services.kit.ids import id_or_none, id_text
from services.kit.text import one_line
from services.kit.wire import (
    EnumWire,
    day_from_wire,
    day_or_refused,
    day_to_wire,
    district_from_wire,
    fact_to_wire,
    page_from_wire,
    text_from_wire,
    text_or_none,
    text_to_wire,
    time_from_wire,
    time_or_none,
    time_to_wire,
)
from services.proposals import events
from services.proposals.domain.town_project import (
    Agreement,
    Application,
    Inspection,
    ReviewerSector,
    ReviewSheet,
    Score,
    Settlement,
    TownProject,
    TownProjectStatus,
    TownProjectType,
)
from services.proposals.queries.town_project import TownProjectListing, TownProjectTotal

STATUSES = EnumWire(town_project_pb2.TownProjectStatus, TownProjectStatus)
TYPES = EnumWire(town_project_pb2.TownProjectType, TownProjectType)
SECTORS = EnumWire(town_project_pb2.ReviewerSector, ReviewerSector)
FACTS = {
    events.TownProjectProposed: events_pb.TownProjectProposed,
    events.TownProjectCounselled: events_pb.TownProjectCounselled,
    events.TownProjectApplied: events_pb.TownProjectApplied,
    events.TownProjectInspected: events_pb.TownProjectInspected,
    events.TownProjectReviewed: events_pb.TownProjectReviewed,
    events.TownProjectSelected: events_pb.TownProjectSelected,
    events.TownProjectNotSelected: events_pb.TownProjectNotSelected,
    events.TownProjectAgreed: events_pb.TownProjectAgreed,
    events.TownProjectStarted: events_pb.TownProjectStarted,
    events.TownProjectReported: events_pb.TownProjectReported,
    events.TownProjectSettled: events_pb.TownProjectSettled,
    events.TownProjectContinued: events_pb.TownProjectContinued,
    events.TownProjectEnded: events_pb.TownProjectEnded,
    events.TownProjectDeadlineMissed: events_pb.TownProjectDeadlineMissed,
}


def event_of(fact: events.TownProjectFact, after: TownProject) -> Message:
    """The fact with the whole public state after it."""
    return fact_to_wire(fact, FACTS[type(fact)], project_to_wire(after))


def project_to_wire(project: TownProject) -> town_project_pb2.TownProject:
    """The public state: how many residents there are, and none of the people."""
    return town_project_pb2.TownProject(
        project_id=str(project.id), status=STATUSES.to_wire(project.status), town_project_type=TYPES.to_wire(project.town_project_type),
        title=project.title, description=text_to_wire(project.description), year=project.year, district_code=project.district_code or "",
        department=project.department or "", proposed_at=time_to_wire(project.proposed_at), residents=project.residents,
        budget=project.budget, grant=project.grant, own_share=project.own_share, inspection=_inspection_to_wire(project.inspection),
        sheets=map(_sheet_to_wire, project.sheets), average_score=project.average_score,
        rejection_reason=text_to_wire(project.rejection_reason), agreement=_agreement_to_wire(project.agreement),
        report=text_to_wire(project.report), settlement_due_on=day_to_wire(project.settlement_due_on),
        settlement=_settlement_to_wire(project.settlement), report_overdue=project.report_overdue,
        settlement_overdue=project.settlement_overdue, continues_id=id_text(project.continues_id),
    )  # fmt: skip


def project_from_wire(message: town_project_pb2.TownProject) -> TownProject:
    """The public state as the domain has it."""
    return TownProject(
        id=UUID(message.project_id), status=STATUSES.from_wire(message.status, "status"),
        town_project_type=TYPES.from_wire(message.town_project_type, "town_project_type"), title=message.title,
        description=text_from_wire(message.description), year=message.year,
        district_code=district_from_wire(message.district_code, "district_code"), department=message.department or None,
        proposed_at=time_from_wire(message.proposed_at, "proposed_at"), residents=message.residents, budget=message.budget,
        grant=message.grant, own_share=message.own_share,
        inspection=_inspection_from_wire(message.inspection) if message.HasField("inspection") else None,
        sheets=tuple(map(sheet_from_wire, message.sheets)), rejection_reason=text_or_none(message.rejection_reason),
        agreement=agreement_from_wire(message.agreement) if message.HasField("agreement") else None, report=text_or_none(message.report),
        settlement_due_on=day_from_wire(message.settlement_due_on, "settlement_due_on"),
        settlement=_settlement_from_wire(message.settlement) if message.HasField("settlement") else None,
        report_overdue=message.report_overdue, settlement_overdue=message.settlement_overdue,
        continues_id=id_or_none(message.continues_id, "continues_id"),
    )  # fmt: skip


def _inspection_to_wire(inspection: Inspection | None) -> town_project_pb2.TownInspection | None:
    if inspection is None:
        return None
    return town_project_pb2.TownInspection(note=text_to_wire(inspection.note), inspected_on=day_to_wire(inspection.inspected_on))


def _inspection_from_wire(message: town_project_pb2.TownInspection) -> Inspection:
    return Inspection(text_from_wire(message.note), day_or_refused(message.inspected_on, "inspected_on"))


def _sheet_to_wire(sheet: ReviewSheet) -> town_project_pb2.TownReviewSheet:
    scores = [town_project_pb2.TownScore(criterion=score.criterion, points=score.points) for score in sheet.scores]
    return town_project_pb2.TownReviewSheet(sector=SECTORS.to_wire(sheet.sector), scores=scores)


def sheet_from_wire(message: town_project_pb2.TownReviewSheet | pb.TownSheetGiven) -> ReviewSheet:
    """A sheet; only one that is handed in names its reviewer."""
    scores = tuple(Score(score.criterion, score.points) for score in message.scores)
    reviewer_ref = message.reviewer_ref if isinstance(message, pb.TownSheetGiven) else ""
    return ReviewSheet(SECTORS.from_wire(message.sector, "sector"), scores, reviewer_ref)


def _agreement_to_wire(agreement: Agreement | None) -> town_project_pb2.TownAgreement | None:
    if agreement is None:
        return None
    return town_project_pb2.TownAgreement(
        grant=agreement.grant, begins_on=day_to_wire(agreement.begins_on), ends_on=day_to_wire(agreement.ends_on)
    )


def agreement_from_wire(message: town_project_pb2.TownAgreement | pb.AgreeTownProjectRequest) -> Agreement:
    """What is agreed. Raises Refused: DATE_INVALID."""
    return Agreement(message.grant, day_or_refused(message.begins_on, "begins_on"), day_or_refused(message.ends_on, "ends_on"))


def _settlement_to_wire(settlement: Settlement | None) -> town_project_pb2.TownSettlement | None:
    if settlement is None:
        return None
    return town_project_pb2.TownSettlement(
        grant_spent=settlement.grant_spent, own_spent=settlement.own_spent, returned=settlement.returned,
        settled_at=time_to_wire(settlement.settled_at),
    )  # fmt: skip


def _settlement_from_wire(message: town_project_pb2.TownSettlement) -> Settlement:
    return Settlement(message.grant_spent, message.own_spent, message.returned, time_from_wire(message.settled_at, "settled_at"))


def proposed_from_wire(request: pb.ProposeTownProjectRequest, identity: UUID, now: datetime) -> TownProject:
    """A new town project; its year is that of its proposal in Seoul unless the request names one."""
    proposed_at = time_or_none(request.proposed_at, "proposed_at") or now
    return TownProject(
        id=identity, status=TownProjectStatus.IDEA, town_project_type=TYPES.from_wire(request.town_project_type, "town_project_type"),
        title=one_line(request.title), description=text_from_wire(request.description),
        year=request.year or proposed_at.astimezone(SEOUL).year, proposed_at=proposed_at,
        district_code=district_from_wire(request.district_code, "district_code"), proposer_ref=request.proposer_ref,
        continues_id=id_or_none(request.continues_id, "continues_id"),
    )  # fmt: skip


def application_from_wire(request: pb.ApplyTownProjectRequest) -> Application:
    """Who applies, and for how much."""
    return Application(tuple(map(one_line, request.resident_refs)), request.budget, request.grant, request.own_share)


def listing_from_wire(request: pb.ListTownProjectsRequest) -> TownProjectListing:
    """Which town projects are asked for."""
    return TownProjectListing(
        page_from_wire(request), STATUSES.optional(request.status, "status"),
        TYPES.optional(request.town_project_type, "town_project_type"), request.year or None, request.department or None,
        district_from_wire(request.district_code, "district_code"), request.overdue or None,
    )  # fmt: skip


def total_to_wire(total: TownProjectTotal, year: int) -> pb.TownProjectBoardRow:
    """A row of the board, with the question that opens its records."""
    status, kind = STATUSES.to_wire(total.status), TYPES.to_wire(total.town_project_type)
    return pb.TownProjectBoardRow(
        town_project_type=kind, status=status, projects=total.projects, residents=total.residents, grant=total.grant,
        own_share=total.own_share, records=pb.ListTownProjectsRequest(town_project_type=kind, status=status, year=year),
    )  # fmt: skip
