"""The partner's half of the sample: events through the inbox, as the partner itself would send them."""

import json
from typing import Any

from madang.partners.v1 import partners_pb2, partners_pb2_grpc, received_event_pb2
from services.cli import event_log
from services.cli.channels import channel
from services.cli.event_files import SOURCE, FileEvent


async def settle(partner: str, events: list[dict[str, Any]]) -> tuple[int, dict[str, str]]:
    """Send the events that were never received, and wait until all have their outcome.

    Answers how many were sent, and for each event id `accepted` or the code of its refusal. Raises grpc.aio.AioRpcError where the stack
    does not know the partner.
    """
    async with channel("partners") as opened:
        partners = partners_pb2_grpc.PartnerServiceStub(opened)
        inbox = (await partners.GetPartner(partners_pb2.GetPartnerRequest(code=partner))).partner.inbox
        new = [whole(partner, event) for event in events if not await _outcome(partners, partner, event["id"])]
        await event_log.send([(inbox, FileEvent(event, json.dumps(event, ensure_ascii=False).encode())) for event in new])
        await partners.DrainInboxes(partners_pb2.DrainInboxesRequest())
        return len(new), {event["id"]: await _outcome(partners, partner, event["id"]) for event in events}


async def _outcome(partners: partners_pb2_grpc.PartnerServiceStub, partner: str, event_id: str) -> str:
    """Of the newest event with that id: `accepted`, `waiting`, or why it was refused; empty where none was received."""
    request = partners_pb2.ListReceivedEventsRequest(partner=partner, event_id=event_id, page_size=1)
    found = (await partners.ListReceivedEvents(request)).events
    return (found[0].code or received_event_pb2.Outcome.Name(found[0].outcome).removeprefix("OUTCOME_").lower()) if found else ""


def whole(partner: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structured CloudEvent out of what the sample says of it."""
    said = {name: value for name, value in event.items() if name != "expect"}
    return {"specversion": "1.0", "source": f"{SOURCE}{partner}", "datacontenttype": "application/json"} | said
