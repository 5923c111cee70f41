"""What the next meeting could take up, put together out of four places."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.council.clients import AgendaClient
from services.council.domain.council import Council
from services.council.domain.item import AgendaItem
from services.council.queries import CouncilQueries
from services.kit.actor import Call
from services.kit.ids import agenda_id_of

CANDIDATES = 10


class ProposedFor(StrEnum):
    """Why an item is proposed."""

    STANDING = "standing"
    DEFERRED = "deferred"
    ACTION = "action"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class ProposedItem:
    """Something that the next agenda could hold."""

    council: Council
    proposed_for: ProposedFor
    name: str
    carried_from: UUID | None = None
    action_id: UUID | None = None
    matters: tuple[UUID, ...] = ()


class AgendaBuilder:
    """Proposes agendas; `standing_items` stand on those of every council that has no list of its own."""

    def __init__(self, queries: CouncilQueries, agenda: AgendaClient, standing_items: tuple[str, ...]) -> None:
        self._queries, self._agenda, self._standing_items = queries, agenda, standing_items

    async def propose(self, call: Call, council_id: UUID | None, candidates: int) -> list[ProposedItem]:
        """Of one council, or of every one that the caller serves. Raises Refused: NOT_FOUND, or what the agenda refuses."""
        if council_id:
            councils = [(await self._queries.council(council_id))[0]]
            call.check_reach("council", council_id, councils[0].owner)
        else:
            councils = await self._queries.meeting_councils(call.actor)
        found = await self._agenda.candidates(candidates or CANDIDATES)
        offered = [(UUID(item.agenda_id), item.title) for item in found]
        return [item for council in councils for item in await self._of(council, offered)]

    async def _of(self, council: Council, offered: list[tuple[UUID, str]]) -> list[ProposedItem]:
        deferred = await self._queries.deferred(council.id)
        actions = await self._queries.open_actions(council.id)
        known = {matter for item in [*deferred, *await self._queries.placed(council.id)] for matter in _on_the_agenda(item)}
        return [
            *(ProposedItem(council, ProposedFor.STANDING, name) for name in council.standing_items or self._standing_items),
            *(ProposedItem(council, ProposedFor.DEFERRED, item.name, item.id, matters=item.matters) for item in deferred),
            *(ProposedItem(council, ProposedFor.ACTION, action.task.plain, action_id=action.id) for action in actions),
            *(ProposedItem(council, ProposedFor.CANDIDATE, title, matters=(matter,)) for matter, title in offered if matter not in known),
        ]


def _on_the_agenda(item: AgendaItem) -> tuple[UUID, ...]:
    """Where an item stands on the consolidated agenda: what it takes up, and what it became there itself."""
    return (*item.matters, agenda_id_of("council", item.id))
