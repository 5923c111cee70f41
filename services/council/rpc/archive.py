"""Methods that take history."""

from typing import Any

from madang.council.v1 import council_messages_pb2, import_messages_pb2
from services.council.rpc.parts import Methods
from services.council.wire.archive import history_from_wire
from services.council.wire.council import imported_from_wire
from services.kit.actor import call_of
from services.kit.wire import OUTCOMES, written_to_wire


class ArchiveMethods(Methods):
    """Imports."""

    async def ImportCouncil(
        self, request: council_messages_pb2.ImportCouncilRequest, context: Any
    ) -> council_messages_pb2.ImportCouncilResponse:
        council = imported_from_wire(request, self._parts.clock.now())
        written, outcome = await self._parts.councils.recall(call_of(context), council)
        return council_messages_pb2.ImportCouncilResponse(written=written_to_wire(written), outcome=OUTCOMES.to_wire(outcome))

    async def ImportMeeting(
        self, request: import_messages_pb2.ImportMeetingRequest, context: Any
    ) -> import_messages_pb2.ImportMeetingResponse:
        recalled = await self._parts.archive.recall(call_of(context), history_from_wire(request))
        return import_messages_pb2.ImportMeetingResponse(
            written=written_to_wire(recalled.written), outcome=OUTCOMES.to_wire(recalled.outcome), items=recalled.items
        )
