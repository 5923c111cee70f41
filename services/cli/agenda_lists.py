"""`madang agenda list` and `search`: their filters are the fields of the request, page after page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import agenda_pb2_grpc
from services.cli import agenda_shown as shown
from services.cli.channels import channel
from services.cli.contracts import methods
from services.cli.messages import moment_of
from services.cli.methods import parameter, parameters, request_of, takes
from services.cli.output import answer, note

MOST = 500
PAGED = {"page_size", "page_token"}
Limit = Annotated[int, typer.Option(min=1, help="How many at most")]
Cursor = Annotated[str, typer.Option(help="Where the last page ended: its `next`")]
All = Annotated[bool, typer.Option("--all", help="Every page")]
Query = Annotated[str, typer.Argument(help="Words; each must be contained in the title, the summary or the text of a source")]


def register_lists(app: typer.Typer) -> None:
    """Give the commands to `madang agenda`."""
    app.command("search", help="Find items by words.")(_listing({"query": Query}))
    app.command("list", help="List items: those that were opened, and every source that is not yet part of one.")(_listing({}))


@asynccontextmanager
async def agenda_stub() -> AsyncIterator[Any]:
    """The agenda's methods."""
    async with channel("agenda") as opened:
        yield agenda_pb2_grpc.AgendaServiceStub(opened)


def moment(text: str, option: str) -> datetime:
    """A moment, or a day's beginning in Seoul. Raises typer.BadParameter."""
    try:
        return moment_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _listing(first: dict[str, Any]) -> Callable[..., None]:
    """A command with every filter of the request as its option, but those that `first` has as arguments."""
    method = methods("agenda")["ListItems"]
    filters = [each for each in parameters(method) if each.name not in PAGED | first.keys() | {"query"}]
    own = [
        *(parameter(name, kind) for name, kind in first.items()),
        parameter("limit", Limit, 50), parameter("cursor", Cursor, ""), parameter("everything", All, False),
    ]  # fmt: skip

    def run(*, limit: int, cursor: str, everything: bool, **given: Any) -> None:
        show_page(asyncio.run(_pages(request_of(method, given), None if everything else limit, cursor)))

    takes(run, [*own, *filters])
    return run


def show_page(found: dict[str, Any]) -> None:
    """Show what `page_of` made of a page."""
    answer(found, lambda: shown.items_table(found["items"]))
    total = found["total"]
    note(f"{len(found['items']):,} of {'' if total['exact'] else 'more than '}{total['value']:,}; up to {found['as_of']}")


def page_of(first: Any, items: list[dict[str, Any]], following: str) -> dict[str, Any]:
    """Items as they are shown; total and freshness are the first page's, `following` is where the last one ended."""
    total = {"value": first.total.value, "exact": first.total.exact}
    return {"items": items, "total": total, "next": following or None, **shown.freshness(first.freshness)}


async def _pages(request: pb.ListItemsRequest, limit: int | None, cursor: str) -> dict[str, Any]:
    """One page, or as many as the limit takes."""
    items: list[dict[str, Any]] = []
    first, request.page_token = None, cursor
    async with agenda_stub() as stub:
        while True:
            request.page_size = min(MOST, limit - len(items)) if limit else MOST
            page = await stub.ListItems(request)
            first, request.page_token = first or page, page.next_page_token
            items += [shown.item(each) for each in page.items]
            if not page.next_page_token or (limit and len(items) >= limit):
                break
    return page_of(first, items, page.next_page_token)
