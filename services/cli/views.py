"""`madang views`: lists that are asked for again and again, under a name."""

import asyncio
import inspect
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Group

from madang.agenda.v1 import view_pb2
from services.cli import agenda_shown as shown
from services.cli.agenda_lists import PAGED, moment
from services.cli.channels import channel
from services.cli.contracts import ask, methods
from services.cli.messages import as_plain, code_of
from services.cli.methods import parameters, request_of
from services.cli.output import answer, note, plain, table
from services.cli.reports import list_command

app = typer.Typer(help="Saved views: a list under a name, and what happened to it since.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The view's name")]
About = Annotated[str, typer.Option(help="What it is for")]
Etag = Annotated[int, typer.Option(min=0, help="Only if the view still has this revision")]
AsOf = Annotated[str, typer.Option(metavar="TIME", help="As the facts committed up to a day or moment make it")]
Since = Annotated[str, typer.Option(metavar="TIME", help="Since when; the `until` of the last answer for whoever follows it")]


def _save(*, name: str, description: str, etag: int, **given: Any) -> None:
    filters = request_of(methods("agenda")["ListItems"], given)
    request = view_pb2.SaveViewRequest(request_id=str(uuid4()), name=name, description=description, filter=filters, etag=etag)
    done = shown.written(_ask("SaveView", request).written)
    answer({"name": name, **done}, lambda: f"{name} (revision {done['revision']})")


def _register_save() -> None:
    """`save` has every filter of a list as its option."""
    filters = [each for each in parameters(methods("agenda")["ListItems"]) if each.name not in PAGED | {"as_of"}]
    own = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, kind, default in (("name", Name, inspect.Parameter.empty), ("description", About, ""), ("etag", Etag, 0))
    ]
    _save.__signature__ = inspect.Signature([*own, *filters])  # type: ignore[attr-defined]
    _save.__annotations__ = {each.name: each.annotation for each in (*own, *filters)}
    app.command("save", help="Save a list's filters under a name; a name that there is already gets the new ones.")(_save)


_register_save()


@app.command("list")
def list_() -> None:
    """Every view."""
    views = as_plain(_ask("ListViews", view_pb2.ListViewsRequest()))["views"]
    found = [{**view, "filter": _filled(view["filter"])} for view in views]
    answer({"views": found}, lambda: table(("name", "what for", "list"), [_line(view) for view in found]))


@app.command()
def show(
    name: Name, limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most")] = 50,
    cursor: Annotated[str, typer.Option(help="Where the last page ended: its `next`")] = "", as_of: AsOf = "",
) -> None:  # fmt: skip
    """What a view shows."""
    request = view_pb2.GetViewRequest(name=name, page_size=limit, page_token=cursor)
    if as_of:
        request.as_of.FromDatetime(moment(as_of, "--as-of"))
    reply = _ask("GetView", request)
    items = [shown.item(each) for each in reply.items]
    total = {"value": reply.total.value, "exact": reply.total.exact}
    found = {"name": name, "items": items, "total": total, "next": reply.next_page_token or None, **shown.freshness(reply.freshness)}
    answer(found, lambda: shown.items_table(items))
    note(f"{len(items):,} of {'' if total['exact'] else 'more than '}{total['value']:,}; up to {found['as_of']}")


@app.command()
def changes(name: Name, since: Since) -> None:
    """What came into a view, changed in it or left it since a moment."""
    request = view_pb2.ListChangesRequest(name=name)
    request.since.FromDatetime(moment(since, "--since"))
    reply = _ask("ListChanges", request)
    kinds = view_pb2.ViewChangeKind.DESCRIPTOR
    found: list[dict[str, Any]] = [{"kind": code_of(kinds, change.kind), "item": shown.item(change.item)} for change in reply.changes]
    rows = [(change["kind"], change["item"]["agenda_id"], change["item"]["status"], change["item"]["title"]) for change in found]
    until = shown.moment(reply, "until")
    answer(
        {"name": name, "changes": found, "until": until, "truncated": reply.truncated},
        lambda: Group(table(("", "agenda id", "status", "title"), rows), plain(f"up to {until}")),
    )


def _ask(method: str, request: Any) -> Any:
    async def work() -> Any:
        async with channel("agenda") as opened:
            return await ask(opened, methods("agenda")[method], request)

    return asyncio.run(work())


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], 0, False)}


def _line(view: dict[str, Any]) -> tuple[str, str, str]:
    return view["name"], view["description"], list_command(view["filter"]).removeprefix("madang agenda list ")
