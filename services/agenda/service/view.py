"""What can be done with saved views."""

from services.agenda.domain.view import View
from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.write import Write, Written


class Views:
    """The use cases."""

    def __init__(self, write: Write[View]) -> None:
        self._write = write

    async def save(self, call: Call, view: View, etag: int) -> Written:
        """Save a view, in the place of one of its name. Raises Refused: VERSION_CONFLICT."""

        async def work(connection: Connection) -> Written:
            if etag or await self._write.find(connection, view.id):
                return await self._write.update(connection, call, view.id, etag, lambda _: view.saved())
            return await self._write.insert(connection, call, [view.saved()])

        return await self._write.log.once(call, work)
