"""`madang demo`: everything at once, from nothing to one item that four services speak of."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC
from typing import Annotated, Any

import typer
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Group, RenderableType

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc, item_pb2
from madang.type.v1 import vocabulary_pb2
from services.cli.channels import channel
from services.cli.output import answer, note, plain, table
from services.cli.sample import applied, load_sample, told
from services.cli.stack import as_table, listening, run_stack
from services.kit.actor import Role
from services.kit.clock import SEOUL
from services.local.stack import Stack

app = typer.Typer()
SHOWN = 20
FOUR_SOURCES = "agenda.er-guidance"
WAYS_IN = """Try, in another terminal:
  madang agenda search 응급실
  madang agenda timeline {agenda_id}
  madang token innovation_officer    a token for any gRPC client; roles: {roles}
  madang agenda list --as auditor    the same command as somebody else
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
    answer(found, lambda: Group(*_shown(found)))


async def _look(agenda_id: str) -> dict[str, Any]:
    """The agenda as it stands once it holds everything, and one item of it with its sources and its timeline."""
    async with AsyncExitStack() as stack:
        await applied(stack)
        agenda = agenda_pb2_grpc.AgendaServiceStub(await stack.enter_async_context(channel("agenda")))
        page = await agenda.ListItems(pb.ListItemsRequest(sort="last_event", page_size=SHOWN))
        item = (await agenda.GetItem(pb.GetItemRequest(agenda_id=agenda_id))).item
        steps = (await agenda.GetTimeline(pb.GetTimelineRequest(agenda_id=agenda_id))).steps
    return {
        "total": page.total.value,
        "items": [_item(found) for found in page.items],
        "item": _item(item),
        "timeline": [_step(step) for step in steps],
    }


def _item(item: pb.AgendaItem) -> dict[str, Any]:
    return {
        "agenda_id": item.agenda_id, "title": item.title, "status": _word(item_pb2.AgendaStatus, item.status), "owner": item.owner,
        "sources": [_source(source) for source in item.sources], "first_raised_at": _time(item.first_raised_at),
    }  # fmt: skip


def _source(source: pb.ItemSource) -> dict[str, Any]:
    return {
        "service": _word(vocabulary_pb2.SourceService, source.service), "relation": _word(item_pb2.Relation, source.relation),
        "title": source.title, "status": source.status, "source_id": source.source_id,
    }  # fmt: skip


def _step(step: pb.TimelineStep) -> dict[str, Any]:
    what = step.type.removeprefix("kr.go.seoul.madang.").removesuffix(".v1")
    return {"at": _time(step.at), "service": step.service, "what": what, "state": step.state, "owner": step.owner, "reason": step.reason}


def _word(codes: Any, number: int) -> str:
    prefix: str = codes.Name(0).removesuffix("UNSPECIFIED")
    return "" if number == 0 else str(codes.Name(number).removeprefix(prefix).lower())


def _time(at: Timestamp) -> str:
    return at.ToDatetime(UTC).astimezone(SEOUL).isoformat(timespec="seconds")


def _shown(found: dict[str, Any]) -> Iterator[RenderableType]:
    """The agenda, the item, where everything listens, and as whom to come in."""
    item = found["item"]
    yield plain(f"\nThe consolidated agenda: the {len(found['items'])} of {found['total']} items where something last happened\n")
    yield table(("status", "title", "owner", "sources"), [_row(row) for row in found["items"]])
    yield plain(f"\n{item['title']} ({item['status']}, {item['owner']}), {item['agenda_id']}: its sources\n")
    yield table(("service", "relation", "status", "title"), _columns(item["sources"], "service", "relation", "status", "title"))
    yield plain("\nIts timeline\n")
    yield table(("when", "service", "what", "state", "why"), _columns(found["timeline"], "at", "service", "what", "state", "reason"))
    yield plain("\nWhere everything listens\n")
    yield as_table(found)
    yield plain(f"\n{WAYS_IN.format(roles=', '.join(Role), agenda_id=item['agenda_id'])}")


def _row(item: dict[str, Any]) -> tuple[str, str, str, str]:
    services = dict.fromkeys(source["service"] for source in item["sources"])
    return item["status"], item["title"], item["owner"], ", ".join(services)


def _columns(rows: list[dict[str, Any]], *names: str) -> list[list[str]]:
    return [[row[name] for name in names] for row in rows]
