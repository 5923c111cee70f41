"""`madang partners add | list`: who may send events."""

import asyncio
from typing import Annotated

import typer

from madang.partners.v1 import partner_pb2, partners_pb2, partners_pb2_grpc
from services.cli.channels import channel
from services.cli.output import answer, note, table

app = typer.Typer(help="Partners: outside systems that send events.", no_args_is_help=True)
PREFIX = "PARTNER_KIND_"
KINDS = [name.removeprefix(PREFIX).lower() for name in partner_pb2.PartnerKind.keys()[1:]]


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Stands in its topics and in the source of its events: small letters, digits, hyphens")],
    name: Annotated[str, typer.Option(help="What it is called")] = "",
    kind: Annotated[str, typer.Option(help=f"What kind of body it is: {', '.join(KINDS)}")] = "organisation",
) -> None:
    """Register a partner and make its inbox and its receipts topic. The same partner again: no effect."""
    if kind not in KINDS:
        raise typer.BadParameter(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    added = asyncio.run(_add(partners_pb2.AddPartnerRequest(code=code, name=name or code, kind=_kind(kind))))
    note(f"it may send now; its source is urn:madang:partner:{added.code}")
    answer(_shown(added), lambda: table(("code", "name", "kind", "inbox", "receipts"), [list(_shown(added).values())[:5]]))


@app.command("list")
def list_() -> None:
    """Show every partner with its topics, the newest first."""
    rows = [_shown(partner) for partner in asyncio.run(_all())]
    answer({"partners": rows}, lambda: table(tuple(_shown(partner_pb2.Partner())), [list(row.values()) for row in rows]))


def _kind(kind: str) -> partner_pb2.PartnerKind.ValueType:
    return partner_pb2.PartnerKind.Value(f"{PREFIX}{kind.upper()}")


async def _add(request: partners_pb2.AddPartnerRequest) -> partner_pb2.Partner:
    async with channel("partners") as opened:
        added: partner_pb2.Partner = (await partners_pb2_grpc.PartnerServiceStub(opened).AddPartner(request)).partner
    return added


async def _all() -> list[partner_pb2.Partner]:
    found: list[partner_pb2.Partner] = []
    token = ""
    async with channel("partners") as opened:
        stub = partners_pb2_grpc.PartnerServiceStub(opened)
        while True:
            page = await stub.ListPartners(partners_pb2.ListPartnersRequest(page_size=500, page_token=token))
            found += page.partners
            token = page.next_page_token
            if not token:
                return found


def _shown(partner: partner_pb2.Partner) -> dict[str, str]:
    return {
        "code": partner.code,
        "name": partner.name,
        "kind": partner_pb2.PartnerKind.Name(partner.kind).removeprefix(PREFIX).lower(),
        "inbox": partner.inbox,
        "receipts": partner.receipts,
        "added_at": partner.added_at.ToJsonString(),
    }
