"""`madang deadletters list | show | resend`: records that could not be applied, over all services."""

import asyncio
from typing import Annotated, Any

import typer

from madang.log.v1 import log_pb2, log_pb2_grpc
from services.cli import event_log
from services.cli.channels import channel
from services.cli.exits import Exit
from services.cli.output import answer, table
from services.kit.errors import not_found
from services.local.processes import SERVICES

app = typer.Typer(help="Records that could not be applied.", no_args_is_help=True)
COLUMNS = ("id", "code", "topic", "partition", "offset", "at", "reason")
Letter = Annotated[str, typer.Argument(metavar="SERVICE:NUMBER", help="As `deadletters list` shows it, such as agenda:12")]


@app.command("list")
def list_(
    service: Annotated[str | None, typer.Option(help="Only those of one service")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many of each service")] = 100,
) -> None:
    """Show the newest dead letters of every service."""
    if service and service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    letters = asyncio.run(_all([service] if service else list(SERVICES), limit))
    answer({"letters": letters}, lambda: table(COLUMNS, [[letter[name] for name in COLUMNS] for letter in letters]))


@app.command()
def show(letter: Letter) -> None:
    """Show one dead letter, with its record as far as the log still has it and it can be decoded."""
    found = asyncio.run(_one(letter))
    answer(found, lambda: table(("", ""), list(found.items())))


@app.command()
def resend(letters: Annotated[list[str], typer.Argument(metavar="SERVICE:NUMBER...", help="As `deadletters list` shows them")]) -> None:
    """Apply dead letters again, after what ailed them was mended; exit 1 where one fails again."""
    results = asyncio.run(_resend([_parsed(letter) for letter in letters]))
    answer({"letters": results}, lambda: table(("id", "applied", "code"), [list(result.values()) for result in results]))
    if not all(result["applied"] for result in results):
        raise typer.Exit(Exit.FAILED)


def _parsed(letter: str) -> tuple[str, int]:
    service, _, number = letter.rpartition(":")
    if service not in SERVICES or not number.isdecimal():
        raise typer.BadParameter(f"{letter!r} is no dead letter; give SERVICE:NUMBER, such as agenda:12")
    return service, int(number)


async def _all(services: list[str], limit: int) -> list[dict[str, Any]]:
    found = await asyncio.gather(*(_letters(service, log_pb2.ListDeadLettersRequest(page_size=limit)) for service in services))
    return [letter for letters in found for letter in letters]


async def _letters(service: str, request: log_pb2.ListDeadLettersRequest) -> list[dict[str, Any]]:
    async with channel(service) as opened:
        reply = await log_pb2_grpc.LogServiceStub(opened).ListDeadLetters(request)
    return [
        {
            "id": f"{service}:{letter.letter_id}", "code": letter.code, "topic": letter.topic, "partition": letter.partition,
            "offset": letter.offset, "at": letter.at.ToJsonString(), "reason": letter.reason,
        }
        for letter in reply.letters
    ]  # fmt: skip


async def _one(letter: str) -> dict[str, Any]:
    service, number = _parsed(letter)
    found = await _letters(service, log_pb2.ListDeadLettersRequest(letter_id=number))
    if not found:
        raise not_found("dead letter", letter)
    record = await event_log.record_at(found[0]["topic"], found[0]["partition"], found[0]["offset"])
    return found[0] | {"record": record}


async def _resend(letters: list[tuple[str, int]]) -> list[dict[str, Any]]:
    results = []
    for service, number in letters:
        async with channel(service) as opened:
            reply = await log_pb2_grpc.LogServiceStub(opened).ResendDeadLetter(log_pb2.ResendDeadLetterRequest(letter_id=number))
        results.append({"id": f"{service}:{number}", "applied": reply.applied, "code": reply.code})
    return results
