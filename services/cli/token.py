"""`madang token`: a token for the running stack, to try things by hand."""

from typing import Annotated

import typer

from services.cli.context import Actor, current
from services.cli.output import answer

app = typer.Typer()


@app.command()
def token(
    role: Annotated[str, typer.Argument(metavar="ROLE[:SUBJECT]", help="Such as citizen, officer:kim or operator")],
    council: Annotated[str | None, typer.Option(metavar="ID", help="The council that a secretary serves")] = None,
    department: Annotated[str | None, typer.Option(metavar="ID", help="The department that an officer works in")] = None,
    mandate: Annotated[str | None, typer.Option(metavar="ID", help="The mandate that an aide serves")] = None,
) -> None:
    """Print a token (a JWT for 10 minutes) that the stack's services accept, as `authorization: Bearer …`."""
    scope = {"council": council, "department": department, "mandate": mandate}
    actor = Actor.parse(role, {kind: identity for kind, identity in scope.items() if identity})
    signed = current().token(actor)
    answer({"token": signed, "role": actor.role, "subject": actor.subject, "scope": actor.scope}, lambda: signed)
