"""Reports on the wire, and the periods they are about."""

from datetime import UTC, datetime

from madang.agenda.v1 import figure_pb2, report_pb2
from services.agenda.queries.report import ClocksBy, ClocksLine, CoverageLine, Figure, Part
from services.agenda.wire.link import SERVICES
from services.agenda.wire.listing import filters_to_wire
from services.kit.clock import SEOUL, quarter_span
from services.kit.errors import invalid
from services.kit.wire import EARLIEST, GROUPS, LATEST, EnumWire, time_to_wire

BY = EnumWire(report_pb2.ClocksBy, ClocksBy)
YEARS = {report_pb2.REPORT_KIND_YEAR: 1, report_pb2.REPORT_KIND_BIENNIAL: 2}


def period_from_wire(request: report_pb2.GetReportRequest) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it, in UTC. Raises Refused: PERIOD_INVALID."""
    years = YEARS.get(request.kind)
    if bool(years) == ("-Q" in request.period):
        words = "no year such as 2026" if years else "no quarter such as 2026-Q4"
        raise invalid("PERIOD_INVALID", f"{request.period!r} is {words}", "period")
    if years:
        year = int(request.period)
        begin, end = datetime(year, 1, 1, tzinfo=SEOUL), datetime(year + years, 1, 1, tzinfo=SEOUL)
    else:
        begin, end = quarter_span(request.period)
    if begin < EARLIEST or end >= LATEST:
        raise invalid("PERIOD_INVALID", f"{request.period} does not lie within 1900 to 2199, in UTC", "period")
    return begin.astimezone(UTC), end.astimezone(UTC)


def figure_to_wire(figure: Figure, as_of: datetime) -> figure_pb2.Figure:
    """A figure with the request that opens its records."""
    records = filters_to_wire(figure.records, as_of)
    return figure_pb2.Figure(name=figure.name, value=figure.value, unit=figure.unit, records=records, as_of=time_to_wire(as_of))


def coverage_to_wire(line: CoverageLine, as_of: datetime) -> report_pb2.CoverageLine:
    """A line of the coverage."""
    return report_pb2.CoverageLine(
        group=GROUPS.to_wire(line.group), service=SERVICES.to_wire(line.service), raised=figure_to_wire(line.raised, as_of),
        answered=figure_to_wire(line.answered, as_of), median_days=figure_to_wire(line.median_days, as_of) if line.median_days else None,
    )  # fmt: skip


def clocks_to_wire(line: ClocksLine, as_of: datetime) -> report_pb2.ClocksLine:
    """A line of the clocks."""
    return report_pb2.ClocksLine(
        key=line.key, items=figure_to_wire(line.items, as_of), reached=[figure_to_wire(figure, as_of) for figure in line.reached],
        median_days=[figure_to_wire(figure, as_of) for figure in line.median_days], missed=figure_to_wire(line.missed, as_of),
    )  # fmt: skip


def part_to_wire(part: Part, as_of: datetime) -> report_pb2.ReportPart:
    """A part of a report."""
    return report_pb2.ReportPart(name=part.name, figures=[figure_to_wire(figure, as_of) for figure in part.figures])
