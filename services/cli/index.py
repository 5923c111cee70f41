"""`madang index import | show`: indexes against a baseline of 100. `values`, `reviews` and `conclude-review` come from the protos."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from madang.agenda.v1 import index_pb2 as pb
from services.cli.messages import as_plain
from services.cli.methods import asked, take_in
from services.cli.output import answer, table
from services.cli.plan import percent, titled
from services.cli.reports import opened

app = typer.Typer(help="Indexes over indicators, and reviews of what fell below 100.", no_args_is_help=True)
DEPTHS = {"whole": 0, "area": 0, "task": 1, "indicator": 2}


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An index, its values, or both, in YAML or JSON")],
) -> None:
    """Take in what an index is made of, values, or both. The same content again changes nothing, not even the version."""
    take_in("agenda", "ImportIndex", file)


@app.command()
def show(
    index: Annotated[str, typer.Option(metavar="CODE", help="Its code; the index that was imported last unless given")] = "",
    period: Annotated[str, typer.Option(help="Such as 2024 or 2024-Q3; the newest that has values unless given")] = "",
    language: Annotated[str, typer.Option(help="Titles in: ko, en, zh or vi; Korean where there are none")] = "ko",
) -> None:
    """An index in a period: the whole, areas, tasks, indicators; `--json` names the filter behind each value."""
    found = as_plain(asked("agenda", "GetIndex", pb.GetIndexRequest(index=index, period=period)))
    found["rows"] = [opened(row, "index values") for row in found["rows"]]
    found["reviews"] = [opened(count, "index reviews") for count in found["reviews"]]
    columns = (f"{found['index']} {found['period']}", "", f"{found['baseline_year']} = 100#", "indicators#", "opened by")
    answer(found, lambda: table(columns, _rows(found, language)))


def _rows(found: Mapping[str, Any], language: str) -> Iterator[tuple[object, ...]]:
    for row in found["rows"]:
        title = "  " * DEPTHS[row["level"]] + titled(row, language)
        yield title, row["code"], percent(row["value"]), row["indicators"], row["opened_by"]
    for count in found["reviews"]:
        yield f"reviews {count['status']}", "", count["count"], "", count["opened_by"]
