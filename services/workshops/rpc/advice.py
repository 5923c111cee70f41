"""Methods on advice notes."""

from typing import Any

from madang.workshops.v1 import workshops_pb2 as pb
from services.kit.actor import call_of
from services.kit.ids import id_from, new_id
from services.kit.wire import written_to_wire
from services.workshops.rpc.parts import Methods
from services.workshops.wire import advice as wire
from services.workshops.wire.listing import parts_from_wire


class AdviceMethods(Methods):
    """Advice notes."""

    async def RecordAdvice(self, request: pb.RecordAdviceRequest, context: Any) -> pb.RecordAdviceResponse:
        note = wire.recorded_from_wire(request, new_id(), self._parts.clock.now())
        written = await self._parts.advice.record(call_of(context), note)
        return pb.RecordAdviceResponse(written=written_to_wire(written))

    async def GetAdviceNote(self, request: pb.GetAdviceNoteRequest, context: Any) -> pb.GetAdviceNoteResponse:
        note, written = await self._parts.queries.advice_note(id_from(request.advice_id, "advice_id"))
        return pb.GetAdviceNoteResponse(advice_note=wire.advice_note_to_wire(note), written=written_to_wire(written))

    async def ListAdviceNotes(self, request: pb.ListAdviceNotesRequest, context: Any) -> pb.ListAdviceNotesResponse:
        notes, token = await self._parts.queries.advice_notes(parts_from_wire(request))
        return pb.ListAdviceNotesResponse(advice_notes=map(wire.advice_note_to_wire, notes), next_page_token=token)
