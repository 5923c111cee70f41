"""`madang plan import | show | progress`: plans of the city. `tasks` comes from the protos."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from madang.agenda.v1 import plan_pb2 as pb
from services.cli.messages import as_plain
from services.cli.methods import asked, take_in
from services.cli.output import answer, table
from services.cli.reports import opened, with_commands

app = typer.Typer(help="Plans of the city: what they contain, what each year reached, which items serve them.", no_args_is_help=True)

PlanCode = Annotated[str, typer.Option("--plan", metavar="CODE", help="The plan's code; the plan that was imported last unless given")]
Language = Annotated[str, typer.Option(help="Titles in: ko, en, zh or vi; Korean where there are none")]


@app.command(name="import")
def import_(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A plan in YAML or JSON")]) -> None:
    """Take a whole plan in; it replaces the one of its code. The same plan again changes nothing, not even the version."""
    take_in("agenda", "ImportPlan", file)


@app.command()
def show(plan: PlanCode = "", language: Language = "ko") -> None:
    """A plan with every node."""
    found = as_plain(asked("agenda", "GetPlan", pb.GetPlanRequest(plan=plan)))
    rows = [(node["code"], titled(node, language), node["department"]) for node in found["plan"]["nodes"]]
    answer(found, lambda: table(("code", titled(found["plan"], language), "department"), rows))


@app.command()
def progress(
    plan: PlanCode = "",
    year: Annotated[int, typer.Option(help="Which year; this one, or the plan's nearest to it, unless given")] = 0,
    language: Language = "ko",
) -> None:
    """What a year aimed at and reached, node by node, and the items that are tagged: `--json` names the filter behind each figure."""
    found = as_plain(asked("agenda", "GetPlanProgress", pb.GetPlanProgressRequest(plan=plan, year=year)))
    found["rows"] = [opened(row, "plan tasks") | {"items": with_commands(row["items"])} for row in found["rows"]]
    columns = ("code", f"{found['plan']} {found['year']}", "tasks#", "target %#", "progress %#", "opened by", "items#", "of them", "tag")
    answer(found, lambda: table(columns, _rows(found, language)))


def _rows(found: Mapping[str, Any], language: str) -> Iterator[tuple[object, ...]]:
    for row in found["rows"]:
        means = (percent(row["target"]), percent(row["progress"]))
        yield row["code"], titled(row, language), row["tasks"], *means, row["opened_by"], *_items(row["items"])


def _items(figures: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    if not figures:
        return "", "", ""
    total, *stood = figures
    of_them = ", ".join(f"{figure['name']} {figure['value']:.0f}" for figure in stood)
    return f"{total['value']:.0f}", of_them, *total["records"]["tags"]


def titled(thing: Mapping[str, Any], language: str) -> str:
    """A thing's title in a language, in Korean where there is none."""
    return str(thing["title"].get(language) or thing["title"]["ko"])


def percent(value: float | None) -> str:
    """A figure with one digit after the point, empty for none."""
    return "" if value is None else f"{value:.1f}"
