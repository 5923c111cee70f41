"""`madang agenda`: the consolidated agenda, as officers find it and work on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc, item_pb2, suggestion_pb2, suggestion_pb2_grpc
from madang.type.v1 import text_pb2, vocabulary_pb2
from services.cli import agenda_shown as shown
from services.cli import agenda_upkeep
from services.cli.channels import channel
from services.cli.messages import text_of
from services.cli.output import answer, note
from services.kit.clock import SEOUL

app = typer.Typer(help="The consolidated agenda: find items, follow them, work on them.", no_args_is_help=True)
agenda_upkeep.register(app)
MOST = 500

ItemId = Annotated[str, typer.Argument(metavar="ID", help="An item's agenda id, as `list` shows it")]
SourceName = Annotated[str, typer.Argument(metavar="SOURCE", help="SERVICE:ID of a source, or a candidate's agenda id")]
Reason = Annotated[str, typer.Option(help="Why; stands in the timeline")]
Etag = Annotated[int, typer.Option(min=0, help="Only if the item still has this revision")]
Relation = Annotated[str, typer.Option(help="What the source is to the item: raised, supports, duplicates, decides or results")]
Source = Annotated[str, typer.Option(help="With a source of: voices, council, workshops or proposals")]
Group = Annotated[str, typer.Option(help="Speaking for a group, such as foreigners")]
Field = Annotated[str, typer.Option(help="Of an innovation field, such as jobs")]
Theme = Annotated[str, typer.Option(help="With a theme")]
District = Annotated[str, typer.Option(help="About a district, by its five digits")]
Status = Annotated[str, typer.Option(help="Standing so, such as candidate, open or in_progress")]
Owner = Annotated[str, typer.Option(help="Of a department")]
Overdue = Annotated[bool, typer.Option("--overdue", help="Past the due day, and not decided")]
Quarter = Annotated[str, typer.Option(help="First raised in a quarter, such as 2026-Q4")]
Since = Annotated[str, typer.Option(metavar="TIME", help="First raised at or after a day or moment")]
Until = Annotated[str, typer.Option(metavar="TIME", help="First raised before a day or moment")]
Language = Annotated[str, typer.Option(help="With a text in a language, such as ko, en or zh-Hans")]
Sort = Annotated[str, typer.Option(help="newest, oldest, last_event or due")]
Limit = Annotated[int, typer.Option(min=1, help="How many at most")]
Cursor = Annotated[str, typer.Option(help="Where the last page ended: its `next`")]
All = Annotated[bool, typer.Option("--all", help="Every page")]


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words; each must be contained in the title, the summary or the text of a source")],
    source: Source = "", group: Group = "", field: Field = "", theme: Theme = "", district: District = "", status: Status = "",
    owner: Owner = "", overdue: Overdue = False, quarter: Quarter = "", since: Since = "", until: Until = "", language: Language = "",
    sort: Sort = "newest", limit: Limit = 50, cursor: Cursor = "", everything: All = False,
) -> None:  # fmt: skip
    """Find items by words."""
    request = _request(source, group, field, theme, district, status, owner, quarter, since, until, language, sort, overdue=overdue)
    request.query = query
    _show_items(request, limit, cursor, everything=everything)


@app.command("list")
def list_(
    source: Source = "", group: Group = "", field: Field = "", theme: Theme = "", district: District = "", status: Status = "",
    owner: Owner = "", overdue: Overdue = False, quarter: Quarter = "", since: Since = "", until: Until = "", language: Language = "",
    sort: Sort = "newest", limit: Limit = 50, cursor: Cursor = "", everything: All = False,
) -> None:  # fmt: skip
    """List items: those that were opened, and every source that is not yet part of one."""
    request = _request(source, group, field, theme, district, status, owner, quarter, since, until, language, sort, overdue=overdue)
    _show_items(request, limit, cursor, everything=everything)


@app.command()
def show(agenda_id: ItemId) -> None:
    """Show one item with its sources."""
    found = asyncio.run(_get(agenda_id))
    shown_item = shown.item(found.item) | {
        "written": shown.written(found.written) if found.HasField("written") else None, "freshness": shown.freshness(found.freshness),
    }  # fmt: skip
    answer(shown_item, lambda: shown.item_table(shown_item))


@app.command()
def timeline(agenda_id: ItemId) -> None:
    """Show everything that happened to an item, its links and its sources, oldest first."""
    steps = [shown.step(step) for step in asyncio.run(_steps(agenda_id))]
    answer({"agenda_id": agenda_id, "steps": steps}, lambda: shown.steps_table(steps))


@app.command()
def suggest(agenda_id: ItemId, limit: Annotated[int, typer.Option(min=1, max=50, help="How many at most")] = 10) -> None:
    """Find items that may be about the same as an item or a source, the most alike first; nothing is linked."""
    found = asyncio.run(_suggest(suggestion_pb2.SuggestItemsRequest(agenda_id=agenda_id, limit=limit)))
    suggestions = [shown.suggestion(each) for each in found.suggestions]
    answer({"suggestions": suggestions, **shown.freshness(found.freshness)}, lambda: shown.suggestions_table(suggestions))


@app.command("open")
def open_(
    what: Annotated[str, typer.Argument(help="A candidate's agenda id, or the title of a new item")],
    title: Annotated[str, typer.Option(help="Instead of the candidate's own")] = "",
    summary: Annotated[str, typer.Option(help="What it is about")] = "",
    language: Annotated[str, typer.Option(help="Of title and summary")] = "ko",
    theme: Annotated[list[str] | None, typer.Option(help="A theme; may be repeated")] = None,
    due: Annotated[str, typer.Option(metavar="DAY", help="When something is due, YYYY-MM-DD")] = "",
    source: Annotated[list[str] | None, typer.Option(help="SERVICE:ID of a source to link; may be repeated")] = None,
) -> None:
    """Open an item, out of a candidate or anew."""
    names = [*([what] if _is_id(what) else []), *(source or [])]
    request = pb.OpenItemRequest(
        request_id=str(uuid4()), title=title or ("" if _is_id(what) else what), due_on=due, themes=theme or [],
        summary=text_pb2.Text(plain=summary, language=language),
    )  # fmt: skip
    opened = asyncio.run(_open(request, names))
    _show_written(opened, opened["id"])


@app.command()
def link(agenda_id: ItemId, source: SourceName, relation: Relation = "raised") -> None:
    """Link a source to an item; a candidate is opened first, with its own title, and the new item's id is answered."""
    kind = shown.number(item_pb2.Relation, relation, "--relation")
    item_id, done = asyncio.run(_link(agenda_id, source, kind))
    _show_written(done, item_id)


@app.command()
def unlink(agenda_id: ItemId, source: SourceName, reason: Reason = "", etag: Etag = 0) -> None:
    """Take a link back; the source is a candidate again unless another item has it."""

    async def call(stub: Any) -> Any:
        ref = await _source(stub, source)
        request = pb.UnlinkSourceRequest(
            request_id=str(uuid4()), agenda_id=agenda_id, service=ref.service, source_id=ref.source_id, etag=etag, reason=reason
        )  # fmt: skip
        return await stub.UnlinkSource(request)

    _command(agenda_id, call)


@app.command()
def status(
    agenda_id: ItemId, to: Annotated[str, typer.Argument(metavar="STATUS", help="Such as in_progress, decided, implemented or parked")],
    reason: Reason = "", etag: Etag = 0,
) -> None:  # fmt: skip
    """Move an opened item on."""
    number = shown.number(item_pb2.AgendaStatus, to, "STATUS")
    request = pb.ChangeStatusRequest(request_id=str(uuid4()), agenda_id=agenda_id, status=number, reason=reason, etag=etag)
    _command(agenda_id, lambda stub: stub.ChangeStatus(request))


@app.command()
def assign(
    agenda_id: ItemId, owner: Annotated[str, typer.Argument(help="The department that answers for it")],
    reason: Reason = "", etag: Etag = 0,
) -> None:  # fmt: skip
    """Say who answers for an opened item."""
    request = pb.AssignOwnerRequest(request_id=str(uuid4()), agenda_id=agenda_id, owner=owner, reason=reason, etag=etag)
    _command(agenda_id, lambda stub: stub.AssignOwner(request))


@app.command("answer")
def answer_(
    agenda_id: ItemId,
    text: Annotated[list[str], typer.Option(metavar="[LANGUAGE=]WORDS", help="The answer, once in each language, such as `vi=…`")],
    department: Annotated[str, typer.Option(help="The department that answers")],
    etag: Etag = 0,
) -> None:
    """Answer everybody who is linked to an item, each in the own language where there are words for it."""
    request = pb.AnswerItemRequest(
        request_id=str(uuid4()), agenda_id=agenda_id, department=department, texts=[text_of(words) for words in text], etag=etag
    )  # fmt: skip
    _command(agenda_id, lambda stub: stub.AnswerItem(request))


def _request(
    source: str, group: str, field: str, theme: str, district: str, status: str, owner: str, quarter: str, since: str, until: str,
    language: str, sort: str, *, overdue: bool,
) -> pb.ListItemsRequest:  # fmt: skip
    request = pb.ListItemsRequest(
        source=shown.number(vocabulary_pb2.SourceService, source, "--source"),
        group=shown.number(vocabulary_pb2.RepresentedGroup, group, "--group"),
        field=shown.number(vocabulary_pb2.InnovationField, field, "--field"),
        status=shown.number(item_pb2.AgendaStatus, status, "--status"), theme=theme, district_code=district, owner=owner, overdue=overdue,
        quarter=quarter, language=language, sort=sort,
    )  # fmt: skip
    for name, text in (("since", since), ("until", until)):
        if text:
            getattr(request, name).FromDatetime(_moment(text, f"--{name}"))
    return request


def _moment(text: str, option: str) -> datetime:
    """A moment, or a day's beginning in Seoul. Raises typer.BadParameter."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day or moment such as 2026-11-02 or 2026-11-02T09:00+09:00", param_hint=option) from None
    return (at if at.tzinfo else at.replace(tzinfo=SEOUL)).astimezone(UTC)


def _show_items(request: pb.ListItemsRequest, limit: int, cursor: str, *, everything: bool) -> None:
    found = asyncio.run(_pages(request, None if everything else limit, cursor))
    answer(found, lambda: shown.items_table(found["items"]))
    total = found["total"]
    note(f"{len(found['items']):,} of {'' if total['exact'] else 'more than '}{total['value']:,}; up to {found['as_of']}")


async def _pages(request: pb.ListItemsRequest, limit: int | None, cursor: str) -> dict[str, Any]:
    """One page, or as many as the limit takes; total and freshness are the first page's."""
    items: list[dict[str, Any]] = []
    first, request.page_token = None, cursor
    async with _agenda() as stub:
        while True:
            request.page_size = min(MOST, limit - len(items)) if limit else MOST
            page = await stub.ListItems(request)
            first, request.page_token = first or page, page.next_page_token
            items += [shown.item(each) for each in page.items]
            if not page.next_page_token or (limit and len(items) >= limit):
                break
    total = {"value": first.total.value, "exact": first.total.exact}
    return {"items": items, "total": total, "next": page.next_page_token or None, **shown.freshness(first.freshness)}


async def _get(agenda_id: str) -> pb.GetItemResponse:
    async with _agenda() as stub:
        found: pb.GetItemResponse = await stub.GetItem(pb.GetItemRequest(agenda_id=agenda_id))
    return found


async def _steps(agenda_id: str) -> list[pb.TimelineStep]:
    steps: list[pb.TimelineStep] = []
    request = pb.GetTimelineRequest(agenda_id=agenda_id, page_size=MOST)
    async with _agenda() as stub:
        while True:
            page = await stub.GetTimeline(request)
            steps, request.page_token = [*steps, *page.steps], page.next_page_token
            if not request.page_token:
                return steps


async def _suggest(request: suggestion_pb2.SuggestItemsRequest) -> suggestion_pb2.SuggestItemsResponse:
    async with channel("agenda") as opened:
        stub: Any = suggestion_pb2_grpc.SuggestionServiceStub(opened)
        found: suggestion_pb2.SuggestItemsResponse = await stub.SuggestItems(request)
    return found


async def _open(request: pb.OpenItemRequest, names: list[str]) -> dict[str, Any]:
    async with _agenda() as stub:
        request.sources.extend([await _source(stub, name) for name in names])
        return shown.written((await stub.OpenItem(request)).written)


async def _link(agenda_id: str, name: str, relation: Any) -> tuple[str, dict[str, Any]]:
    async with _agenda() as stub:
        found = (await stub.GetItem(pb.GetItemRequest(agenda_id=agenda_id))).item
        if found.status == item_pb2.AGENDA_STATUS_CANDIDATE:
            own = [pb.SourceRef(service=each.service, source_id=each.source_id) for each in found.sources]
            agenda_id = (await stub.OpenItem(pb.OpenItemRequest(request_id=str(uuid4()), sources=own))).written.id
            note(f"{found.agenda_id} was a candidate; opened {agenda_id} out of it")
        source = await _source(stub, name, relation)
        reply = await stub.LinkSource(pb.LinkSourceRequest(request_id=str(uuid4()), agenda_id=agenda_id, source=source))
    return agenda_id, shown.written(reply.written)


async def _source(stub: Any, name: str, relation: Any = 0) -> pb.SourceRef:
    """A source by `SERVICE:ID`, or by its own id on the agenda. Raises typer.BadParameter."""
    service, colon, identity = name.partition(":")
    if colon:
        return pb.SourceRef(service=shown.number(vocabulary_pb2.SourceService, service, "SOURCE"), source_id=identity, relation=relation)
    if not _is_id(name):
        raise typer.BadParameter(f"{name!r} is neither SERVICE:ID nor an agenda id", param_hint="SOURCE")
    found = (await stub.GetItem(pb.GetItemRequest(agenda_id=name))).item
    if found.status != item_pb2.AGENDA_STATUS_CANDIDATE:
        raise typer.BadParameter(f"{name} is an opened item, and no source", param_hint="SOURCE")
    return pb.SourceRef(service=found.sources[0].service, source_id=found.sources[0].source_id, relation=relation)


def _command(agenda_id: str, call: Callable[[Any], Awaitable[Any]]) -> None:
    async def work() -> dict[str, Any]:
        async with _agenda() as stub:
            return shown.written((await call(stub)).written)

    _show_written(asyncio.run(work()), agenda_id)


def _show_written(done: dict[str, Any], agenda_id: str) -> None:
    answer({"agenda_id": agenda_id, **done}, lambda: f"{agenda_id} (revision {done['revision']}, version {done['version']})")


@asynccontextmanager
async def _agenda() -> AsyncIterator[Any]:
    async with channel("agenda") as opened:
        yield agenda_pb2_grpc.AgendaServiceStub(opened)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
