"""Partners die at the worst moments: nothing is lost, nothing is done twice, and the first answer stands."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.grpc_client import Caller
from services.kit.write import Log
from services.partners.clients import Owners
from services.partners.dispatcher import Dispatcher
from services.partners.domain.received import Result
from tests.integration.partners.conftest import NOBODY, Partner, Town
from tests.serving import free_address
from tests.stack import ROUNDS


class DiesAfterTheOwnersCommit(Owners):
    """Hands over, and is gone before the answer is kept, the first time."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self.first: list[Result] = []

    async def hand_over(self, *parts: object) -> Result:
        result = await super().hand_over(*parts)  # type: ignore[arg-type]
        if not self.first:
            self.first.append(result)
            raise ConnectionResetError("killed")
        return result


async def test_a_kill_between_the_owners_commit_and_the_receipt_ends_in_the_owners_first_answer(town: Town, partner: Partner) -> None:
    async with town.partners(proposals_address=NOBODY, partners_tries=1000) as served:
        await partner.register(served)
        await partner.send(partner.event("1"))
        await town.until("SELECT 1 FROM received_event WHERE partner = $1 AND outcome = 'waiting'", partner.code)
    database = Database(town.dsn, name="test")
    await database.open()
    owners = DiesAfterTheOwnersCommit({"proposals": town.proposals.settings.listen}, Caller(str(town.folder / "key.pem"), "partners"))
    dispatcher = Dispatcher(
        database, Log(database, service="partners", wake=lambda: None), owners, SystemClock(), tries=100, longest_wait_s=0.5
    )
    running = asyncio.create_task(dispatcher.run())
    try:
        rows = await town.until("SELECT result_id FROM received_event WHERE partner = $1 AND outcome = 'accepted'", partner.code)
    finally:
        running.cancel()
        await asyncio.wait([running])
        await database.close()
    assert [row["result_id"] for row in rows] == [owners.first[0].id]
    assert len(await town.made_of(partner.code)) == 1


@asynccontextmanager
async def process(town: Town, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The partners service as a process of its own; killed at the end."""
    settings = {
        "DATABASE_URL": town.dsn, "KAFKA_BOOTSTRAP_SERVERS": town.real.bootstrap, "LISTEN": free_address(),
        "METRICS_LISTEN": free_address(), "JWKS_FILE": str(town.folder / "jwks.json"), "SIGNING_KEY_FILE": str(town.folder / "key.pem"),
        "PROPOSALS_ADDRESS": town.proposals.settings.listen, "VOICES_ADDRESS": NOBODY, "COUNCIL_ADDRESS": NOBODY,
    } | more  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.partners", env=environment | {f"MADANG_{name}": value for name, value in settings.items()},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.send_signal(signal.SIGKILL)
        await started.wait()


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_again_and_again_every_event_has_one_effect_and_one_receipt(town: Town, partner: Partner, seed: int) -> None:
    async with town.partners() as served:
        await partner.register(served)
    moments = random.Random(seed)
    events = [partner.event(str(number), f"제목 {number:03}" if number % 5 else "  ") for number in range(150)]
    sending = asyncio.create_task(partner.send(*events))
    for _ in range(4):
        async with process(town):
            await asyncio.sleep(1.5 + moments.random() * 1.5)
    await sending
    async with process(town):
        receipts = await partner.receipts(150, within_s=60)
        await town.until("SELECT 1 WHERE NOT EXISTS (SELECT FROM received_event WHERE partner = $1 AND outcome = 'waiting')", partner.code)
    # The relay may send a receipt again when it dies before it has noted the first; it is the same receipt.
    outcomes = {receipt["event_id"]: receipt["outcome"] for receipt in receipts}
    rows = await town.fetch("SELECT event_id, outcome FROM received_event WHERE partner = $1", partner.code)
    assert len(rows) == 150
    assert outcomes.items() <= {(row["event_id"], row["outcome"]) for row in rows}
    assert len(await town.made_of(partner.code)) == 120
