"""`madang coverage`, `madang clocks` and `madang report`: figures, each with the command that opens its records."""

import shlex
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Group

from madang.agenda.v1 import report_pb2
from services.cli.agenda_lists import moment
from services.cli.messages import as_plain, filled
from services.cli.methods import asked
from services.cli.output import answer, plain, table

app = typer.Typer()
report_app = typer.Typer(help="Reports on a period; every figure opens the records behind it.", no_args_is_help=True)
app.add_typer(report_app, name="report")

AsOf = Annotated[str, typer.Option(metavar="TIME", help="The cut-off: facts that were committed later do not count")]
Quarter = Annotated[str, typer.Option(help="Such as 2026-Q4")]


@app.command()
def coverage(quarter: Quarter = "", as_of: AsOf = "") -> None:
    """What each of the twelve groups said in a quarter, in each service, and how much of it was answered."""
    found = _ask("GetCoverage", report_pb2.GetCoverageRequest(quarter=quarter), as_of)
    answer(found, lambda: Group(_lines(found["lines"], ("group", "service"), ("raised", "answered", "median_days")), *_silent(found)))


@app.command()
def clocks(
    by: Annotated[str, typer.Option(help="Put together by group, department or quarter")] = "", quarter: Quarter = "", as_of: AsOf = "",
) -> None:  # fmt: skip
    """How many days pass from the first voice to an owner, the first answer, a decision, a measured effect."""
    known = {name.removeprefix("CLOCKS_BY_").lower(): number for name, number in report_pb2.ClocksBy.items() if number}
    if by and by not in known:
        raise typer.BadParameter(f"{by!r} is none of {', '.join(known)}", param_hint="--by")
    request = report_pb2.GetClocksRequest(by=known.get(by, 0), quarter=quarter)  # type: ignore[arg-type]
    found = _ask("GetClocks", request, as_of)
    answer(found, lambda: _clocks_table(found["lines"]))


def _period_command(kind: str, example: str) -> None:
    about = Annotated[str, typer.Argument(metavar="PERIOD", help=example)]

    def command(period: str, as_of: str = "") -> None:
        number = report_pb2.ReportKind.Value(f"REPORT_KIND_{kind.upper()}")
        found = _ask("GetReport", report_pb2.GetReportRequest(kind=number, period=period), as_of)
        answer(found, lambda: _report_table(found))

    command.__annotations__ = {"period": about, "as_of": AsOf}
    report_app.command(kind, help=f"What was raised, answered, decided and missed. {example}.")(command)


for kind, example in {"quarter": "A quarter such as 2026-Q4", "year": "A year such as 2026", "biennial": "The first of two years"}.items():
    _period_command(kind, example)


def _ask(method: str, request: Any, as_of: str) -> dict[str, Any]:
    """The answer as plain data, each figure with the command that opens its records."""
    if as_of:
        request.as_of.FromDatetime(moment(as_of, "--as-of"))
    return with_commands(as_plain(asked("agenda", method, request)))  # type: ignore[no-any-return]


def with_commands(found: Any) -> Any:
    """Plain data whose figures say which command opens their records."""
    if isinstance(found, list):
        return [with_commands(each) for each in found]
    if not isinstance(found, dict):
        return found
    if not isinstance(found.get("records"), dict):
        return {name: with_commands(value) for name, value in found.items()}
    return opened(found, "agenda list")


def opened(found: dict[str, Any], command: str) -> dict[str, Any]:
    """A figure, or a row of figures, with the command that opens its records."""
    records = filled(found["records"])
    return found | {"records": records, "opened_by": list_command(records, command)}


def list_command(records: dict[str, Any], command: str = "agenda list") -> str:
    """A listing command with the options that a request's fields are."""
    options: list[str] = []
    for name, value in records.items():
        option = f"--{name.replace('_', '-')}"
        values = [] if value is True else value if isinstance(value, list) else [value]
        options += [part for each in values for part in (option, str(each))] or [option]
    return shlex.join(["madang", *command.split(), *options])


def _lines(lines: Iterable[dict[str, Any]], keys: tuple[str, ...], names: tuple[str, ...]) -> Any:
    """The lines of which anything was heard."""
    heard = [line for line in lines if line[names[0]]["value"]]
    rows = [(*(line[key] or "all" for key in keys), *(_number(line[name]) for name in names)) for line in heard]
    return table((*keys, *(f"{name.replace('_', ' ')}#" for name in names)), rows)


def _clocks_table(lines: Iterable[dict[str, Any]]) -> Any:
    came, rows = ("owned", "answered", "decided", "measured"), []
    for line in lines:
        days = {figure["name"]: figure for figure in line["median_days"]}
        reached = {figure["name"]: figure for figure in line["reached"]}
        cells = [f"{_number(reached[name])} ({_number(days.get(name)) or '–'} d)" for name in came]
        rows.append((line["key"] or "all", _number(line["items"]), *cells, _number(line["missed"])))
    return table(("", "items#", *(f"{name}#" for name in came), "missed#"), rows)


def _report_table(found: dict[str, Any]) -> Any:
    rows = [
        (part["name"].replace("_", " ") if place == 0 else "", figure["name"], _number(figure), figure["unit"])
        for part in found["parts"] for place, figure in enumerate(part["figures"])
    ]  # fmt: skip
    return Group(table(("", "", "how much#", ""), rows), plain(f"as of {found['as_of']}"))


def _silent(found: dict[str, Any]) -> list[Any]:
    return [plain(f"silent in {found['quarter']}: {', '.join(found['silent_groups'])}")] if found["silent_groups"] else []


def _number(figure: dict[str, Any] | None) -> str:
    return f"{figure['value']:,.1f}".removesuffix(".0") if figure else ""
