"""Measures and service codes on the wire; each number names the filters of ListProposals that open the records behind it."""

from madang.proposals.v1 import proposals_pb2 as pb
from services.proposals.domain.service_codes import ServiceCode
from services.proposals.queries.proposal import Handling


def handling_to_wire(found: Handling) -> pb.Handling:
    """The measures of one period."""
    behind = {
        "received": (found.received, {}),
        "answered": (found.answered, {"answered": "true"}),
        "average_days": (found.answered, {"answered": "true"}),
        "at_once_share": (found.at_once, {"at_once": "true"}),
        "late_share": (found.was_late, {"was_late": "true"}),
        "bounces_per_case": (found.bounced, {"bounced": "true"}),
        "average_satisfaction": (found.rated, {"rated": "true"}),
    }
    return pb.Handling(
        period=found.period, received=found.received, answered=found.answered, average_days=_share(found.days, found.answered),
        at_once_share=_share(found.at_once, found.answered), late_share=_share(found.was_late, found.received),
        bounces_per_case=_share(found.bounces, found.received), average_satisfaction=_share(found.satisfaction, found.rated),
        records=[
            pb.HandlingRecords(number=number, count=count, filter={"received_in": found.period, **marks})
            for number, (count, marks) in behind.items()
        ],
    )  # fmt: skip


def service_to_wire(service: ServiceCode) -> pb.ServiceCode:
    """A service as the wire has it."""
    return pb.ServiceCode(code=service.code, name_ko=service.name_ko, name_en=service.name_en, department=service.department)


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
