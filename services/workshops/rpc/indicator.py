"""Methods on indicators."""

from typing import Any

from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import target_from_wire, written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import indicator as wire
from services.workshops.wire.listing import parts_from_wire


class IndicatorMethods(Methods):
    """Indicators."""

    async def DefineIndicator(self, request: pb.DefineIndicatorRequest, context: Any) -> pb.DefineIndicatorResponse:
        indicator = wire.defined_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.indicators.define(call_of(context), indicator)
        return pb.DefineIndicatorResponse(written=written_to_wire(written))

    async def MeasureIndicator(self, request: pb.MeasureIndicatorRequest, context: Any) -> pb.MeasureIndicatorResponse:
        measurement = wire.measurement_from_wire(request, self._parts.clock.now())
        written = await self._parts.indicators.measure(call_of(context), target_from_wire(request, "indicator_id"), measurement)
        return pb.MeasureIndicatorResponse(written=written_to_wire(written))

    async def GetIndicator(self, request: pb.GetIndicatorRequest, context: Any) -> pb.GetIndicatorResponse:
        indicator, written = await self._parts.queries.indicator(id_from(request.indicator_id, "indicator_id"))
        return pb.GetIndicatorResponse(indicator=wire.indicator_to_wire(indicator), written=written_to_wire(written))

    async def ListIndicators(self, request: pb.ListIndicatorsRequest, context: Any) -> pb.ListIndicatorsResponse:
        indicators, token = await self._parts.queries.indicators(parts_from_wire(request))
        return pb.ListIndicatorsResponse(indicators=map(wire.indicator_to_wire, indicators), next_page_token=token)
