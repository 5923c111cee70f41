"""`madang demo`: everything at once, from nothing to one item that four services speak of."""

import asyncio
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc
from services.cli import agenda_shown as shown
from services.cli.agenda_upkeep import applied
from services.cli.channels import channel
from services.cli.context import DEFAULT_DATA, current
from services.cli.output import answer, note, plain
from services.cli.sample import APPLIED_S, load_sample, told
from services.cli.stack import as_table, listening, run_stack
from services.kit.actor import Role
from services.local.stack import Stack

app = typer.Typer()
SHOWN = 20
FOUR_SOURCES = "agenda.er-guidance"
WAYS_IN = """Try, in another terminal:
  {madang} agenda search 응급실
  {madang} agenda timeline {agenda_id}
  {madang} agenda list --as auditor    the same command as somebody else
  {madang} token innovation_officer    a token for any gRPC client
Roles: {roles}
"""


@app.command()
def demo(
    leave: Annotated[bool, typer.Option("--exit", help="End by itself once everything was shown, and leave no process behind")] = False,
) -> None:
    """Start the local stack, load the sample and show what stands on the consolidated agenda; stays until Ctrl-C."""
    asyncio.run(run_stack(_present, stay=not leave))


async def _present(stack: Stack) -> None:
    note("loading the sample")
    loaded = await load_sample()
    note(told(loaded))
    found = await _look(loaded.ids[FOUR_SOURCES]) | await listening(stack)
    answer(found, lambda: Group(*_told(found)))


async def _look(agenda_id: str) -> dict[str, Any]:
    """The agenda as it stands once it holds everything, and one item of it with its sources and its timeline."""
    lag = await applied(APPLIED_S)
    note(f"the agenda holds everything; it was {lag['lag_records']} records behind")
    async with channel("agenda") as opened:
        agenda = agenda_pb2_grpc.AgendaServiceStub(opened)
        page = await agenda.ListItems(pb.ListItemsRequest(sort="last_event", page_size=SHOWN))
        item = (await agenda.GetItem(pb.GetItemRequest(agenda_id=agenda_id))).item
        steps = (await agenda.GetTimeline(pb.GetTimelineRequest(agenda_id=agenda_id))).steps
    total = {"value": page.total.value, "exact": page.total.exact}
    items = [shown.item(found) for found in page.items]
    return {"items": items, "total": total, "item": shown.item(item), "timeline": [shown.step(step) for step in steps]}


def _told(found: dict[str, Any]) -> Iterator[RenderableType]:
    """The agenda, the item, where everything listens, and as whom to come in."""
    item = found["item"]
    yield plain(f"\nThe consolidated agenda: the {len(found['items'])} of {found['total']['value']} items where something last happened\n")
    yield shown.items_table(found["items"])
    yield plain("\nOne of them, with its sources\n")
    yield shown.item_table(item)
    yield plain("\nIts timeline\n")
    yield shown.steps_table(found["timeline"])
    yield plain("\nWhere everything listens\n")
    yield as_table(found)
    yield plain(f"\n{WAYS_IN.format(madang=_madang(), roles=', '.join(Role), agenda_id=item['agenda_id'])}")


def _madang() -> str:
    """The command as it can be typed here, for this stack."""
    command, data = "madang" if shutil.which("madang") else ".venv/bin/madang", current().data
    return command if data == Path(DEFAULT_DATA) else f"{command} --data {shlex.quote(str(data))}"
