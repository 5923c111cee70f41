"""`madang views`: lists that are asked for again and again, under a name."""

from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Group

from madang.agenda.v1 import view_pb2
from services.cli import agenda_shown as shown
from services.cli.agenda_lists import PAGED, moment, page_of, show_page
from services.cli.contracts import methods
from services.cli.messages import as_plain, code_of, filled
from services.cli.methods import asked, parameter, parameters, request_of, takes
from services.cli.output import answer, plain, table
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
    done = shown.written(asked("agenda", "SaveView", request).written)
    answer({"name": name, **done}, lambda: f"{name} (revision {done['revision']})")


def _register_save() -> None:
    """`save` has every filter of a list as its option."""
    filters = [each for each in parameters(methods("agenda")["ListItems"]) if each.name not in PAGED | {"as_of"}]
    takes(_save, [parameter("name", Name), parameter("description", About, ""), parameter("etag", Etag, 0), *filters])
    app.command("save", help="Save a list's filters under a name; a name that there is already gets the new ones.")(_save)


_register_save()


@app.command()
def remove(name: Name, etag: Etag = 0) -> None:
    """Remove a view; its name is free again."""
    done = shown.written(asked("agenda", "RemoveView", view_pb2.RemoveViewRequest(request_id=str(uuid4()), name=name, etag=etag)).written)
    answer({"name": name, **done}, lambda: f"{name} is removed")


@app.command("list")
def list_() -> None:
    """Every view."""
    views = as_plain(asked("agenda", "ListViews", view_pb2.ListViewsRequest()))["views"]
    found = [{**view, "filter": filled(view["filter"])} for view in views]
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
    reply = asked("agenda", "GetView", request)
    items = [shown.item(each) for each in reply.items]
    show_page({"name": name, **page_of(reply, items, reply.next_page_token)})


@app.command()
def changes(name: Name, since: Since) -> None:
    """What came into a view, changed in it or left it since a moment."""
    request = view_pb2.ListChangesRequest(name=name)
    request.since.FromDatetime(moment(since, "--since"))
    reply = asked("agenda", "ListChanges", request)
    kinds = view_pb2.ViewChangeKind.DESCRIPTOR
    found: list[dict[str, Any]] = [{"kind": code_of(kinds, change.kind), "item": shown.item(change.item)} for change in reply.changes]
    rows = [(change["kind"], change["item"]["agenda_id"], change["item"]["status"], change["item"]["title"]) for change in found]
    until = shown.moment(reply, "until")
    answer(
        {"name": name, "changes": found, "until": until, "truncated": reply.truncated},
        lambda: Group(table(("", "agenda id", "status", "title"), rows), plain(f"up to {until}")),
    )


def _line(view: dict[str, Any]) -> tuple[str, str, str]:
    return view["name"], view["description"], list_command(view["filter"]).removeprefix("madang agenda list ")
