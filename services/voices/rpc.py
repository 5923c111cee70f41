"""VoiceService: map, call, map."""

from typing import Any

from madang.voices.v1 import voices_pb2 as pb
from madang.voices.v1 import voices_pb2_grpc
from services.kit.actor import call_of
from services.kit.agenda_facts import AgendaFacts
from services.kit.clock import Clock
from services.kit.ids import id_from, new_id
from services.kit.wire import written_to_wire
from services.voices import wire
from services.voices.queries import VoiceQueries
from services.voices.service import Voices


class VoiceServicer(voices_pb2_grpc.VoiceServiceServicer):
    """The service's methods, documented in the proto."""

    def __init__(self, voices: Voices, queries: VoiceQueries, agenda: AgendaFacts, clock: Clock) -> None:
        self._voices, self._queries, self._agenda, self._clock = voices, queries, agenda, clock

    async def AppointMandate(self, request: pb.AppointMandateRequest, context: Any) -> pb.AppointMandateResponse:
        mandate = wire.appointed_from_wire(request, new_id(), self._clock.now())
        written = await self._voices.appoint(call_of(context), mandate)
        return pb.AppointMandateResponse(written=written_to_wire(written))

    async def PlanActivity(self, request: pb.PlanActivityRequest, context: Any) -> pb.PlanActivityResponse:
        written = await self._voices.plan(call_of(context), wire.planned_from_wire(request, new_id()))
        return pb.PlanActivityResponse(written=written_to_wire(written))

    async def ReportActivity(self, request: pb.ReportActivityRequest, context: Any) -> pb.ReportActivityResponse:
        written = await self._voices.report(call_of(context), wire.activity_target(request), request.attendee_count)
        return pb.ReportActivityResponse(written=written_to_wire(written))

    async def CancelActivity(self, request: pb.CancelActivityRequest, context: Any) -> pb.CancelActivityResponse:
        written = await self._voices.cancel(call_of(context), wire.activity_target(request), request.reason)
        return pb.CancelActivityResponse(written=written_to_wire(written))

    async def CaptureVoice(self, request: pb.CaptureVoiceRequest, context: Any) -> pb.CaptureVoiceResponse:
        written = await self._voices.capture(call_of(context), wire.heard_from_wire(request))
        return pb.CaptureVoiceResponse(written=written_to_wire(written))

    async def ReviewVoice(self, request: pb.ReviewVoiceRequest, context: Any) -> pb.ReviewVoiceResponse:
        sensitivity = wire.SENSITIVITIES.from_wire(request.sensitivity, "sensitivity")
        consent = wire.CONSENTS.optional(request.consent, "consent")
        target = wire.voice_target(request)
        written = await self._voices.review(call_of(context), target, tuple(request.themes), sensitivity, consent)
        return pb.ReviewVoiceResponse(written=written_to_wire(written))

    async def RelayVoice(self, request: pb.RelayVoiceRequest, context: Any) -> pb.RelayVoiceResponse:
        written = await self._voices.relay(call_of(context), wire.voice_target(request))
        return pb.RelayVoiceResponse(written=written_to_wire(written))

    async def WithholdVoice(self, request: pb.WithholdVoiceRequest, context: Any) -> pb.WithholdVoiceResponse:
        written = await self._voices.withhold(call_of(context), wire.voice_target(request))
        return pb.WithholdVoiceResponse(written=written_to_wire(written))

    async def WithdrawVoice(self, request: pb.WithdrawVoiceRequest, context: Any) -> pb.WithdrawVoiceResponse:
        written = await self._voices.withdraw(call_of(context), wire.voice_target(request))
        return pb.WithdrawVoiceResponse(written=written_to_wire(written))

    async def GetMandate(self, request: pb.GetMandateRequest, context: Any) -> pb.GetMandateResponse:
        mandate, written = await self._queries.mandate(id_from(request.mandate_id, "mandate_id"))
        return pb.GetMandateResponse(mandate=wire.mandate_to_wire(mandate), written=written_to_wire(written))

    async def ListMandates(self, request: pb.ListMandatesRequest, context: Any) -> pb.ListMandatesResponse:
        mandates, token = await self._queries.mandates(wire.mandates_from_wire(request))
        return pb.ListMandatesResponse(mandates=map(wire.mandate_to_wire, mandates), next_page_token=token)

    async def GetActivity(self, request: pb.GetActivityRequest, context: Any) -> pb.GetActivityResponse:
        activity, written = await self._queries.activity(id_from(request.activity_id, "activity_id"))
        return pb.GetActivityResponse(activity=wire.activity_to_wire(activity), written=written_to_wire(written))

    async def ListActivities(self, request: pb.ListActivitiesRequest, context: Any) -> pb.ListActivitiesResponse:
        activities, token = await self._queries.activities(wire.activities_from_wire(request))
        return pb.ListActivitiesResponse(activities=map(wire.activity_to_wire, activities), next_page_token=token)

    async def GetVoice(self, request: pb.GetVoiceRequest, context: Any) -> pb.GetVoiceResponse:
        voice, written = await self._queries.voice(id_from(request.voice_id, "voice_id"), call_of(context).actor)
        return pb.GetVoiceResponse(voice=wire.voice_to_wire(voice), written=written_to_wire(written))

    async def ListVoices(self, request: pb.ListVoicesRequest, context: Any) -> pb.ListVoicesResponse:
        voices, token = await self._queries.voices(wire.voices_from_wire(request), call_of(context).actor)
        return pb.ListVoicesResponse(voices=map(wire.voice_to_wire, voices), next_page_token=token)

    async def GetVoiceHistory(self, request: pb.GetVoiceHistoryRequest, context: Any) -> pb.GetVoiceHistoryResponse:
        voice_id = id_from(request.voice_id, "voice_id")
        await self._queries.voice(voice_id, call_of(context).actor)
        return pb.GetVoiceHistoryResponse(steps=await self._agenda.history(voice_id))
