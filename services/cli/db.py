"""`madang db migrate | status`: the schemas of the services' databases."""

import asyncio
from typing import Annotated

import typer

from services.cli.context import current
from services.cli.output import answer, note, table
from services.kit import migrations
from services.local import environment
from services.local.databases import ensure_all
from services.local.processes import SERVICES, database_of

app = typer.Typer(help="The schemas of the services' databases.")
Service = Annotated[str | None, typer.Argument(help="One service; all of the stack's unless given")]
Url = Annotated[
    str | None, typer.Option(envvar="MADANG_DATABASE_URL", metavar="URL", help="That service's database, instead of the stack's")
]


@app.command()
def migrate(service: Service = None, database_url: Url = None) -> None:
    """Bring databases to the newest schema (without SERVICE: also make the roles and databases that are missing)."""
    _check(service)
    if service:
        migrations.migrate(_url(service, database_url), service)
        answer({"migrated": [service]}, lambda: f"{service} has the newest schema")
        return
    stack = current().stack
    state = stack.state
    asyncio.run(ensure_all(environment.admin_dsn(stack.layout, state), state.password, note))
    answer({"migrated": list(SERVICES)}, lambda: "every database has the newest schema")


@app.command()
def status(service: Service = None, database_url: Url = None) -> None:
    """Show which migrations were run and which were not."""
    _check(service)
    rows = []
    for name in [service] if service else SERVICES:
        url = _url(name, database_url if service else None)
        rows += [{"service": name, "migration": file, "state": "applied"} for file in migrations.applied(url, name)]
        rows += [{"service": name, "migration": file, "state": "pending"} for file in migrations.pending(url, name)]
    answer({"migrations": rows}, lambda: table(("service", "migration", "state"), [list(row.values()) for row in rows]))


def _check(service: str | None) -> None:
    if service and service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(SERVICES)}")


def _url(service: str, given: str | None) -> str:
    stack = current().stack
    return given or environment.database_dsn(stack.layout, stack.state, database_of(service))
