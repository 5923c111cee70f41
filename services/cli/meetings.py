"""`madang meetings log | list | show`: meetings of councils, with what came out of them."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Group
from rich.text import Text

from madang.council.v1 import council_messages_pb2 as councils
from madang.council.v1 import council_service_pb2_grpc, meeting_pb2
from madang.council.v1 import item_messages_pb2 as items
from madang.council.v1 import meeting_messages_pb2 as meetings
from madang.council.v1 import minutes_messages_pb2 as minutes
from madang.council.v1 import outcome_messages_pb2 as outcomes
from services.cli.channels import channel
from services.cli.messages import as_plain
from services.cli.output import answer, plain, table
from services.importers import meeting_log
from services.importers.meeting_commands import MeetingCommands
from services.kit.errors import invalid, not_found

app = typer.Typer(help="Meetings of councils.", no_args_is_help=True)
PAGE = 500
STATUSES = [name.removeprefix("MEETING_STATUS_").lower() for name in meeting_pb2.MeetingStatus.keys()[1:]]


@app.command()
def log(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="YAML, or Markdown with a YAML front part")],
) -> None:
    """Log a meeting with its minutes out of a secretary's file (docs/meetings-log.md). The same file again has no effect."""
    logged = asyncio.run(_log(meeting_log.read(file)))
    answer(logged, lambda: f"meeting {logged['meeting_id']}: {len(logged['items'])} items; `madang meetings show {logged['meeting_id']}`")


@app.command("list")
def list_(
    council: Annotated[str, typer.Option(metavar="ID|NAME", help="Of this council only")] = "",
    quarter: Annotated[str, typer.Option(metavar="YYYY-QN", help="Of this quarter only")] = "",
    status: Annotated[str, typer.Option(help=f"Standing so: {', '.join(STATUSES)}")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most")] = 50,
) -> None:
    """List meetings, latest start first."""
    if status and status not in STATUSES:
        raise typer.BadParameter(f"{status!r} is no status; there is {', '.join(STATUSES)}", param_hint="--status")
    found = asyncio.run(_list(council, quarter, status, limit))
    columns = ("start", "status", "name", "council", "meeting_id")
    rows = [(item["start"], item["status"], item["name"], item["council_name"], item["meeting_id"]) for item in found]
    answer({"meetings": found}, lambda: table(columns, rows))


@app.command()
def show(meeting_id: Annotated[str, typer.Argument(metavar="ID", help="The meeting")]) -> None:
    """Show a meeting with its items, resolutions, action items and minutes, as far as you may see them."""
    found = asyncio.run(_show(meeting_id))
    answer(found, lambda: _shown(found))


async def _log(content: meeting_log.MeetingLog) -> dict[str, Any]:
    async with channel("council") as opened:
        stub: Any = council_service_pb2_grpc.CouncilServiceStub(opened)
        return asdict(await MeetingCommands(stub, content, await _council(stub, content.council)).send())


async def _council(stub: Any, named: str) -> str:
    """The id of a council that is named by its id or its name. Raises Refused: NOT_FOUND, or NAME_AMBIGUOUS."""
    try:
        return str(UUID(named))
    except ValueError:
        found = [
            item.council_id async for item in _pages(stub.ListCouncils, councils.ListCouncilsRequest(), "councils") if item.name == named
        ]
    if len(found) > 1:
        raise invalid("NAME_AMBIGUOUS", f"{len(found)} councils are called {named}; give the id", "council")
    if not found:
        raise not_found("council", named)
    return str(found[0])


async def _list(council: str, quarter: str, status: str, limit: int) -> list[Any]:
    async with channel("council") as opened:
        stub: Any = council_service_pb2_grpc.CouncilServiceStub(opened)
        request = meetings.ListMeetingsRequest(
            council_id=await _council(stub, council) if council else "", quarter=quarter,
            status=meeting_pb2.MeetingStatus.Value(f"MEETING_STATUS_{(status or 'unspecified').upper()}"),
        )  # fmt: skip
        return [as_plain(item) async for item in _pages(stub.ListMeetings, request, "meetings", limit)]


async def _show(meeting_id: str) -> dict[str, Any]:
    async with channel("council") as opened:
        stub: Any = council_service_pb2_grpc.CouncilServiceStub(opened)
        meeting = (await stub.GetMeeting(meetings.GetMeetingRequest(meeting_id=meeting_id))).meeting
        records = [item async for item in _pages(stub.ListMinutes, minutes.ListMinutesRequest(meeting_id=meeting_id), "minutes")]
        whole = [await stub.GetMinutes(minutes.GetMinutesRequest(minutes_id=item.minutes_id)) for item in records]
        lists = {
            "items": _pages(stub.ListAgendaItems, items.ListAgendaItemsRequest(meeting_id=meeting_id), "items"),
            "resolutions": _pages(stub.ListResolutions, outcomes.ListResolutionsRequest(meeting_id=meeting_id), "resolutions"),
            "action_items": _pages(stub.ListActionItems, outcomes.ListActionItemsRequest(meeting_id=meeting_id), "action_items"),
        }
        found = {name: [as_plain(item) async for item in pages] for name, pages in lists.items()}
        return as_plain(meeting) | found | {"minutes": [as_plain(item.minutes) for item in whole]}  # type: ignore[no-any-return]


async def _pages(method: Any, request: Any, field: str, limit: int | None = None) -> Any:
    """Everything that a method lists, page by page, `limit` at most."""
    left = limit
    while left is None or left > 0:
        request.page_size = PAGE if left is None else min(PAGE, left)
        page = await method(request)
        for item in getattr(page, field):
            yield item
        left = None if left is None else left - request.page_size
        request.page_token = page.next_page_token
        if not request.page_token:
            return


def _shown(found: dict[str, Any]) -> Group:
    """The meeting for people."""
    rows = [(item["number"], item["name"], item["result"], _votes(item["votes"]), item["item_id"]) for item in found["items"]]
    parts: list[Any] = [plain(f"{found['name']} ({found['council_name']})\n{found['start']}  {found['location']}  {found['status']}\n")]
    parts.append(table(("number", "item", "result", "yes/no/abstain", "item_id"), rows))
    if found["resolutions"]:
        parts.append(table(("resolution", "text"), [(item["kind"], item["text"]) for item in found["resolutions"]]))
    if found["action_items"]:
        actions = [(item["task"], item["department"], item["due_on"], item["status"]) for item in found["action_items"]]
        parts.append(table(("to do", "department", "due", "status"), actions))
    for record in found["minutes"]:
        parts.append(Text(f"\nminutes ({record['language']}): {record['status']}, edition {record['edition']}", style="bold"))
        parts += [plain(f"{part['part']}: {part['text']}") for part in record["parts"]]
    return Group(*parts)


def _votes(votes: dict[str, int] | None) -> str:
    return f"{votes['yes']}/{votes['no']}/{votes['abstain']}" if votes else ""
