"""Whether what was started answers: the waits of `up`, and the look of `status`. Never a timer alone."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

POLL_S = 0.1


async def is_ready(port: int, timeout_s: float = 2) -> bool:
    """Whether a process answers 200 on /ready."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /ready HTTP/1.0\r\n\r\n")
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def database_answers(dsn: str) -> bool:
    """Whether the database server takes a connection."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


async def broker_answers(bootstrap: str) -> bool:
    """Whether the broker takes a client, and is registered so that topics can be made."""
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 2)
        writer.close()
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="madang-probe", request_timeout_ms=5000)
        try:
            await admin.start()
            return bool((await admin.describe_cluster())["brokers"])
        finally:
            await admin.close()
    except (OSError, TimeoutError, KafkaError):
        return False


async def wait_for(check: Callable[[], Awaitable[bool]], timeout_s: float) -> bool:
    """Ask until it is so; False when that takes too long."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not await check():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True
