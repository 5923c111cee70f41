"""What can be done with partners; each method is one use case and one transaction."""

from services.kit import topics
from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.errors import Kind, Refused
from services.kit.tables import Aggregates
from services.kit.write import Change, Write, Written
from services.partners.domain import Partner


class Partners:
    """The use cases."""

    def __init__(self, write: Write[Partner], store: Aggregates[Partner], *, bootstrap: str, partitions: int, replication: int) -> None:
        self._write, self._store = write, store
        self._bootstrap, self._partitions, self._replication = bootstrap, partitions, replication

    async def add(self, call: Call, partner: Partner) -> Written:
        """Register a partner, then make its topics, so that nothing can stand in an inbox that belongs to nobody.

        Raises:
            Refused: PARTNER_EXISTS where the code belongs to a partner of another name or kind.
            KafkaError: the topics cannot be made now; the same call again makes them.
        """

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

    async def _make_topics(self, code: str) -> None:
        wanted = topics.of_partner(code, topics.read_registry())
        await topics.ensure(self._bootstrap, wanted, self._partitions, self._replication)
