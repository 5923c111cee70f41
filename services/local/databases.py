"""Roles and databases: one of each a service, none sees another's."""

import asyncio
from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from services.kit.migrations import migrate
from services.local.errors import Misconfigured
from services.local.processes import SERVICES, database_of

AGENDA = "agenda"
HANGUL = "가나"


def dsn_of(admin: str, database: str, role: str, password: str = "") -> str:
    """The address of a database as one of its roles, on the server of the administrator's address."""
    url = urlsplit(admin)
    host = url.netloc.rpartition("@")[2]
    user = f"{role}:{quote(password, safe='')}" if password else role
    return urlunsplit(("postgresql", f"{user}@{host}", f"/{database}", url.query, ""))


async def ensure_roles(admin: str, password: str = "") -> None:
    """One role a service. A password is set where there is one (a server of the stack's own trusts its socket)."""
    connection = await asyncpg.connect(admin, timeout=10)
    try:
        for service in SERVICES:
            role = database_of(service)
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role):
                await connection.execute(f'CREATE ROLE "{role}" LOGIN')
            if password:
                await connection.execute(f"ALTER ROLE \"{role}\" PASSWORD '{password}'")
    finally:
        await connection.close()


async def ensure_database(admin: str, service: str, database: str | None = None, template: str = "template0") -> str:
    """A service's database, made where it does not exist; answers its name. Raises Misconfigured where Hangul has no trigrams."""
    role, database = database_of(service), database or database_of(service)
    connection = await asyncpg.connect(admin, timeout=10)
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database):
            # With ctype C, pg_trgm finds no letter in Hangul: template0 takes another locale than the server's own.
            locale = "ENCODING 'UTF8' LOCALE 'C.UTF-8'" if template == "template0" else ""
            await connection.execute(f'CREATE DATABASE "{database}" OWNER "{role}" TEMPLATE "{template}" {locale}')
            await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
        if service == AGENDA:
            await connection.execute(f'ALTER ROLE "{role}" IN DATABASE "{database}" SET search_path = agenda, public')
    finally:
        await connection.close()
    if service == AGENDA:
        await _prepare_agenda(_in_database(admin, database), role)
    return database


async def ensure_all(admin: str, password: str, report: Callable[[str], None]) -> None:
    """Every role and database, with its newest schema."""
    await ensure_roles(admin, password)
    await asyncio.gather(*(_ensure(admin, service, password) for service in SERVICES))
    report(f"databases are ready: {', '.join(map(database_of, SERVICES))}")


async def _ensure(admin: str, service: str, password: str) -> None:
    database = await ensure_database(admin, service)
    await asyncio.to_thread(migrate, dsn_of(admin, database, database_of(service), password), service)


async def trigrams(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """What pg_trgm makes of a Korean word; nothing where the locale is wrong."""
    return list(await connection.fetchval("SELECT public.show_trgm($1)", HANGUL))


async def _prepare_agenda(admin: str, role: str) -> None:
    """Its authoritative schema, where unqualified names lead (kit's tables too), and the extension of its search."""
    connection = await asyncpg.connect(admin, timeout=10)
    try:
        await connection.execute(f'CREATE SCHEMA IF NOT EXISTS agenda AUTHORIZATION "{role}"')
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
        if not await trigrams(connection):
            raise Misconfigured(
                "pg_trgm finds no letters in Hangul in this database, so that nobody could search it", "make it with the locale C.UTF-8"
            )
    finally:
        await connection.close()


def _in_database(admin: str, database: str) -> str:
    url = urlsplit(admin)
    return urlunsplit(url._replace(path=f"/{database}"))
