"""`madang doctor`: is everything here that the stack needs?"""

import asyncio

import typer

from services.cli.context import current
from services.cli.exits import Exit
from services.cli.output import answer, table
from services.local.doctor import Finding, examine

app = typer.Typer()
MARKS = {"ok": "ok", "failed": "FAILED", "skipped": "not run"}


@app.command()
def doctor() -> None:
    """Check every precondition of the local stack; each failing line names its repair, and the exit code is 1."""
    findings = asyncio.run(examine(current().stack))
    ok = all(finding.state != "failed" for finding in findings)
    answer({"ok": ok, "checks": findings}, lambda: table(("check", "state", "found"), map(_row, findings)))
    if not ok:
        raise typer.Exit(Exit.FAILED)


def _row(finding: Finding) -> tuple[str, str, str]:
    return finding.name, MARKS[finding.state], finding.found + (f"; {finding.repair}" if finding.repair else "")
