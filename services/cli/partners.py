"""`madang partners add`: who may send events. Every other command comes from the protos."""

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
    programme: Annotated[str, typer.Option(help="The programme that it belongs to, such as sharing_city")] = "",
    designated_from: Annotated[str, typer.Option(help="The first day of its designation, YYYY-MM-DD")] = "",
    designated_until: Annotated[str, typer.Option(help="The last day of its designation; without end where empty")] = "",
) -> None:
    """Register a partner and make its inbox and its receipts topic. The same partner again: no effect."""
    if kind not in KINDS:
        raise typer.BadParameter(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    request = partners_pb2.AddPartnerRequest(
        code=code, name=name or code, kind=_kind(kind), programme=programme, designated_from=designated_from,
        designated_until=designated_until,
    )  # fmt: skip
    added = asyncio.run(_add(request))
    note(f"it may send now; its source is urn:madang:partner:{added.code}")
    answer(_shown(added), lambda: table(("code", "name", "kind", "inbox", "receipts"), [list(_shown(added).values())[:5]]))


def _kind(kind: str) -> partner_pb2.PartnerKind.ValueType:
    return partner_pb2.PartnerKind.Value(f"{PREFIX}{kind.upper()}")


async def _add(request: partners_pb2.AddPartnerRequest) -> partner_pb2.Partner:
    async with channel("partners") as opened:
        added: partner_pb2.Partner = (await partners_pb2_grpc.PartnerServiceStub(opened).AddPartner(request)).partner
    return added


def _shown(partner: partner_pb2.Partner) -> dict[str, str]:
    return {
        "code": partner.code,
        "name": partner.name,
        "kind": partner_pb2.PartnerKind.Name(partner.kind).removeprefix(PREFIX).lower(),
        "inbox": partner.inbox,
        "receipts": partner.receipts,
        "added_at": partner.added_at.ToJsonString(),
    }
