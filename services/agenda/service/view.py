"""What can be done with saved views."""

from services.agenda.domain.view import View, view_id
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Write, Written


class Views:
    """The use cases."""

    def __init__(self, write: Write[View], clock: Clock) -> None:
        self._write, self._clock = write, clock

    async def save(self, call: Call, view: View, etag: int) -> Written:
        """Save a view, in the place of one of its name. Raises Refused: VERSION_CONFLICT."""

        async def work(connection: Connection) -> Written:
            if etag or await self._write.find(connection, view.id):
                return await self._write.update(connection, call, view.id, etag, lambda _: view.saved())
            return await self._write.insert(connection, call, [view.saved()])

        return await self._write.log.once(call, work)

    async def remove(self, call: Call, name: str, etag: int) -> Written:
        """Remove a view. Raises Refused: NOT_FOUND, VERSION_CONFLICT."""
        return await self._write.change(call, view_id(name), etag, lambda view: view.removed(at=self._clock.now()))
