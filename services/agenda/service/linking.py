"""Linking by itself: a new source goes to the opened item that says the same, where the settings allow it. Off unless they do.

A record is done when its link is written or nothing is alike enough. What was linked before the process died is linked under the same key
when the record comes again, which has no second effect.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog

from services.agenda.domain.link import SAID_IN, Relation, Service
from services.agenda.domain.suggestion import Suggestion
from services.agenda.projection.apply import CONSUMER as PROJECTOR
from services.agenda.projection.facts import topic_of
from services.agenda.service.item import Agenda, Source
from services.agenda.settings import AgendaSettings
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.consumer import Consumer
from services.kit.database import Connection, Database
from services.kit.envelope import Envelope, Record, Unreadable, from_headers
from services.kit.errors import Refused
from services.kit.ids import agenda_id_of

log = structlog.get_logger()
NAME, EVERY_S, PATIENCE_S = "agenda-linker", 0.1, 10.0
# Sources older than this stay the officers': switching on does not link years of history, and a day's standstill is caught up.
NEW = timedelta(days=1)


class Suggestions(Protocol):
    """What says which items are alike; asked while the record's transaction is open. Does not block for long."""

    async def like(self, agenda_id: UUID, limit: int, *, going_on: bool) -> list[Suggestion]:
        """Opened items that go on, the most alike first. Raises Refused: NOT_FOUND."""
        ...


class Linker:
    """Links each new source once, to the best opened item whose score lies above a limit."""

    def __init__(self, database: Database, suggestions: Suggestions, agenda: Agenda, clock: Clock, above: float) -> None:
        self._database, self._suggestions, self._agenda, self._clock, self._above = database, suggestions, agenda, clock, above

    def consumer(self, settings: AgendaSettings) -> Consumer:
        """The consumer to run in the server's process; of several servers each has its share of the partitions."""
        return Consumer(
            self._database, name=NAME, instance=settings.instance, bootstrap=settings.kafka_bootstrap_servers,
            topics=[topic_of(service) for service in SAID_IN], apply=self.apply,
        )  # fmt: skip

    async def apply(self, connection: Connection, records: Sequence[Record]) -> None:
        """Look at every first fact of a batch. What cannot be read is the projector's dead letter."""
        for record in records:
            try:
                envelope = from_headers(record.headers)
            except Unreadable:
                continue
            if envelope.version == 1 and self._clock.now() - envelope.time < NEW:
                await self._consider(connection, record, envelope)

    async def _consider(self, connection: Connection, record: Record, envelope: Envelope) -> None:
        service, agenda_id = Service(envelope.service), agenda_id_of(envelope.service, envelope.subject)
        if not await self._is_candidate(connection, record, agenda_id):
            return
        best = next(iter(await self._suggestions.like(agenda_id, 1, going_on=True)), None)
        if best is None or best.score <= self._above:
            return
        call = replace(Call.own("suggestions", cause=envelope), request_id=f"suggested:{agenda_id}")
        try:
            await self._agenda.link(call, best.item.agenda_id, Source(service, envelope.subject, Relation.SUPPORTS), best.score)
        except Refused as refused:
            log.info("a suggestion was not linked", source=str(agenda_id), item=str(best.item.agenda_id), code=refused.code)

    async def _is_candidate(self, connection: Connection, record: Record, agenda_id: UUID) -> bool:
        """Whether it is a source and part of no item, once the store and its search rows have this record.

        Raises:
            TimeoutError: they are behind; the record comes again.
        """
        async with asyncio.timeout(PATIENCE_S):
            place = (record.topic, record.partition, record.offset)
            while not await connection.fetchval(APPLIED, PROJECTOR, *place, agenda_id):  # noqa: ASYNC110 - the store has no event for it
                await asyncio.sleep(EVERY_S)
        return bool(await connection.fetchval("SELECT shown FROM store.agenda_item WHERE agenda_id = $1", agenda_id))


# The consumer's connection leads to what officers decided, so that the store's tables are named in full.
APPLIED = """
    SELECT EXISTS (SELECT FROM store.consumer_offset WHERE consumer = $1 AND topic = $2 AND partition = $3 AND next_offset > $4)
           AND NOT EXISTS (SELECT FROM store.search_todo WHERE agenda_id = $5)"""
