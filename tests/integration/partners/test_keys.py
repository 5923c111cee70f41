"""Keys: the secret once, two valid at once, ended by the clock, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from google.protobuf.message import Message

from madang.partners.v1 import key_messages_pb2 as pb
from madang.partners.v1 import key_pb2, partner_pb2, partners_pb2, partners_pb2_grpc
from services.kit.database import Database
from services.kit.errors import Kind
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from services.partners.domain.key import Key, hash_of
from services.partners.service.key import KeyRing
from services.partners.store.key import KEYS
from services.partners.store.partner import PARTNERS
from tests.integration.partners.conftest import Town
from tests.serving import MovedClock, Served

BEGIN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Desk:
    """Keys of one partner, as an operator and a service ask for them."""

    def __init__(self, served: Served) -> None:
        self.served, self.code = served, f"k-{uuid4().hex[:8]}"
        self.stub: Any = partners_pb2_grpc.PartnerServiceStub(served.channel)

    async def register(self) -> None:
        """Have the partner registered."""
        request = partners_pb2.AddPartnerRequest(code=self.code, name="구로구청", kind=partner_pb2.PARTNER_KIND_DISTRICT)
        await self.stub.AddPartner(request, metadata=self.served.caller())

    def call(self, request: Message) -> Any:
        """Call the method of a request."""
        method = getattr(self.stub, type(request).__name__.removesuffix("Request"))
        return method(request, metadata=self.served.caller("service" if isinstance(request, pb.CheckKeyRequest) else "operator"))

    async def opens(self, secret: str) -> str:
        """Whose key a secret is, or the code of the refusal."""
        request = pb.CheckKeyRequest(secret=secret)
        try:
            return str((await self.call(request)).partner)
        except Exception:  # noqa: BLE001 - a refusal is the answer here
            return (await self.served.refusal(self.call(request))).code

    async def statuses(self) -> list[key_pb2.KeyStatus.ValueType]:
        """The statuses of the partner's keys, newest first."""
        return [key.status for key in (await self.call(pb.ListKeysRequest(partner=self.code))).keys]


async def test_a_keys_secret_is_answered_once_and_only_its_hash_is_kept(town: Town) -> None:
    async with town.partners() as served:
        desk = Desk(served)
        await desk.register()
        request = pb.MakeKeyRequest(request_id=f"r-{desk.code}", code=desk.code, label="구청 서버")
        made, again = await desk.call(request), await desk.call(request)
        assert made.secret
        assert (again.secret, again.key, again.written) == ("", made.key, made.written)
        assert made.key.status == key_pb2.KEY_STATUS_ACTIVE
        (row,) = await town.fetch("SELECT * FROM partner_key WHERE partner = $1", desk.code)
        assert row["hash"] == hash_of(made.secret)
        assert made.secret not in str(dict(row))
        assert await desk.opens(made.secret) == desk.code


async def test_two_keys_open_at_once_until_the_clock_ends_the_old_one(town: Town) -> None:
    clock = MovedClock(BEGIN)
    async with town.partners(clock=clock, partners_key_overlap_days=7) as served:
        desk = Desk(served)
        await desk.register()
        old = await desk.call(pb.MakeKeyRequest(code=desk.code))
        new = await desk.call(pb.RotateKeyRequest(key_id=old.key.key_id))
        assert new.key.replaces == old.key.key_id
        assert await desk.statuses() == [key_pb2.KEY_STATUS_ACTIVE, key_pb2.KEY_STATUS_ENDING]
        assert [await desk.opens(secret) for secret in (old.secret, new.secret)] == [desk.code, desk.code]
        third = await served.refusal(desk.call(pb.MakeKeyRequest(code=desk.code)))
        assert (third.kind, third.code) == (Kind.STATE, "KEY_LIMIT")
        clock.at = BEGIN + timedelta(days=7)
        assert [await desk.opens(secret) for secret in (old.secret, new.secret)] == ["KEY_INVALID", desk.code]
        await rung(served, clock)
        assert await desk.statuses() == [key_pb2.KEY_STATUS_ACTIVE, key_pb2.KEY_STATUS_ENDED]
        await desk.call(pb.RotateKeyRequest(key_id=new.key.key_id))
        assert len(await desk.statuses()) == 3


async def rung(served: Served, clock: MovedClock) -> None:
    """Have what is due ring now."""
    database = Database(served.dsn, name="second")
    await database.open()
    log = Log(database, service="partners", wake=lambda: None)
    keys = KeyRing(Write(log, PARTNERS), Write(log, KEYS, clocks=Key.clocks), clock, overlap=timedelta(days=7))
    await Scheduler(database, clock, keys.rings, wake=lambda: None).ring(clock.at)
    await database.close()


async def test_a_revoked_key_and_one_of_a_suspended_partner_open_nothing(town: Town) -> None:
    async with town.partners() as served:
        desk = Desk(served)
        await desk.register()
        first, second = [await desk.call(pb.MakeKeyRequest(code=desk.code)) for _ in range(2)]
        await desk.call(pb.RevokeKeyRequest(key_id=first.key.key_id, etag=first.written.revision))
        assert [await desk.opens(made.secret) for made in (first, second)] == ["KEY_INVALID", desk.code]
        for request in (pb.RevokeKeyRequest(key_id=first.key.key_id), pb.RotateKeyRequest(key_id=first.key.key_id)):
            assert (await served.refusal(desk.call(request))).code == "TRANSITION_FORBIDDEN"
        await desk.call(partners_pb2.SuspendPartnerRequest(code=desk.code, reason="점검"))
        assert await desk.opens(second.secret) == "PARTNER_SUSPENDED"
        for secret in ("x", "madang.x.y", second.secret + "x"):
            assert await desk.opens(secret) == "KEY_INVALID"
        assert (await served.refusal(desk.call(pb.MakeKeyRequest(code=desk.code)))).code == "PARTNER_SUSPENDED"


async def test_a_key_that_is_not_there_is_not_found(town: Town) -> None:
    async with town.partners() as served:
        desk = Desk(served)
        assert (await served.refusal(desk.call(pb.RevokeKeyRequest(key_id=str(uuid4()))))).code == "NOT_FOUND"
        assert (await served.refusal(desk.call(pb.MakeKeyRequest(code="nobody")))).code == "NOT_FOUND"
