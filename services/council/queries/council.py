"""Questions about councils."""

from uuid import UUID

from services.council.domain.council import Council
from services.council.queries.reader import Reader
from services.council.store.council import COUNCILS
from services.kit.actor import Actor, Role, Scope
from services.kit.queries import Page
from services.kit.write import Written

NOBODYS = UUID(int=0)
MOST_COUNCILS = 50


def is_member(subject: str, found: Council) -> bool:
    """Whether somebody is one of a council's members."""
    return any(member.person_ref == subject for member in found.members)


class CouncilQuestions(Reader):
    """Councils."""

    async def council(self, council_id: UUID) -> tuple[Council, Written]:
        """One council with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(COUNCILS, council_id)

    async def councils(self, page: Page) -> tuple[list[Council], str]:
        """A page, newest first, and the token of the next."""
        return await self._rows.page(COUNCILS, page, [])

    async def meeting_councils(self, actor: Actor) -> list[Council]:
        """The councils that somebody prepares meetings of: a secretary's own, or all that are not former, newest first."""
        if actor.role is Role.SECRETARY:
            return [(await self.council(UUID(actor.scope.get(Scope.COUNCIL, str(NOBODYS)))))[0]]
        return (await self._rows.page(COUNCILS, Page(MOST_COUNCILS), [("former = $", False)]))[0]
