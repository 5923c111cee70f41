"""Methods on voices."""

from typing import Any

from madang.voices.v1 import voices_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import target_from_wire, written_to_wire
from services.voices.rpc.parts import Methods
from services.voices.wire import voice as wire


class VoiceMethods(Methods):
    """Voices."""

    async def CaptureVoice(self, request: pb.CaptureVoiceRequest, context: Any) -> pb.CaptureVoiceResponse:
        written = await self._parts.voices.capture(call_of(context), wire.heard_from_wire(request))
        return pb.CaptureVoiceResponse(written=written_to_wire(written))

    async def ReviewVoice(self, request: pb.ReviewVoiceRequest, context: Any) -> pb.ReviewVoiceResponse:
        sensitivity = wire.SENSITIVITIES.from_wire(request.sensitivity, "sensitivity")
        consent = wire.CONSENTS.optional(request.consent, "consent")
        target = target_from_wire(request, "voice_id")
        written = await self._parts.voices.review(call_of(context), target, tuple(request.themes), sensitivity, consent)
        return pb.ReviewVoiceResponse(written=written_to_wire(written))

    async def RelayVoice(self, request: pb.RelayVoiceRequest, context: Any) -> pb.RelayVoiceResponse:
        written = await self._parts.voices.relay(call_of(context), target_from_wire(request, "voice_id"))
        return pb.RelayVoiceResponse(written=written_to_wire(written))

    async def WithholdVoice(self, request: pb.WithholdVoiceRequest, context: Any) -> pb.WithholdVoiceResponse:
        written = await self._parts.voices.withhold(call_of(context), target_from_wire(request, "voice_id"))
        return pb.WithholdVoiceResponse(written=written_to_wire(written))

    async def WithdrawVoice(self, request: pb.WithdrawVoiceRequest, context: Any) -> pb.WithdrawVoiceResponse:
        written = await self._parts.voices.withdraw(call_of(context), target_from_wire(request, "voice_id"))
        return pb.WithdrawVoiceResponse(written=written_to_wire(written))

    async def MarkDuplicate(self, request: pb.MarkDuplicateRequest, context: Any) -> pb.MarkDuplicateResponse:
        written = await self._parts.voices.mark_duplicate(
            call_of(context), target_from_wire(request, "voice_id"), id_from(request.duplicate_of, "duplicate_of")
        )
        return pb.MarkDuplicateResponse(written=written_to_wire(written))

    async def GetVoice(self, request: pb.GetVoiceRequest, context: Any) -> pb.GetVoiceResponse:
        voice, written = await self._parts.queries.voice(id_from(request.voice_id, "voice_id"), call_of(context).actor)
        return pb.GetVoiceResponse(voice=wire.voice_to_wire(voice), written=written_to_wire(written))

    async def ListVoices(self, request: pb.ListVoicesRequest, context: Any) -> pb.ListVoicesResponse:
        voices, token = await self._parts.queries.voices(wire.voices_from_wire(request), call_of(context).actor)
        return pb.ListVoicesResponse(voices=map(wire.voice_to_wire, voices), next_page_token=token)

    async def GetVoiceHistory(self, request: pb.GetVoiceHistoryRequest, context: Any) -> pb.GetVoiceHistoryResponse:
        voice_id = id_from(request.voice_id, "voice_id")
        await self._parts.queries.voice(voice_id, call_of(context).actor)
        return pb.GetVoiceHistoryResponse(steps=await self._parts.facts.history(voice_id))
