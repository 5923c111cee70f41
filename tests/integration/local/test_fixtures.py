"""The servers that every other test leans on."""

from collections.abc import Awaitable, Callable

import asyncpg

FreshDatabase = Callable[[str], Awaitable[str]]


async def test_a_fresh_database_is_migrated_and_belongs_to_its_service(fresh_database: FreshDatabase) -> None:
    first, second = await fresh_database("proposals"), await fresh_database("proposals")
    assert first != second
    connection = await asyncpg.connect(first)
    assert await connection.fetchval("SELECT current_user") == "madang_proposals"
    assert await connection.fetchval("SELECT count(*) FROM outbox") == 0
    await connection.close()


async def test_the_agendas_unqualified_tables_lie_in_its_authoritative_schema(fresh_database: FreshDatabase) -> None:
    connection = await asyncpg.connect(await fresh_database("agenda"))
    tables = await connection.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = 'agenda'")
    assert {"outbox", "aggregate", "kit_migration"} <= {row["table_name"] for row in tables}
    assert await connection.fetchval("SELECT show_trgm('가나')")
    await connection.close()
