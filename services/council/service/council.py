"""Use cases of councils."""

from services.council.domain.council import Council
from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.vocabulary import ImportOutcome
from services.kit.write import Write, Written


class Councils:
    """What can be done with councils."""

    def __init__(self, councils: Write[Council]) -> None:
        self._councils = councils

    async def form(self, call: Call, council: Council) -> Written:
        """Form a council."""
        return await self._councils.create(call, council.formed())

    async def recall(self, call: Call, council: Council) -> tuple[Written, ImportOutcome]:
        """Take a body of history; one that was taken before stays as it is."""
        outcome = ImportOutcome.ACCEPTED

        async def work(connection: Connection) -> Written:
            nonlocal outcome
            if standing := await self._councils.find(connection, council.id):
                outcome = ImportOutcome.DUPLICATE
                return standing
            return await self._councils.insert(connection, call, [council.formed()])

        return await self._councils.log.once(call, work), outcome
