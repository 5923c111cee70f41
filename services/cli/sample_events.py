"""The partner's half of the sample: events through the inbox, as the partner itself would send them."""

import json
from typing import Any

from aiokafka import AIOKafkaProducer

from madang.partners.v1 import partners_pb2, partners_pb2_grpc, received_event_pb2
from services.cli.channels import channel
from services.cli.context import current
from services.local import environment

CONTENT_TYPE = [("content-type", b"application/cloudevents+json; charset=utf-8")]


async def settle(partner: str, events: list[dict[str, Any]]) -> tuple[int, dict[str, str]]:
    """Send the events that were never received, and wait until all have their outcome.

    Answers how many were sent, and for each event id `accepted` or the code of its refusal. Raises grpc.aio.AioRpcError where the stack
    does not know the partner.
    """
    async with channel("partners") as opened:
        partners = partners_pb2_grpc.PartnerServiceStub(opened)
        inbox = (await partners.GetPartner(partners_pb2.GetPartnerRequest(code=partner))).partner.inbox
        new = [event for event in events if not await _outcome(partners, partner, event["id"])]
        await _send(inbox, [whole(partner, event) for event in new])
        await partners.DrainInboxes(partners_pb2.DrainInboxesRequest())
        return len(new), {event["id"]: await _outcome(partners, partner, event["id"]) for event in events}


async def _outcome(partners: partners_pb2_grpc.PartnerServiceStub, partner: str, event_id: str) -> str:
    """Of the newest event with that id: `accepted`, `waiting`, or why it was refused; empty where none was received."""
    request = partners_pb2.ListReceivedEventsRequest(partner=partner, event_id=event_id, page_size=1)
    found = (await partners.ListReceivedEvents(request)).events
    return (found[0].code or received_event_pb2.Outcome.Name(found[0].outcome).removeprefix("OUTCOME_").lower()) if found else ""


async def _send(inbox: str, events: list[dict[str, Any]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=environment.bootstrap_of(current().stack.state))
    await producer.start()
    try:
        for event in events:
            value = json.dumps(event, ensure_ascii=False).encode()
            await producer.send_and_wait(inbox, value, key=event["subject"].encode(), headers=CONTENT_TYPE)
    finally:
        await producer.stop()


def whole(partner: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structured CloudEvent out of what the sample says of it."""
    said = {name: value for name, value in event.items() if name != "expect"}
    return {"specversion": "1.0", "source": f"urn:madang:partner:{partner}", "datacontenttype": "application/json"} | said
