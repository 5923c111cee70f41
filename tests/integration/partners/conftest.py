"""A broker and a database of these tests' own: whoever else runs partners on the same broker would read the same inboxes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from madang.partners.v1 import partner_pb2, partners_pb2_grpc
from madang.partners.v1 import partners_pb2 as pb
from services.kit import tokens
from tests.serving import Served, serving
from tests.stack import RealStack

NOBODY = "127.0.0.1:1"
WAITS = {"partners_tries": 4, "partners_longest_wait_s": 0.4}
EXAMPLE = Path(__file__).parents[3] / "protos/examples/madang.partners.inbox.v1/kr.go.seoul.madang.partner.{}.v1.json"


@dataclass
class Town:
    """A broker, proposals that are served, and a database for partners, who are served as a test wants them."""

    real: RealStack
    folder: Path
    key: bytes
    dsn: str
    proposals: Served

    @asynccontextmanager
    async def partners(self, instance: str = "0", **more: Any) -> AsyncIterator[Served]:
        """Partners in this process; voices and the council are away."""
        settings: dict[str, Any] = {
            "proposals_address": self.proposals.settings.listen, "voices_address": NOBODY, "council_address": NOBODY,
        } | WAITS | more  # fmt: skip
        async with serving(
            "partners", self.dsn, self.folder, bootstrap=self.real.bootstrap, key=self.key, instance=instance, **settings
        ) as served:
            yield served

    async def fetch(self, query: str, *values: object, service: str = "partners") -> list[asyncpg.Record]:
        """Rows of a service's database."""
        connection = await asyncpg.connect(self.dsn if service == "partners" else self.proposals.dsn)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()

    async def until(self, query: str, *values: object, within_s: float = 30) -> list[asyncpg.Record]:
        """The rows of the partners' database, as soon as there are some."""
        async with asyncio.timeout(within_s):
            while not (rows := await self.fetch(query, *values)):  # noqa: ASYNC110 - rows do not call
                await asyncio.sleep(0.1)
            return rows

    async def made_of(self, partner: str) -> list[str]:
        """The titles of the proposals that a partner's events became."""
        rows = await self.fetch("SELECT title FROM proposal WHERE origin LIKE $1 || ':%' ORDER BY title", partner, service="proposals")
        return [row["title"] for row in rows]


class Partner:
    """A registered partner, as it sees the platform: it writes to its inbox and reads its receipts."""

    def __init__(self, town: Town, code: str) -> None:
        self.town, self.code, self.inbox = town, code, f"madang.partners.{code}.inbox.v1"
        self.stub: Any = None
        self._receipts: AIOKafkaConsumer | None = None

    async def register(self, served: Served) -> None:
        """Have it registered; the stub is the operator's."""
        self.stub = partners_pb2_grpc.PartnerServiceStub(served.channel)
        kind = partner_pb2.PARTNER_KIND_ORGANISATION
        await self.stub.AddPartner(pb.AddPartnerRequest(code=self.code, name=self.code, kind=kind), metadata=served.caller())

    def event(self, event_id: str, title: str = "정류장 그늘막", kind: str = "proposal-submitted", **attributes: Any) -> dict[str, Any]:
        """An event of its own."""
        event: dict[str, Any] = json.loads(Path(str(EXAMPLE).format(kind)).read_text())
        if kind == "proposal-submitted":
            event["data"]["title"] = title
        return event | {"id": event_id, "source": f"urn:madang:partner:{self.code}", "subject": event_id} | attributes

    async def send(self, *events: Any, partition: int | None = None, **producing: Any) -> None:
        """Send events (objects, bytes, or pairs of bytes and headers), in their order."""
        producer = AIOKafkaProducer(bootstrap_servers=self.town.real.bootstrap, max_request_size=1 << 28, **producing)
        await producer.start()
        for event in events:
            value, headers = event if isinstance(event, tuple) else (event, [])
            value = json.dumps(value).encode() if isinstance(value, dict) else value
            await producer.send_and_wait(self.inbox, value, headers=headers, key=b"any", partition=partition)
        await producer.stop()

    async def receipts(self, count: int, within_s: float = 40) -> list[dict[str, Any]]:
        """The data of its next receipts; fails where they do not come."""
        if self._receipts is None:
            topic = f"madang.partners.{self.code}.receipts.v1"
            self._receipts = AIOKafkaConsumer(topic, bootstrap_servers=self.town.real.bootstrap, auto_offset_reset="earliest")
            await self._receipts.start()
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(within_s):
            while len(found) < count:
                record = await self._receipts.getone()
                assert dict(record.headers) == {"content-type": b"application/cloudevents+json"}
                found.append(json.loads(record.value)["data"])
        return found

    async def no_more_receipts(self, wait_s: float = 1.5) -> None:
        """Fails where another one comes."""
        assert self._receipts is not None
        extra = await self._receipts.getmany(timeout_ms=int(wait_s * 1000))
        assert not extra, [record.value for batch in extra.values() for record in batch]

    async def close(self) -> None:
        """Stop listening."""
        if self._receipts:
            await self._receipts.stop()


@pytest.fixture(scope="package")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    real = RealStack()
    folder, key = Path(tmp_path_factory.mktemp("town")), tokens.make_key()
    try:
        await asyncio.gather(real.start_database(), real.start_broker())
        dsn, proposals_dsn = await real.fresh_database("partners"), await real.fresh_database("proposals")
        async with serving("proposals", proposals_dsn, folder, bootstrap=real.bootstrap, key=key) as proposals:
            yield Town(real, folder, key, dsn, proposals)
    finally:
        await real.end()


@pytest.fixture
async def partner(town: Town) -> AsyncIterator[Partner]:
    """A partner that is not registered yet."""
    made = Partner(town, f"p-{uuid4().hex[:12]}")
    yield made
    await made.close()
