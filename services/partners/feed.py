"""The feed of webhooks: facts that a partner may see, put on their way in the transaction that moves the offset."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from madang.events.agenda.v1 import agenda_pb2
from madang.events.council.v1 import council_pb2
from madang.events.proposals.v1 import proposals_pb2
from madang.events.voices.v1 import voices_pb2
from services.kit.clock import Clock
from services.kit.consumer import Consumer
from services.kit.contracts import EventTypes
from services.kit.database import Connection, Database
from services.kit.dead_letters import put_aside
from services.kit.envelope import Envelope, Record, Unreadable, read
from services.kit.settings import Settings
from services.partners.domain.received import Outcome
from services.partners.domain.visible import DECISIONS, LINKS, PUBLIC, VISIBLE, sent_as
from services.partners.domain.webhook import Webhook
from services.partners.store import agenda, delivery
from services.partners.store.received import reserved
from services.partners.store.webhook import listening
from services.partners.wire.webhook import body_of, shown_of_agenda

CONSUMER = "partners-facts"
TOPICS = tuple(f"madang.{service}.facts.v1" for service in ("voices", "council", "proposals", "agenda"))
KEPT = frozenset({*LINKS, *DECISIONS})
TYPES = EventTypes(voices_pb2, council_pb2, proposals_pb2, agenda_pb2)


class Feed:
    """The ear on the facts of others."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def consumer(self, settings: Settings) -> Consumer:
        """The consumer to run in the service's process."""
        return Consumer(
            self._database, name=CONSUMER, instance=settings.instance, bootstrap=settings.kafka_bootstrap_servers, topics=TOPICS,
            apply=self.apply,
        )  # fmt: skip

    async def apply(self, connection: Connection, records: Sequence[Record]) -> None:
        """Put what a batch says on its way to whoever may see it; what nobody may see or wants to is not even decoded."""
        hooks = await listening(connection)
        for record in records:
            if not _may_be_wanted(record, hooks):
                continue
            try:
                envelope, message = read(record, TYPES)
                await self._spread(connection, hooks, envelope, message)
            except Unreadable as why:
                await put_aside(connection, record, why)

    async def _spread(self, connection: Connection, hooks: Sequence[Webhook], envelope: Envelope, message: Any) -> None:
        if envelope.type in LINKS:
            await self._link(connection, hooks, envelope, message)
        elif envelope.type in DECISIONS:
            await self._decision(connection, hooks, envelope, message)
        elif wanting := [hook for hook in hooks if hook.wants(envelope.type, envelope.time)]:
            if envelope.type in PUBLIC:
                await self._put(connection, wanting, envelope, body_of(envelope, message))
            else:
                await self._own(connection, wanting, envelope, message)

    async def _own(self, connection: Connection, wanting: Sequence[Webhook], envelope: Envelope, message: Any) -> None:
        """To the partner that sent the thing, if its inbox says so; while it cannot say yet, the fact is held until it can."""
        partner, event_id = sent_as(message.after.origin)
        mine = [hook for hook in wanting if hook.partner == partner]
        found = await reserved(connection, partner, event_id, lock=True) if mine else None
        if found is None:
            return
        received, result = found[0], found[0].verdict.result
        if received.verdict.outcome is Outcome.WAITING:
            await self._put(connection, mine, envelope, body_of(envelope, message), held_for=received.id)
        elif result and (result.service, result.id) == (envelope.service, envelope.subject):
            await self._put(connection, mine, envelope, body_of(envelope, message))

    async def _link(self, connection: Connection, hooks: Sequence[Webhook], envelope: Envelope, message: Any) -> None:
        """To the partner that sent the source, with what was decided since and came in before."""
        agenda_id, source_id, removed = _id(message.after.agenda_id), _id(message.after.source_id), message.after.removed
        await agenda.take_turn(connection, agenda_id)
        await agenda.keep_link(
            connection, envelope.subject, envelope.version, agenda_id, source_id, envelope.type, envelope.time, removed=removed
        )
        senders = await agenda.senders_of_source(connection, source_id)
        if not (mine := [hook for hook in hooks if hook.partner in senders]):
            return
        body = body_of(envelope, shown_of_agenda(message))
        await self._put(connection, [hook for hook in mine if hook.wants(envelope.type, envelope.time)], envelope, body)
        for row in [] if removed else await agenda.decisions_since(connection, agenda_id, envelope.time):
            for hook in mine:
                if hook.wants(row["event_type"], row["at"]):
                    await delivery.put(connection, hook, row["event_id"], row["event_type"], agenda_id, row["body"], self._clock.now())

    async def _decision(self, connection: Connection, hooks: Sequence[Webhook], envelope: Envelope, message: Any) -> None:
        """To the partners whose sources are part of the item."""
        body = body_of(envelope, shown_of_agenda(message))
        await agenda.take_turn(connection, envelope.subject)
        await agenda.keep_decision(connection, envelope.id, envelope.subject, envelope.type, envelope.time, body)
        senders = await agenda.senders_of_item(connection, envelope.subject, envelope.time)
        mine = [hook for hook in hooks if hook.partner in senders and hook.wants(envelope.type, envelope.time)]
        await self._put(connection, mine, envelope, body)

    async def _put(
        self, connection: Connection, hooks: Sequence[Webhook], envelope: Envelope, body: bytes, *, held_for: UUID | None = None
    ) -> None:
        for hook in hooks:
            await delivery.put(connection, hook, envelope.id, envelope.type, envelope.subject, body, self._clock.now(), held_for=held_for)


def _may_be_wanted(record: Record, hooks: Sequence[Webhook]) -> bool:
    """Whether a record must be read: somebody may hear of its type now, or (of the agenda) later, or it does not say what it is."""
    kinds = [value or b"" for name, value in record.headers if name == "ce_type"]
    if not kinds:
        return True
    kind = kinds[-1].decode(errors="replace")
    return kind in KEPT or (kind in VISIBLE and any(not hook.event_types or kind in hook.event_types for hook in hooks))


def _id(text: str) -> UUID:
    """An id in a fact. Raises Unreadable: DECODE_FAILED."""
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable("DECODE_FAILED", "an id in the fact is no UUID") from None
