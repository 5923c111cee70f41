"""The inboxes: every record is checked and kept, and the transaction that moves the offset keeps its receipt too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog

from services.kit.clock import Clock, end_of
from services.kit.database import Connection, Database
from services.kit.dead_letters import put_aside
from services.kit.envelope import Record, Unreadable
from services.kit.foreign_consumer import ForeignConsumer
from services.kit.foreign_records import Broken, Oversized
from services.kit.ids import new_id
from services.kit.metrics import RECEIPTS
from services.kit.retrying import passes
from services.kit.settings import Settings
from services.kit.tables import Aggregates
from services.kit.text import storable
from services.kit.write import Log
from services.partners.checks import check, check_open
from services.partners.cloudevents import MAX_BYTES, glimpse
from services.partners.domain.partner import Partner, PartnerKind, Quota, day_of, partner_id_of, partner_of
from services.partners.domain.received import Event, Outcome, Position, Received, Verdict, cause_id_of
from services.partners.store import received as store
from services.partners.store.partner import count_in
from services.partners.wire.received import notice_of

log = structlog.get_logger()
KEPT = {"TYPE_UNSUPPORTED", "CHECK_FAILED"}
CONSUMER = "partners-inboxes"
PATTERN = r"madang\.partners\.[^.]+\.inbox\.v1"


class Intake:
    """What the consumer of the inboxes does with a batch."""

    def __init__(self, database: Database, outbox: Log, partners: Aggregates[Partner], clock: Clock, quota: Quota) -> None:
        self._database, self._outbox, self._partners, self._clock, self._quota = database, outbox, partners, clock, quota

    def consumer(self, settings: Settings) -> ForeignConsumer:
        """The consumer to run in the service's process."""
        return ForeignConsumer(self._database, name=CONSUMER, bootstrap=settings.kafka_bootstrap_servers, pattern=PATTERN, apply=self.apply)

    async def apply(self, connection: Connection, records: Sequence[Any]) -> None:
        """Keep every record of a batch. Whatever a record does to us, it is the only one that suffers."""
        for record in records:
            try:
                async with connection.transaction():
                    await self._take_or_put_aside(connection, record)
            except Exception as error:
                if passes(error):
                    raise
                log.exception("a record could not be checked", topic=record.topic, partition=record.partition, offset=record.offset)
                why = Unreadable("CHECK_FAILED", "the record could not be checked; it was noted")
                await self._refuse(connection, record, partner_of(record.topic), why)

    async def validate(self, record: Record) -> tuple[str, Verdict]:
        """The id of an event and what the inbox would say to it now, without any effect."""
        code = partner_of(record.topic)
        async with self._database.transaction(readonly=True) as connection:
            partner = await self._partners.load(connection, partner_id_of(code)) or self._stranger(code)
            try:
                check_open(partner, self._clock.now())
                event = check(record, partner, self._clock.now())
            except Unreadable as why:
                return glimpse(record).get("id", ""), _refused(why)
            return event.id, await self._standing(connection, event, lock=False) or Verdict(Outcome.ACCEPTED)

    def _stranger(self, code: str) -> Partner:
        """A partner that is not registered, whose events may be looked at all the same."""
        return Partner(partner_id_of(code), code, code, PartnerKind.ORGANISATION, self._clock.now())

    async def _take_or_put_aside(self, connection: Connection, record: Record) -> None:
        if await self._partners.load(connection, partner_id_of(partner_of(record.topic))) is None:
            # Receipts would have no topic to go to. Once the partner is registered, the letter can be sent again.
            await put_aside(connection, record, Unreadable("PARTNER_UNKNOWN", "the inbox belongs to no registered partner"))
            return
        await self.take(connection, record)

    async def take(self, connection: Connection, record: Record, mends: UUID | None = None) -> UUID:
        """Inside a transaction: check and keep a record of a registered partner; answers the id of what is kept."""
        code, now = partner_of(record.topic), self._clock.now()
        partner = await self._partners.load(connection, partner_id_of(code))
        assert partner is not None, "its records are taken only where it is registered"
        try:
            check_open(partner, now)
            await self._count(connection, partner, record)
            event = check(record, partner, now)
        except Unreadable as why:
            return await self._refuse(connection, record, code, why, mends)
        return await self._keep(connection, event, record, mends)

    async def _count(self, connection: Connection, partner: Partner, record: Record) -> None:
        """Count a record, whatever becomes of it, in the transaction that keeps it. Raises Unreadable: QUOTA_EXCEEDED."""
        quota, day = self._quota.of(partner), day_of(self._clock.now())
        if not await count_in(connection, partner.code, day, len(record.value or b""), quota):
            allowed = f"{quota.events:,} events and {quota.bytes:,} bytes a day"
            raise Unreadable("QUOTA_EXCEEDED", f"{partner.code} may send {allowed}; it may send again from {end_of(day).isoformat()} on")

    async def _refuse(self, connection: Connection, record: Record, partner: str, why: Unreadable, mends: UUID | None = None) -> UUID:
        """Answer what did not pass, and keep it as it was sent: it may be mended, or pass when the platform has learned something."""
        if why.code in KEPT and mends is None:
            await put_aside(connection, record, why)
        seen = glimpse(record)
        received_id, event_id = new_id(), seen.get("id", "")
        cause_id = cause_id_of(partner, event_id) if event_id else received_id
        await self._settle(
            connection,
            Received(
                received_id, partner, event_id, seen.get("type", ""), seen.get("subject", ""), _refused(why),
                Position(record.partition, record.offset), 0, cause_id, cause_id, None, self._clock.now(), None, mends,
            ),
        )  # fmt: skip
        if not isinstance(record.value, Oversized | Broken) and len(record.value or b"") <= MAX_BYTES:
            await store.keep_record(connection, received_id, record)
        return received_id

    async def _keep(self, connection: Connection, event: Event, record: Record, mends: UUID | None) -> UUID:
        """Reserve the event's id, or settle it by what has reserved it; whoever did may be refused in between, so look again."""
        received_id, position = new_id(), Position(record.partition, record.offset)
        while not await store.keep_waiting(connection, received_id, event, position, mends):
            if verdict := await self._standing(connection, event, lock=True):
                await self._settle(
                    connection,
                    Received(
                        received_id, event.partner, event.id, event.type, event.subject, verdict, position, 0, event.correlation_id,
                        event.cause_id, event.time, self._clock.now(), None, mends,
                    ),
                )  # fmt: skip
                return received_id
        await store.keep_record(connection, received_id, record)
        return received_id

    async def _standing(self, connection: Connection, event: Event, *, lock: bool) -> Verdict | None:
        """What is said to an event whose id is reserved; none where it is free."""
        found = await store.reserved(connection, event.partner, event.id, lock=lock)
        if found is None:
            return None
        standing, body_hash = found
        if body_hash == event.body_hash:
            return replace(standing.verdict, outcome=Outcome.DUPLICATE)
        return Verdict(Outcome.REFUSED, "ID_REUSED", "id", "this id belongs to another event, which was received before")

    async def _settle(self, connection: Connection, received: Received) -> None:
        await store.keep_settled(connection, received)
        await self._outbox.notify(connection, notice_of(received, new_id(), self._clock.now()))
        RECEIPTS.labels(received.partner, received.verdict.outcome, received.verdict.code).inc()


def _refused(why: Unreadable) -> Verdict:
    return Verdict(Outcome.REFUSED, why.code, storable(why.field, 200), storable(why.reason))
