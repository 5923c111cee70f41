"""What can be done with a refused event: mend it and send it again."""

from dataclasses import replace
from uuid import UUID

from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.errors import invalid, not_found, wrong_state
from services.kit.write import Log, Written
from services.partners.cloudevents import glimpse
from services.partners.domain.received import Outcome
from services.partners.intake import Intake
from services.partners.store import received as store


class Resends:
    """The use case."""

    def __init__(self, log: Log, intake: Intake) -> None:
        self._log, self._intake = log, intake

    async def resend(self, call: Call, received_id: UUID, body: bytes) -> Written:
        """Send a refused event again, with a body that is mended or the one it had; answers the new event's id.

        Raises:
            Refused: NOT_FOUND, NOT_REFUSED, ALREADY_RESENT, BODY_GONE, or EVENT_ID_DIFFERS where the mended one is another event.
        """

        async def work(connection: Connection) -> Written:
            found = await store.refused_record(connection, received_id)
            if found is None:
                raise not_found("received event", received_id)
            received, record = found
            if received.verdict.outcome is not Outcome.REFUSED:
                raise wrong_state("NOT_REFUSED", f"this event is {received.verdict.outcome}; only a refused one is sent again")
            if await store.is_resent(connection, received_id):
                raise wrong_state("ALREADY_RESENT", "this event was sent again before; mend the one that names it")
            if body:
                record = replace(record, value=body, headers=[])
                if received.event_id and glimpse(record).get("id", received.event_id) != received.event_id:
                    raise invalid("EVENT_ID_DIFFERS", f"the event to be mended has the id {received.event_id}", "body")
            elif record.value is None:
                raise wrong_state("BODY_GONE", "this event is not kept whole; give its body", "body")
            return Written(await self._intake.take(connection, record, mends=received_id), 1, 0)

        return await self._log.once(call, work)
