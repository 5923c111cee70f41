"""`madang events send | tail | explain | validate`: events of partners and of the platform."""

import asyncio
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from rich.table import Table

from madang.partners.v1 import partner_pb2, partners_pb2, partners_pb2_grpc
from services.cli import causes, event_log
from services.cli.channels import channel
from services.cli.context import current
from services.cli.event_files import FileEvent, check_sendable, read_events
from services.cli.exits import Exit
from services.cli.output import answer, as_json, plain, table

app = typer.Typer(help="Events of partners and of the platform.", no_args_is_help=True)
File = Annotated[str, typer.Argument(metavar="FILE|-", help="One CloudEvent in JSON, a list of them, or one a line; - for standard input")]
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@app.command()
def send(
    file: File,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the receipts; exit 1 where one says refused")] = False,
    timeout: Annotated[float, typer.Option(metavar="S", help="How long to wait for them")] = 60,
) -> None:
    """Send events to the inbox of the partner that their source names."""
    events = read_events(file)
    check_sendable(events)
    sent = asyncio.run(_send(events, timeout if wait else None))
    answer({"events": sent}, lambda: _sent(sent))
    if any(item.get("receipt", {}).get("outcome") == "refused" for item in sent):
        raise typer.Exit(Exit.FAILED)


@app.command()
def validate(file: File) -> None:
    """Hold events against every check of the inbox without sending them; exit 1 where one would be refused."""
    receipts = asyncio.run(_validate(read_events(file)))
    answer({"valid": all(item["valid"] for item in receipts), "events": receipts}, lambda: _validated(receipts))
    if not all(item["valid"] for item in receipts):
        raise typer.Exit(Exit.FAILED)


@app.command()
def tail(
    topic: Annotated[str | None, typer.Argument(help="One topic; all of the platform's unless given")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="T", help="Begin with what was sent since: 2026-11-22T14:00+09:00, or 10m, 2h")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Go on with what comes, until Ctrl-C")] = True,
) -> None:
    """Print events as they pass, decoded, one a line."""
    moment = _moment(since) if since else None
    asyncio.run(event_log.follow([topic] if topic else [], moment, on=follow, show=_print))


@app.command()
def explain(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Of an event, a chain (correlation), a partner's event, or an agenda item")],
) -> None:
    """Show the chain of causes: from the first command, through every fact, to the item on the agenda, with times."""
    found = asyncio.run(causes.explain(identity))
    answer(found, lambda: _explained(found))


async def _send(events: list[FileEvent], timeout_s: float | None) -> list[dict[str, Any]]:
    async with channel("partners") as opened:
        stub = partners_pb2_grpc.PartnerServiceStub(opened)
        partners = {code: await _partner(stub, code) for code in dict.fromkeys(event.partner for event in events)}
    addressed = [(partners[event.partner].inbox, event) for event in events]
    if timeout_s is None:
        return await event_log.send(addressed)
    return await event_log.send_and_wait(addressed, [partner.receipts for partner in partners.values()], timeout_s)


async def _partner(stub: partners_pb2_grpc.PartnerServiceStub, code: str) -> partner_pb2.Partner:
    found: partner_pb2.Partner = (await stub.GetPartner(partners_pb2.GetPartnerRequest(code=code[:40]))).partner
    return found


async def _validate(events: list[FileEvent]) -> list[dict[str, Any]]:
    found = []
    async with channel("partners") as opened:
        stub = partners_pb2_grpc.PartnerServiceStub(opened)
        for event in events:
            reply = await stub.ValidateEvent(partners_pb2.ValidateEventRequest(value=event.value))
            receipt = MessageToDict(reply.receipt, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
            found.append({"valid": reply.valid, **{name: receipt[name] for name in ("event_id", "outcome", "code", "field", "reason")}})
    return found


def _moment(text: str) -> datetime:
    """A moment as people write it: RFC 3339, local where it has no offset, or so long ago."""
    if ago := re.fullmatch(r"(\d{1,6})([smhd])", text):
        return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"--since {text!r}: give a time such as 2026-11-22T14:00+09:00, or 30s, 10m, 2h, 1d") from None


def _print(event: dict[str, Any]) -> None:
    """One line an event: JSON with --json, else what a person looks for first, and then the data."""
    if current().json:
        sys.stdout.write(as_json(event) + "\n")
    else:
        head = f"{event['sent_at']} {event.get('type') or event['topic']} {event.get('subject', '')}"
        sys.stdout.write(f"{plain(head)} {plain(as_json(event.get('data', event.get('undecoded'))))}\n")
    sys.stdout.flush()


def _sent(sent: list[dict[str, Any]]) -> Table:
    rows = []
    for item in sent:
        receipt = item.get("receipt", {})
        became = receipt.get("result") or {}
        said = receipt.get("reason") or " ".join(str(became[name]) for name in ("service", "kind", "id") if name in became)
        rows.append([item["id"], item["topic"], item["partition"], item["offset"], receipt.get("outcome"), receipt.get("code"), said])
    return table(("id", "topic", "partition#", "offset#", "outcome", "code", "what it became, or why not"), rows)


def _validated(receipts: list[dict[str, Any]]) -> Table:
    rows = [[item["event_id"], "valid" if item["valid"] else "refused", item["code"], item["field"], item["reason"]] for item in receipts]
    return table(("id", "would be", "code", "field", "reason"), rows)


def _explained(found: dict[str, Any]) -> Table:
    rows = [[step["at"], step["service"], "  " * step["depth"] + step["what"], step["id"], step["about"]] for step in found["steps"]]
    rows += [
        [item["last_event_at"], "agenda", f"on the agenda: {item['title']} ({item['status']})", "", item["agenda_id"]]
        for item in found["agenda"]
    ]
    return table(("at", "service", "what", "id", "about"), rows)
