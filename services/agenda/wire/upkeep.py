"""Reports of a comparison and of a rebuild as the wire has them."""

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.upkeep import rebuild, verify
from services.kit.ids import id_text


def verified_to_wire(step: int | verify.Report) -> pb.VerifyResponse:
    """How far a comparison is, or its report."""
    if isinstance(step, int):
        return pb.VerifyResponse(compared=step)
    ledger = step.ledger
    report = pb.VerifyReport(
        ok=step.ok, services=map(_service_to_wire, step.services), damaged=map(_damage_to_wire, step.damaged),
        ledger=pb.LedgerReport(applied=ledger.applied, duplicates=ledger.duplicates, dead_letters=ledger.dead_letters, gaps=ledger.gaps),
    )  # fmt: skip
    return pb.VerifyResponse(compared=sum(service.aggregates for service in step.services), report=report)


def rebuilt_to_wire(step: rebuild.Progress | rebuild.Report) -> pb.RebuildStoreResponse:
    """How far a rebuild is, or its report."""
    if isinstance(step, rebuild.Progress):
        return pb.RebuildStoreResponse(events=step.events, expected=step.expected)
    report = pb.RebuildReport(
        events=step.events, seconds=step.seconds, live_sha256=step.live_sha256, rebuilt_sha256=step.rebuilt_sha256, equal=step.equal,
        swapped=step.swapped,
    )  # fmt: skip
    return pb.RebuildStoreResponse(events=step.events, expected=step.events, report=report)


def _service_to_wire(report: verify.ServiceReport) -> pb.ServiceReport:
    return pb.ServiceReport(
        service=report.service, aggregates=report.aggregates, missing=report.count("missing"), behind=report.count("behind"),
        mismatched=report.count("mismatched"),
    )  # fmt: skip


def _damage_to_wire(damage: verify.Damage) -> pb.DamagedRow:
    return pb.DamagedRow(service=damage.service, aggregate_id=id_text(damage.aggregate_id), table=damage.table, reason=damage.reason)
