"""`madang topics plan | apply`: the broker against the registry."""

import asyncio
from typing import Annotated

import typer

from services.cli.context import current
from services.cli.output import answer, table
from services.kit import topics
from services.kit.topics import Change
from services.local import environment
from services.local.stack import PARTITIONS, REPLICATION

app = typer.Typer(help="The topics of the registry (protos/topics), and the broker.")
Bootstrap = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="A broker, instead of the stack's")]
Partitions = Annotated[int, typer.Option(min=1, help="Of a new topic (12 in production)")]
Replication = Annotated[int, typer.Option(min=1, help="Replicas of a new topic (3 in production)")]


@app.command()
def plan(bootstrap: Bootstrap = None, partitions: Partitions = PARTITIONS, replication: Replication = REPLICATION) -> None:
    """Show what `apply` would change."""
    wanted = topics.standing(topics.read_registry())
    _show(asyncio.run(topics.plan(_broker(bootstrap), wanted, partitions, replication)), "to change")


@app.command()
def apply(bootstrap: Bootstrap = None, partitions: Partitions = PARTITIONS, replication: Replication = REPLICATION) -> None:
    """Make the topics that are missing and mend their settings; more partitions are left to you."""
    wanted = topics.standing(topics.read_registry())
    _show(asyncio.run(topics.ensure(_broker(bootstrap), wanted, partitions, replication)), "was changed")


def _broker(given: str | None) -> str:
    return given or environment.bootstrap_of(current().stack.state)


def _show(changes: list[Change], verb: str) -> None:
    rows = [(change.action, change.topic, change.detail) for change in changes]
    answer(
        {"changes": changes}, lambda: table(("action", "topic", "detail"), rows) if rows else f"nothing {verb}: all is as the registry says"
    )
