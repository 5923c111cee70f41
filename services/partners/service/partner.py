"""What can be done with partners."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.kit import topics
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.errors import Kind, Refused, invalid
from services.kit.scheduler import Ring
from services.kit.tables import Aggregates
from services.kit.write import Change, Write, Written
from services.partners.domain.partner import Partner, PartnerStatus, partner_id_of

CLEARED: Mapping[str, object] = {
    "designated_from": None, "designated_until": None, "programme": "", "contact_ref": "", "event_types": (), "sources": (),
    "daily_events": 0, "daily_bytes": 0,
}  # fmt: skip


class Partners:
    """The use cases."""

    def __init__(
        self, write: Write[Partner], store: Aggregates[Partner], clock: Clock, *, bootstrap: str, partitions: int, replication: int
    ) -> None:
        self._write, self._store, self._clock = write, store, clock
        self._bootstrap, self._partitions, self._replication = bootstrap, partitions, replication

    async def add(self, call: Call, partner: Partner) -> Written:
        """Register a partner, then make its topics, so that nothing can stand in an inbox that belongs to nobody.

        Raises:
            Refused: PARTNER_EXISTS where the code belongs to a partner of another name or kind; what `checked` refuses.
            KafkaError: the topics cannot be made now; the same call again makes them.
        """
        partner.checked()

        async def work(connection: Connection) -> Written:
            standing = await self._store.load(connection, partner.id)
            if standing is None:
                return await self._write.insert(connection, call, [Change(partner, None)])
            if (standing.name, standing.kind) != (partner.name, partner.kind):
                raise Refused(Kind.EXISTS, "PARTNER_EXISTS", f"the code {partner.code} belongs to {standing.name} ({standing.kind})")
            written = await self._write.find(connection, partner.id)
            assert written is not None, "a partner's row and its aggregate's are saved together"
            return written

        written = await self._write.log.once(call, work)
        await self._make_topics(partner.code)
        return written

    async def update(self, call: Call, code: str, etag: int, given: Mapping[str, object], clear: Iterable[str]) -> Written:
        """Change what is given, empty what is to be cleared. Raises Refused: CLEAR_UNKNOWN, and what `checked` refuses."""
        emptied = {name: CLEARED[name] for name in _clearable(clear)}
        now = self._clock.now()
        return await self._change(call, code, etag, lambda partner: partner.updated(replace(partner, **emptied, **given), now=now))  # type: ignore[arg-type]

    async def suspend(self, call: Call, code: str, etag: int, reason: str) -> Written:
        """Hear a partner no more."""
        return await self._change(call, code, etag, lambda partner: partner.suspend(reason))

    async def resume(self, call: Call, code: str, etag: int) -> Written:
        """Hear it again."""
        return await self._change(call, code, etag, Partner.resume)

    @property
    def rings(self) -> Mapping[str, Ring]:
        """What its clocks mean, by name."""
        return {"designation_ends": self._designation_ends}

    async def _designation_ends(self, connection: Connection, call: Call, partner_id: UUID, _at: datetime) -> None:
        await self._write.react(
            connection, call, partner_id, lambda partner: partner.end_designation() if partner.status is PartnerStatus.ACTIVE else None
        )

    async def _change(self, call: Call, code: str, etag: int, function: Callable[[Partner], Change[Partner]]) -> Written:
        return await self._write.change(call, partner_id_of(code), etag, function)

    async def _make_topics(self, code: str) -> None:
        wanted = topics.of_partner(code, topics.read_registry())
        await topics.ensure(self._bootstrap, wanted, self._partitions, self._replication)


def _clearable(names: Iterable[str]) -> list[str]:
    found = list(names)
    if unknown := [name for name in found if name not in CLEARED]:
        raise invalid("CLEAR_UNKNOWN", f"{unknown[0]} cannot be emptied; these can: {', '.join(CLEARED)}", "clear")
    return found
