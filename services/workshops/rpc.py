"""WorkshopService: map, call, map."""

from typing import Any

from madang.workshops.v1 import workshops_pb2 as pb
from madang.workshops.v1 import workshops_pb2_grpc
from services.kit.actor import call_of
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.kit.ids import id_from, new_id
from services.kit.wire import text_from_wire, written_to_wire
from services.workshops import wire
from services.workshops.queries import WorkshopQueries
from services.workshops.service import Innovations, Workshops


class WorkshopServicer(workshops_pb2_grpc.WorkshopServiceServicer):
    """The service's methods, documented in the proto."""

    def __init__(self, innovations: Innovations, workshops: Workshops, queries: WorkshopQueries, agenda: AgendaFacts, clock: Clock) -> None:
        self._innovations, self._workshops, self._queries, self._agenda, self._clock = innovations, workshops, queries, agenda, clock

    async def ProposeInnovation(self, request: pb.ProposeInnovationRequest, context: Any) -> pb.ProposeInnovationResponse:
        innovation = wire.proposed_from_wire(request, new_id(), self._clock.now())
        written = await self._innovations.propose(call_of(context), innovation)
        return pb.ProposeInnovationResponse(written=written_to_wire(written))

    async def AdvanceInnovation(self, request: pb.AdvanceInnovationRequest, context: Any) -> pb.AdvanceInnovationResponse:
        written = await self._innovations.advance(call_of(context), wire.innovation_target(request))
        return pb.AdvanceInnovationResponse(written=written_to_wire(written))

    async def ReturnInnovation(self, request: pb.ReturnInnovationRequest, context: Any) -> pb.ReturnInnovationResponse:
        written = await self._innovations.send_back(call_of(context), wire.innovation_target(request), request.reason)
        return pb.ReturnInnovationResponse(written=written_to_wire(written))

    async def AssignInnovationOwner(self, request: pb.AssignInnovationOwnerRequest, context: Any) -> pb.AssignInnovationOwnerResponse:
        override = wire.override_from_wire(request)
        written = await self._innovations.assign_owner(call_of(context), wire.innovation_target(request), override)
        return pb.AssignInnovationOwnerResponse(written=written_to_wire(written))

    async def WritePlan(self, request: pb.WritePlanRequest, context: Any) -> pb.WritePlanResponse:
        plan = text_from_wire(request.plan)
        written = await self._innovations.write_plan(call_of(context), wire.innovation_target(request), plan)
        return pb.WritePlanResponse(written=written_to_wire(written))

    async def RecordAdvice(self, request: pb.RecordAdviceRequest, context: Any) -> pb.RecordAdviceResponse:
        note = wire.recorded_from_wire(request, new_id(), self._clock.now())
        written = await self._workshops.record_advice(call_of(context), note)
        return pb.RecordAdviceResponse(written=written_to_wire(written))

    async def DefineIndicator(self, request: pb.DefineIndicatorRequest, context: Any) -> pb.DefineIndicatorResponse:
        indicator = wire.defined_from_wire(request, new_id(), self._clock.now())
        written = await self._workshops.define_indicator(call_of(context), indicator)
        return pb.DefineIndicatorResponse(written=written_to_wire(written))

    async def MeasureIndicator(self, request: pb.MeasureIndicatorRequest, context: Any) -> pb.MeasureIndicatorResponse:
        measurement = wire.measurement_from_wire(request, self._clock.now())
        written = await self._workshops.measure_indicator(call_of(context), wire.indicator_target(request), measurement)
        return pb.MeasureIndicatorResponse(written=written_to_wire(written))

    async def HoldWorkshop(self, request: pb.HoldWorkshopRequest, context: Any) -> pb.HoldWorkshopResponse:
        workshop = wire.held_from_wire(request, new_id(), self._clock.now())
        written = await self._workshops.hold(call_of(context), workshop)
        return pb.HoldWorkshopResponse(written=written_to_wire(written))

    async def GetInnovation(self, request: pb.GetInnovationRequest, context: Any) -> pb.GetInnovationResponse:
        innovation, written = await self._queries.innovation(id_from(request.innovation_id, "innovation_id"))
        return pb.GetInnovationResponse(innovation=wire.innovation_to_wire(innovation), written=written_to_wire(written))

    async def ListInnovations(self, request: pb.ListInnovationsRequest, context: Any) -> pb.ListInnovationsResponse:
        innovations, token = await self._queries.innovations(wire.innovations_from_wire(request))
        return pb.ListInnovationsResponse(innovations=map(wire.innovation_to_wire, innovations), next_page_token=token)

    async def GetInnovationHistory(self, request: pb.GetInnovationHistoryRequest, context: Any) -> pb.GetInnovationHistoryResponse:
        innovation_id = id_from(request.innovation_id, "innovation_id")
        await self._queries.innovation(innovation_id)
        return pb.GetInnovationHistoryResponse(steps=await self._agenda.history(innovation_id))

    async def GetAdviceNote(self, request: pb.GetAdviceNoteRequest, context: Any) -> pb.GetAdviceNoteResponse:
        note, written = await self._queries.advice_note(id_from(request.advice_id, "advice_id"))
        return pb.GetAdviceNoteResponse(advice_note=wire.advice_note_to_wire(note), written=written_to_wire(written))

    async def ListAdviceNotes(self, request: pb.ListAdviceNotesRequest, context: Any) -> pb.ListAdviceNotesResponse:
        notes, token = await self._queries.advice_notes(wire.parts_from_wire(request))
        return pb.ListAdviceNotesResponse(advice_notes=map(wire.advice_note_to_wire, notes), next_page_token=token)

    async def GetIndicator(self, request: pb.GetIndicatorRequest, context: Any) -> pb.GetIndicatorResponse:
        indicator, written = await self._queries.indicator(id_from(request.indicator_id, "indicator_id"))
        return pb.GetIndicatorResponse(indicator=wire.indicator_to_wire(indicator), written=written_to_wire(written))

    async def ListIndicators(self, request: pb.ListIndicatorsRequest, context: Any) -> pb.ListIndicatorsResponse:
        indicators, token = await self._queries.indicators(wire.parts_from_wire(request))
        return pb.ListIndicatorsResponse(indicators=map(wire.indicator_to_wire, indicators), next_page_token=token)

    async def GetWorkshop(self, request: pb.GetWorkshopRequest, context: Any) -> pb.GetWorkshopResponse:
        workshop, written = await self._queries.workshop(id_from(request.workshop_id, "workshop_id"))
        return pb.GetWorkshopResponse(workshop=wire.workshop_to_wire(workshop), written=written_to_wire(written))

    async def ListWorkshops(self, request: pb.ListWorkshopsRequest, context: Any) -> pb.ListWorkshopsResponse:
        workshops, token = await self._queries.workshops(wire.workshops_from_wire(request))
        return pb.ListWorkshopsResponse(workshops=map(wire.workshop_to_wire, workshops), next_page_token=token)
