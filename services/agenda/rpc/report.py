"""ReportService: map, call, map. Its methods are documented in the proto."""

from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import report_pb2 as pb
from madang.agenda.v1 import report_pb2_grpc
from services.agenda.projection.freshness import Freshness, FreshnessQueries
from services.agenda.queries.report import Reports
from services.agenda.wire import report as wire
from services.agenda.wire.freshness import as_of_from_wire, freshness_to_wire
from services.kit.clock import Clock, quarter_of
from services.kit.wire import GROUPS, time_to_wire


class ReportServicer(report_pb2_grpc.ReportServiceServicer):
    """The whole service."""

    def __init__(self, reports: Reports, freshness: FreshnessQueries, clock: Clock) -> None:
        self._reports, self._freshness, self._clock = reports, freshness, clock

    async def GetCoverage(self, request: pb.GetCoverageRequest, context: Any) -> pb.GetCoverageResponse:
        freshness, as_of = await self._cut_off(request.as_of)
        quarter = request.quarter or quarter_of(as_of)
        lines = await self._reports.coverage(quarter, as_of)
        silent = [line.group for line in lines if line.group and line.service is None and not line.raised.value]
        return pb.GetCoverageResponse(
            lines=[wire.coverage_to_wire(line, as_of) for line in lines], silent_groups=map(GROUPS.to_wire, silent), quarter=quarter,
            freshness=freshness_to_wire(freshness),
        )  # fmt: skip

    async def GetClocks(self, request: pb.GetClocksRequest, context: Any) -> pb.GetClocksResponse:
        freshness, as_of = await self._cut_off(request.as_of)
        lines = await self._reports.clocks(wire.BY.optional(request.by, "by"), request.quarter, as_of)
        return pb.GetClocksResponse(lines=[wire.clocks_to_wire(line, as_of) for line in lines], freshness=freshness_to_wire(freshness))

    async def GetReport(self, request: pb.GetReportRequest, context: Any) -> pb.GetReportResponse:
        since, until = wire.period_from_wire(request)
        freshness, as_of = await self._cut_off(request.as_of)
        parts = await self._reports.report(since, until, as_of)
        return pb.GetReportResponse(
            parts=[wire.part_to_wire(part, as_of) for part in parts], since=time_to_wire(since), until=time_to_wire(until),
            as_of=time_to_wire(as_of), freshness=freshness_to_wire(freshness),
        )  # fmt: skip

    async def _cut_off(self, asked: Timestamp) -> tuple[Freshness, datetime]:
        """Up to when the store is complete, and the moment that figures are about."""
        freshness = await self._freshness.of_figures()
        return freshness, as_of_from_wire(asked, self._clock.now()) or freshness.as_of
