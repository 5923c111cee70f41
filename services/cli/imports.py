"""`madang import`: history out of other systems' files, through the services' own import methods."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from madang.proposals.v1 import proposals_pb2, proposals_pb2_grpc
from services.cli.channels import channel
from services.cli.context import current
from services.cli.output import answer, note, progress
from services.importers import petitions
from services.importers.report import Place, Report, Row, Tally, reject, send_all
from services.kit import validation
from services.kit.errors import Refused
from services.kit.vocabulary import ImportOutcome
from services.kit.wire import OUTCOMES

app = typer.Typer(help="Take history out of other systems' files.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Files, packed with gzip or not")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be taken and change nothing")]


@app.command()
def proposals(
    files: Files,
    format: Annotated[str, typer.Option(help="The files' format: petitions")] = "petitions",  # noqa: A002 - the option's name
    dry_run: DryRun = False,
) -> None:
    """Petitions as proposals. The same file again has no effect; an import that was stopped goes on where it was."""
    known_format(format, "petitions")
    answer(asyncio.run(_proposals(files, dry_run=dry_run)))


def known_format(given: str, *known: str) -> None:
    """Refuse a format that nobody reads. Raises typer.BadParameter."""
    if given not in known:
        raise typer.BadParameter(f"{given!r} is no format that can be read here; there is {', '.join(known)}", param_hint="--format")


def report_path(what: str) -> Path:
    """Where an import's report goes: one file an import, in the stack's folder."""
    return current().data / "reports" / f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.jsonl"


async def _proposals(files: list[Path], *, dry_run: bool) -> dict[str, Any]:
    began, tally = time.monotonic(), Tally()
    with Report(report_path("proposals")) as report:
        rows = list(_readable((row for path in files for row in petitions.read(path, report.say)), report, tally))
        if dry_run:
            _try(rows, report, tally)
        else:
            await _send(rows, report, tally)
    note(f"what was changed or not taken: {report.path} ({report.lines:,} lines)")
    return {
        "read": tally.read, "accepted": tally.accepted, "duplicates": tally.duplicates, "rejected": tally.rejected,
        "seconds": round(time.monotonic() - began, 3), "report": str(report.path), "dry_run": dry_run,
    }  # fmt: skip


def _readable(items: Iterable[Any], report: Report, tally: Tally) -> Iterator[Row[Any]]:
    """The rows that became requests; the others stand in the report."""
    for item in items:
        tally.read += 1
        if isinstance(item, Row):
            yield item
        else:
            place, refused = item
            _reject(report, tally, place, refused)


def _reject(report: Report, tally: Tally, place: Place, refused: Refused) -> None:
    reject(report, place, refused)
    tally.count(None)


def _try(rows: list[Row[Any]], report: Report, tally: Tally) -> None:
    """Hold every request against its rules, as the service would."""
    for row in rows:
        try:
            validation.check(row.request)
            tally.count(ImportOutcome.ACCEPTED)
        except Refused as refused:
            _reject(report, tally, row.place, refused)


async def _send(rows: list[Row[Any]], report: Report, tally: Tally) -> None:
    async with channel("proposals") as opened:
        stub: Any = proposals_pb2_grpc.ProposalServiceStub(opened)

        async def send(request: proposals_pb2.ImportProposalRequest) -> ImportOutcome:
            response = await stub.ImportProposal(request)
            return OUTCOMES.from_wire(response.outcome, "outcome")

        with progress("proposals", len(rows)) as step:
            await send_all(rows, send, report, _counting(tally, step))


def _counting(tally: Tally, step: Callable[[int], None]) -> Callable[[Row[Any], ImportOutcome | None], None]:
    def done(_row: Row[Any], outcome: ImportOutcome | None) -> None:
        tally.count(outcome)
        step(1)

    return done
