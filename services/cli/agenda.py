"""`madang agenda`: the consolidated agenda, as officers find it and work on it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, suggestion_pb2
from madang.type.v1 import text_pb2, vocabulary_pb2
from services.cli import agenda_shown as shown
from services.cli import agenda_upkeep
from services.cli.agenda_lists import MOST, agenda_stub, moment, register_lists
from services.cli.messages import text_of
from services.cli.methods import asked
from services.cli.output import answer, note

app = typer.Typer(help="The consolidated agenda: find items, follow them, work on them.", no_args_is_help=True)
agenda_upkeep.register(app)

ItemId = Annotated[str, typer.Argument(metavar="ID", help="An item's agenda id, as `list` shows it")]
SourceName = Annotated[str, typer.Argument(metavar="SOURCE", help="SERVICE:ID of a source, or a candidate's agenda id")]
Reason = Annotated[str, typer.Option(help="Why; stands in the timeline")]
Etag = Annotated[int, typer.Option(min=0, help="Only if the item still has this revision")]
Relation = Annotated[str, typer.Option(help="What the source is to the item: raised, supports, duplicates, decides or results")]
AsOf = Annotated[str, typer.Option(metavar="TIME", help="As the facts committed up to a day or moment make it")]
Words = Annotated[list[str], typer.Option(metavar="[LANGUAGE=]WORDS", help="The words, once in each language, such as `vi=…`")]
Department = Annotated[str, typer.Option(help="The department that speaks")]
Tag = Annotated[list[str] | None, typer.Option(help="May be given again and again")]
register_lists(app)


@app.command()
def show(agenda_id: ItemId, as_of: AsOf = "") -> None:
    """Show one item with its sources; one that was merged leads to the item that it is part of now."""
    found = asyncio.run(_get(agenda_id, as_of))
    shown_item = shown.item(found.item) | {
        "redirected_from": found.redirected_from or None, "answer": shown.words(found.decision, "answer"),
        "interim_reply": shown.words(found.decision, "interim_reply"),
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
    found = asked("agenda", "SuggestItems", suggestion_pb2.SuggestItemsRequest(agenda_id=agenda_id, limit=limit))
    suggestions = [shown.suggestion(each) for each in found.suggestions]
    answer({"suggestions": suggestions, **shown.freshness(found.freshness)}, lambda: shown.suggestions_table(suggestions))


@app.command("open")
def open_(
    what: Annotated[str, typer.Argument(help="A candidate's agenda id, or the title of a new item")],
    title: Annotated[str, typer.Option(help="Instead of the candidate's own; a voice lends none")] = "",
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
    """Link a source to an item; a source stands for the item that it is part of, or is opened first. The item's id is answered."""
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
def answer_(agenda_id: ItemId, text: Words, department: Department, etag: Etag = 0) -> None:
    """Answer everybody who is linked to an item, each in the own language where there are words for it."""
    texts = [text_of(words) for words in text]
    request = pb.AnswerItemRequest(request_id=str(uuid4()), agenda_id=agenda_id, department=department, texts=texts, etag=etag)
    _command(agenda_id, lambda stub: stub.AnswerItem(request))


@app.command()
def reply(agenda_id: ItemId, text: Words, department: Department, etag: Etag = 0) -> None:
    """Say something to everybody who is linked to an item before there is an answer."""
    texts = [text_of(words) for words in text]
    request = pb.ReplyMeanwhileRequest(request_id=str(uuid4()), agenda_id=agenda_id, department=department, texts=texts, etag=etag)
    _command(agenda_id, lambda stub: stub.ReplyMeanwhile(request))


@app.command()
def park(agenda_id: ItemId, reason: Reason, etag: Etag = 0) -> None:
    """Put an item aside; `status ID open` takes it up again."""
    status(agenda_id, "parked", reason, etag)


@app.command()
def tag(
    agenda_id: ItemId, theme: Tag = None, without_theme: Tag = None,
    task: Annotated[list[str] | None, typer.Option(help="A detailed task of a plan, such as hr2013/1.2.3.4")] = None,
    without_task: Tag = None, etag: Etag = 0,
) -> None:  # fmt: skip
    """Give an item themes and tasks of plans, or take some from it."""
    request = pb.TagItemRequest(
        request_id=str(uuid4()), agenda_id=agenda_id, themes=theme or [], without_themes=without_theme or [], plan_tasks=task or [],
        without_plan_tasks=without_task or [], etag=etag,
    )  # fmt: skip
    _command(agenda_id, lambda stub: stub.TagItem(request))


@app.command()
def merge(
    agenda_id: ItemId, into: Annotated[str, typer.Argument(metavar="INTO", help="The item that stands for both")],
    reason: Reason = "", etag: Etag = 0,
) -> None:  # fmt: skip
    """Merge an item into another one, which has its sources from then on."""
    request = pb.MergeItemRequest(request_id=str(uuid4()), agenda_id=agenda_id, into=into, reason=reason, etag=etag)
    _command(agenda_id, lambda stub: stub.MergeItem(request))


@app.command()
def split(
    agenda_id: ItemId, source: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="SERVICE:ID, or agenda ids, of its sources")],
    title: Annotated[str, typer.Option(help="Of the new item; a source that is no voice may lend it")] = "", reason: Reason = "",
    etag: Etag = 0,
) -> None:  # fmt: skip
    """Make an item of its own of some sources of another one; the new item's id is answered."""
    request = pb.SplitItemRequest(request_id=str(uuid4()), agenda_id=agenda_id, title=title, reason=reason, etag=etag)

    async def work() -> dict[str, Any]:
        async with agenda_stub() as stub:
            request.sources.extend([await _source(stub, name) for name in source])
            return shown.written((await stub.SplitItem(request)).written)

    done = asyncio.run(work())
    _show_written(done, done["id"])


@app.command()
def undo(agenda_id: ItemId, reason: Reason = "", etag: Etag = 0) -> None:
    """Undo an item's merge, or bring an item that was split from another one back to it."""
    request = pb.UndoItemRequest(request_id=str(uuid4()), agenda_id=agenda_id, reason=reason, etag=etag)
    _command(agenda_id, lambda stub: stub.UndoItem(request))


async def _get(agenda_id: str, as_of: str) -> pb.GetItemResponse:
    request = pb.GetItemRequest(agenda_id=agenda_id)
    if as_of:
        request.as_of.FromDatetime(moment(as_of, "--as-of"))
    async with agenda_stub() as stub:
        found: pb.GetItemResponse = await stub.GetItem(request)
    return found


async def _steps(agenda_id: str) -> list[pb.TimelineStep]:
    steps: list[pb.TimelineStep] = []
    request = pb.GetTimelineRequest(agenda_id=agenda_id, page_size=MOST)
    async with agenda_stub() as stub:
        while True:
            page = await stub.GetTimeline(request)
            steps, request.page_token = [*steps, *page.steps], page.next_page_token
            if not request.page_token:
                return steps


async def _open(request: pb.OpenItemRequest, names: list[str]) -> dict[str, Any]:
    async with agenda_stub() as stub:
        request.sources.extend([await _source(stub, name) for name in names])
        return shown.written((await stub.OpenItem(request)).written)


async def _link(agenda_id: str, name: str, relation: Any) -> tuple[str, dict[str, Any]]:
    async with agenda_stub() as stub:
        source = await _source(stub, name, relation)
        found = (await stub.GetItem(pb.GetItemRequest(agenda_id=agenda_id))).item
        if found.part_of:
            agenda_id = found.part_of
            note(f"{found.agenda_id} is part of {agenda_id}")
        elif found.status == item_pb2.AGENDA_STATUS_CANDIDATE:
            own = [pb.SourceRef(service=each.service, source_id=each.source_id) for each in found.sources]
            agenda_id = (await stub.OpenItem(pb.OpenItemRequest(request_id=str(uuid4()), sources=own))).written.id
            note(f"{found.agenda_id} was a candidate; opened {agenda_id} out of it")
        reply = await stub.LinkSource(pb.LinkSourceRequest(request_id=str(uuid4()), agenda_id=agenda_id, source=source))
    return agenda_id, shown.written(reply.written)


async def _source(stub: Any, name: str, relation: Any = 0) -> pb.SourceRef:
    """A source by `SERVICE:ID`, or by its own id on the agenda. Raises typer.BadParameter."""
    service, colon, identity = name.partition(":")
    if not _is_id(identity if colon else name):
        raise typer.BadParameter(f"{name!r} is neither SERVICE:ID nor an agenda id", param_hint="SOURCE")
    if colon:
        return pb.SourceRef(service=shown.number(vocabulary_pb2.SourceService, service, "SOURCE"), source_id=identity, relation=relation)
    found = (await stub.GetItem(pb.GetItemRequest(agenda_id=name))).item
    if found.status != item_pb2.AGENDA_STATUS_CANDIDATE:
        raise typer.BadParameter(f"{name} is an opened item, and no source", param_hint="SOURCE")
    return pb.SourceRef(service=found.sources[0].service, source_id=found.sources[0].source_id, relation=relation)


def _command(agenda_id: str, call: Callable[[Any], Awaitable[Any]]) -> None:
    async def work() -> dict[str, Any]:
        async with agenda_stub() as stub:
            return shown.written((await call(stub)).written)

    _show_written(asyncio.run(work()), agenda_id)


def _show_written(done: dict[str, Any], agenda_id: str) -> None:
    answer({"agenda_id": agenda_id, **done}, lambda: f"{agenda_id} (revision {done['revision']}, version {done['version']})")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
