"""What officers can do with the agenda; each method is one use case and one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.agenda.domain.item import AgendaItem, Answer, Status, Tags
from services.agenda.domain.link import Link, Relation, Service, link_id
from services.agenda.service.plan import check_task
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import invalid
from services.kit.scheduler import Ring
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written


@dataclass(frozen=True, slots=True)
class Source:
    """A source and what it is to an item."""

    service: Service
    source_id: UUID
    relation: Relation = Relation.RAISED


@dataclass(frozen=True, slots=True)
class Opening:
    """A new item; without a title it takes that of its first source that lends one."""

    agenda_id: UUID
    title: str
    summary: Text
    themes: tuple[str, ...]
    due_on: date | None
    sources: Sequence[Source]


class Sources(Protocol):
    """What the store knows of sources; asked before a transaction begins."""

    async def title(self, service: Service, source_id: UUID) -> str:
        """A source's title; waits a little for one that was just made. Raises Refused: NOT_FOUND."""
        ...


async def lent(known: Sources, sources: Iterable[Source]) -> str:
    """The first title that an item may take of its sources, every one of which must be there.

    A voice has none but its speaker's words, and they must be able to be taken back. Raises Refused: NOT_FOUND.
    """
    titles = [(source, await known.title(source.service, source.source_id)) for source in sources]
    return next((title for source, title in titles if source.service is not Service.VOICES), "")


class Agenda:
    """The use cases."""

    def __init__(self, items: Write[AgendaItem], links: Write[Link], sources: Sources, clock: Clock) -> None:
        self._items, self._links, self._sources, self._clock = items, links, sources, clock

    async def open(self, call: Call, opening: Opening) -> Written:
        """Open an item, its sources linked in the same transaction."""
        title = await lent(self._sources, opening.sources)
        item = AgendaItem(
            opening.agenda_id, opening.title or title, opening.summary, self._clock.now(), themes=opening.themes, due_on=opening.due_on
        )
        links = sorted((self._link(call, item, source) for source in opening.sources), key=lambda link: link.id)
        if len({link.id for link in links}) < len(links):
            raise invalid("DUPLICATE_ITEM", "a source is named twice", "sources")

        async def work(connection: Connection) -> Written:
            written = await self._items.insert(connection, call, [item.opened()])
            for link in links:
                await self._links.insert(connection, call, [link.made()])
            return written

        return await self._items.log.once(call, work)

    async def link(self, call: Call, agenda_id: UUID, source: Source, confidence: float) -> Written:
        """Link a source to an opened item."""
        await self._sources.title(source.service, source.source_id)

        async def work(connection: Connection) -> Written:
            item = await self._items.lean_on(connection, call, agenda_id)
            item.check_stands()
            link = replace(self._link(call, item, source), confidence=confidence)
            if await self._links.find(connection, link.id):
                return await self._links.update(connection, call, link.id, 0, lambda standing: standing.again(link))
            return await self._links.insert(connection, call, [link.made()])

        return await self._links.log.once(call, work)

    async def unlink(self, call: Call, target: Target, source: Source, reason: str) -> Written:
        """Take a link back."""
        identity = link_id(target.id, source.service, source.source_id)

        async def work(connection: Connection) -> Written:
            await self._items.lean_on(connection, call, target.id)
            return await self._links.update(
                connection, call, identity, target.etag,
                lambda link: link.taken_back(call.actor.role, reason, at=self._clock.now()),
            )  # fmt: skip

        return await self._links.log.once(call, work)

    async def change_status(self, call: Call, target: Target, status: Status, reason: str) -> Written:
        """Move an item on."""
        return await self._change(call, target, lambda item: item.become(status, reason, at=self._clock.now()))

    async def assign(self, call: Call, target: Target, owner: str, reason: str) -> Written:
        """Name who answers for an item."""
        return await self._change(call, target, lambda item: item.assign(owner, reason, at=self._clock.now()))

    async def answer(self, call: Call, target: Target, texts: tuple[Text, ...], department: str) -> Written:
        """Answer everybody who is linked to an item."""
        return await self._change(call, target, lambda item: item.reply(Answer(texts, department, self._clock.now())))

    async def reply_meanwhile(self, call: Call, target: Target, texts: tuple[Text, ...], department: str) -> Written:
        """Say something to everybody who is linked to an item before there is an answer."""
        return await self._change(call, target, lambda item: item.reply_meanwhile(Answer(texts, department, self._clock.now())))

    async def tag(self, call: Call, target: Target, themes: Tags, plan_tasks: Tags) -> Written:
        """Give an item themes and tasks of plans, or take some from it. Raises Refused: PLAN_TASK_UNKNOWN, NOTHING_CHANGES."""

        async def work(connection: Connection) -> Written:
            for task in plan_tasks.add:
                await check_task(connection, task)
            at = self._clock.now()
            return await self._items.update(connection, call, target.id, target.etag, lambda item: item.tag(themes, plan_tasks, at=at))

        return await self._items.log.once(call, work)

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"due": self._due}

    async def _due(self, connection: Connection, call: Call, agenda_id: UUID, at: datetime) -> None:
        await self._items.react(connection, call, agenda_id, lambda item: item.miss(at=at))

    def _link(self, call: Call, item: AgendaItem, source: Source) -> Link:
        return Link(item.id, source.service, source.source_id, source.relation, call.actor.role, self._clock.now())

    async def _change(self, call: Call, target: Target, function: Callable[[AgendaItem], Change[AgendaItem]]) -> Written:
        return await self._items.change(call, target.id, target.etag, function)
