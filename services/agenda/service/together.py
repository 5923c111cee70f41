"""Items that turn out to be one, or several: merge, split, and the undoing of either. No voice is lost on the way (ADR 0012).

Both items are held in id order before a link of theirs is read, so that nobody links or unlinks meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from services.agenda.domain.item import AgendaItem
from services.agenda.domain.link import Link, link_id
from services.agenda.service.item import Source, Sources, lent
from services.agenda.store.link import brought, live, some
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import version_conflict, wrong_state
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written


@dataclass(frozen=True, slots=True)
class Splitting:
    """A new item made of some sources of another one; without a title it takes that of its first source that lends one."""

    agenda_id: UUID
    title: str
    summary: Text
    sources: Sequence[Source]
    reason: str


class Together:
    """The use cases."""

    def __init__(self, items: Write[AgendaItem], links: Write[Link], sources: Sources, clock: Clock) -> None:
        self._items, self._links, self._sources, self._clock = items, links, sources, clock

    async def merge(self, call: Call, target: Target, into: UUID, reason: str) -> Written:
        """Move an item's links to another item, which stands for both from now on.

        Raises:
            Refused: MERGE_INTO_ITSELF; ITEM_MERGED where either was merged already, naming the item to use.
        """

        async def work(connection: Connection) -> Written:
            held = await self._hold(connection, call, target.id, into)
            return await self._merge(connection, call, target, held[into], reason)

        return await self._items.log.once(call, work)

    async def split(self, call: Call, target: Target, splitting: Splitting) -> Written:
        """Make an item of its own of some of another's sources. Answers the new item.

        Raises:
            Refused: NOT_LINKED where a source is not the item's; SPLIT_TAKES_ALL where none would stay; TITLE_REQUIRED; ITEM_MERGED.
        """
        title = splitting.title or await lent(self._sources, splitting.sources)

        async def work(connection: Connection) -> Written:
            await self._hold(connection, call, target.id)
            standing = await live(connection, target.id)
            wanted = {link_id(target.id, source.service, source.source_id) for source in splitting.sources}
            if missing := wanted - standing.keys():
                raise wrong_state("NOT_LINKED", f"{len(missing)} of these sources are not linked to the item", "sources")
            if wanted == standing.keys():
                raise wrong_state("SPLIT_TAKES_ALL", "at least one source stays with the item; to take all is no split", "sources")
            now = self._clock.now()
            new = AgendaItem(splitting.agenda_id, title, splitting.summary, now, split_from=target.id)
            written = await self._items.insert(connection, call, [new.opened()])
            await self._items.update(connection, call, target.id, target.etag, lambda item: item.split(new.id, splitting.reason, at=now))
            links = [standing[identity] for identity in sorted(wanted)]
            await self._take_back(connection, call, links, splitting.reason)
            await self._make(connection, call, (replace(link, agenda_id=new.id) for link in links))
            return written

        return await self._items.log.once(call, work)

    async def undo(self, call: Call, target: Target, reason: str) -> Written:
        """Undo the last of an item's merge and split: a merged one gets back what the other still has of it, a split one goes back.

        Raises:
            Refused: NOTHING_TO_UNDO; ITEM_MERGED where the other one was merged itself meanwhile: undo that first.
        """

        async def work(connection: Connection) -> Written:
            before = await self._items.read(connection, call, target.id)
            other = before.merged_into or before.split_from
            if other is None:
                raise wrong_state("NOTHING_TO_UNDO", "this item was neither merged nor split from another one")
            held = await self._hold(connection, call, target.id, other)
            standing = held[target.id]
            if standing.merged_into != before.merged_into:
                raise version_conflict((await self._numbers(connection, target.id)).revision)
            if standing.merged_into:
                return await self._unmerge(connection, call, target, standing, held[other], reason)
            return await self._merge(connection, call, target, held[other], reason)

        return await self._items.log.once(call, work)

    async def _merge(self, connection: Connection, call: Call, target: Target, keeper: AgendaItem, reason: str) -> Written:
        keeper.check_stands()
        links, kept = await live(connection, target.id), await live(connection, keeper.id)
        shared = [link.id for link in links.values() if link_id(keeper.id, link.service, link.source_id) in kept]
        moved = [identity for identity in links if identity not in shared]
        now = self._clock.now()
        written = await self._items.update(
            connection, call, target.id, target.etag, lambda item: item.merge(keeper.id, moved, shared, reason, at=now)
        )
        await self._take_back(connection, call, links.values(), reason)
        await self._make(connection, call, (replace(links[identity], agenda_id=keeper.id) for identity in moved))
        return written

    async def _unmerge(
        self, connection: Connection, call: Call, target: Target, merged: AgendaItem, keeper: AgendaItem, reason: str
    ) -> Written:
        keeper.check_stands()
        kept = await live(connection, keeper.id)
        links = await some(connection, (*merged.moved_links, *merged.shared_links))
        others = {link_id(keeper.id, link.service, link.source_id) for link in await brought(connection, keeper.id, target.id)}
        back = {identity: twin for identity, link in links.items() if (twin := link_id(keeper.id, link.service, link.source_id)) in kept}
        written = await self._items.update(
            connection, call, target.id, target.etag, lambda item: item.stand_again(reason, at=self._clock.now())
        )
        taken = [kept[twin] for identity, twin in back.items() if identity in merged.moved_links and twin not in others]
        await self._take_back(connection, call, taken, reason)
        await self._make(connection, call, (links[identity] for identity in back))
        return written

    async def _hold(self, connection: Connection, call: Call, *agenda_ids: UUID) -> dict[UUID, AgendaItem]:
        return {agenda_id: await self._items.hold(connection, call, agenda_id) for agenda_id in sorted(set(agenda_ids))}

    async def _take_back(self, connection: Connection, call: Call, links: Iterable[Link], reason: str) -> None:
        now = self._clock.now()
        for identity in sorted(link.id for link in links):
            await self._links.update(connection, call, identity, 0, lambda link: link.taken_back(call.actor.role, reason, at=now))

    async def _make(self, connection: Connection, call: Call, links: Iterable[Link]) -> None:
        """Make links, or make them again where they were once; how each relates, and how surely, goes along."""
        made = [replace(link, removed=False, linked_by=call.actor.role, linked_at=self._clock.now()) for link in links]
        for link in sorted(made, key=lambda link: link.id):
            if await self._links.find(connection, link.id):
                await self._links.update(connection, call, link.id, 0, partial(_again, link))
            else:
                await self._links.insert(connection, call, [link.made()])

    async def _numbers(self, connection: Connection, agenda_id: UUID) -> Written:
        written = await self._items.find(connection, agenda_id)
        assert written is not None, "it is held"
        return written


def _again(link: Link, standing: Link) -> Change[Link]:
    return standing.again(link)
