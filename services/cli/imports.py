"""`madang import`: history out of other systems' files, through the services' own import methods."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from madang.council.v1 import council_messages_pb2, council_service_pb2_grpc, import_messages_pb2
from madang.proposals.v1 import proposals_pb2, proposals_pb2_grpc
from services.cli.channels import channel
from services.cli.context import current
from services.cli.output import answer, note, progress
from services.importers import oparl, petitions
from services.importers.report import Report, Row, Tally, reject, send_all
from services.kit import validation
from services.kit.errors import Refused
from services.kit.vocabulary import ImportOutcome
from services.kit.wire import OUTCOMES

app = typer.Typer(help="Take history out of other systems' files.", no_args_is_help=True)
Done = Callable[[Row[Any], ImportOutcome | None], None]
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


@app.command()
def meetings(
    files: Files,
    format: Annotated[str, typer.Option(help="The files' format: oparl")] = "oparl",  # noqa: A002 - the option's name
    organizations: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, readable=True, help="Files that describe the bodies that meet")
    ] = None,
    language: Annotated[str, typer.Option(metavar="TAG", help="The language of the texts, such as de; unknown unless given")] = "",
    dry_run: DryRun = False,
) -> None:
    """Meetings with their agenda items as meetings of councils. The same file again has no effect; a stopped import goes on."""
    known_format(format, "oparl")
    answer(asyncio.run(_meetings(files, organizations or [], language, dry_run=dry_run)))


def known_format(given: str, *known: str) -> None:
    """Refuse a format that nobody reads. Raises typer.BadParameter."""
    if given not in known:
        raise typer.BadParameter(f"{given!r} is no format that can be read here; there is {', '.join(known)}", param_hint="--format")


def report_path(what: str) -> Path:
    """Where an import's report goes: one file an import, in the stack's folder."""
    return current().stack.layout.reports / f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.jsonl"


async def _proposals(files: list[Path], *, dry_run: bool) -> dict[str, Any]:
    began, tally = time.monotonic(), Tally()
    with Report(report_path("proposals")) as report:
        rows = list(_readable((row for path in files for row in petitions.read(path, report.say)), report, tally))
        if dry_run:
            _try(rows, report, _counting(tally))
        else:
            await _send(rows, report, tally)
    return _summary(tally, report, began) | {"dry_run": dry_run}


async def _meetings(files: list[Path], organizations: list[Path], language: str, *, dry_run: bool) -> dict[str, Any]:
    began, tally, bodies = time.monotonic(), Tally(), Tally()
    with Report(report_path("meetings")) as report:
        source = oparl.Source(report.say, language, datetime.now(UTC))
        described = list(_readable((row for path in organizations for row in oparl.read_organizations(path, source)), report, bodies))
        rows = list(_readable((row for path in files for row in oparl.read_meetings(path, source)), report, tally))
        bodies.read += len(source.former)
        if dry_run:
            _try([*described, *source.former], report, _counting(bodies))
            _try(rows, report, _counting_meetings(tally, source.items))
        else:
            await _send_meetings([*described, *source.former], rows, report, _counting(bodies), _counting_meetings(tally, source.items))
    return _summary(tally, report, began) | {"items": asdict(source.items), "bodies": asdict(bodies), "dry_run": dry_run}


def _summary(tally: Tally, report: Report, began: float) -> dict[str, Any]:
    note(f"what was changed or not taken: {report.path} ({report.lines:,} lines)")
    return asdict(tally) | {"seconds": round(time.monotonic() - began, 3), "report": str(report.path)}


def _readable(items: Iterable[Any], report: Report, tally: Tally) -> Iterator[Row[Any]]:
    """The rows that became requests; the others stand in the report."""
    for item in items:
        tally.read += 1
        if isinstance(item, Row):
            yield item
        else:
            place, refused = item
            reject(report, place, refused)
            tally.count(None)


def _try(rows: list[Row[Any]], report: Report, done: Done) -> None:
    """Hold every request against its rules, as the service would."""
    for row in rows:
        try:
            validation.check(row.request)
        except Refused as refused:
            reject(report, row.place, refused)
            done(row, None)
        else:
            done(row, ImportOutcome.ACCEPTED)


async def _send(rows: list[Row[Any]], report: Report, tally: Tally) -> None:
    async with channel("proposals") as opened:
        stub: Any = proposals_pb2_grpc.ProposalServiceStub(opened)

        async def send(request: proposals_pb2.ImportProposalRequest) -> ImportOutcome:
            response = await stub.ImportProposal(request)
            return OUTCOMES.from_wire(response.outcome, "outcome")

        with progress("proposals", len(rows)) as step:
            await send_all(rows, send, report, _stepping(_counting(tally), step))


async def _send_meetings(bodies: list[Row[Any]], rows: list[Row[Any]], report: Report, body_done: Done, meeting_done: Done) -> None:
    async with channel("council") as opened:
        stub: Any = council_service_pb2_grpc.CouncilServiceStub(opened)

        async def send_body(request: council_messages_pb2.ImportCouncilRequest) -> ImportOutcome:
            return OUTCOMES.from_wire((await stub.ImportCouncil(request)).outcome, "outcome")

        async def send_meeting(request: import_messages_pb2.ImportMeetingRequest) -> ImportOutcome:
            return OUTCOMES.from_wire((await stub.ImportMeeting(request)).outcome, "outcome")

        await send_all(bodies, send_body, report, body_done)
        with progress("meetings", len(rows)) as step:
            await send_all(rows, send_meeting, report, _stepping(meeting_done, step))


def _counting(tally: Tally) -> Done:
    return lambda _row, outcome: tally.count(outcome)


def _counting_meetings(tally: Tally, items: Tally) -> Done:
    def done(row: Row[Any], outcome: ImportOutcome | None) -> None:
        tally.count(outcome)
        items.count(outcome, len(row.request.items))

    return done


def _stepping(counted: Done, step: Callable[[int], None]) -> Done:
    def done(row: Row[Any], outcome: ImportOutcome | None) -> None:
        counted(row, outcome)
        step(1)

    return done
