"""A chain of causes put together: from the command or the partner's event that began it, through facts, to the item on the agenda."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import grpc

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc, item_pb2
from madang.log.v1 import log_pb2, log_pb2_grpc
from madang.partners.v1 import partners_pb2, partners_pb2_grpc, received_event_pb2
from services.cli.channels import channel
from services.kit.errors import not_found
from services.kit.ids import agenda_id_of
from services.local.processes import SERVICES

SOURCES = ("voices", "council", "workshops", "proposals")
MOST_ITEMS = 50
Steps = dict[str, dict[str, Any]]


async def explain(identity: str) -> dict[str, Any]:
    """Everything known of the chains that an id belongs to.

    Raises:
        Refused: NOT_FOUND where nobody knows the id.
    """
    steps = await _known(await _names_of(identity))
    if not steps:
        raise not_found("event, chain or item", identity)
    for _ in range(2):  # what one service calls a chain, the others are asked for
        steps |= await _known({step["correlation_id"] for step in steps.values()})
    ordered = _in_order(steps)
    return {
        "id": identity,
        "correlation_ids": sorted({step["correlation_id"] for step in ordered}),
        "steps": ordered,
        "agenda": await _items(ordered),
    }


async def _names_of(identity: str) -> set[str]:
    """The ids to look for: the id itself, the chains of a partner's event, the sources of an agenda item."""
    names = {event.correlation_id for event in await _received(partners_pb2.ListReceivedEventsRequest(event_id=identity))}
    if _is_uuid(identity):
        item = await _item(identity)
        names |= {identity, *(source.source_id for source in item.sources)} if item else {identity}
    return names


async def _known(names: Iterable[str]) -> Steps:
    """What every service's log, and the inboxes, have under some ids."""
    asked = [_logged(service, name) for service in SERVICES for name in names] + [_inbox(name) for name in names]
    return {step["id"]: step for found in await asyncio.gather(*asked) for step in found}


async def _logged(service: str, name: str) -> list[dict[str, Any]]:
    async with channel(service) as opened:
        reply = await log_pb2_grpc.LogServiceStub(opened).ListCauses(log_pb2.ListCausesRequest(id=name))
    return [
        {
            "at": event.committed_at.ToJsonString(), "service": service, "what": event.type, "id": event.event_id,
            "about": event.aggregate_id, "version": event.version, "correlation_id": event.correlation_id,
            "causation_id": event.causation_id, "sent_at": event.sent_at.ToJsonString() if event.HasField("sent_at") else None,
        }
        for event in reply.events
    ]  # fmt: skip


async def _inbox(name: str) -> list[dict[str, Any]]:
    """A partner's event as the root of its chain; when it came several times, the one that counts, with the others under it."""
    events = await _received(partners_pb2.ListReceivedEventsRequest(chain_id=name))
    counting = {event.cause_id: event.received_id for event in sorted(events, key=lambda event: bool(event.result.id))}
    return [
        {
            "at": event.received_at.ToJsonString(), "service": "partners", "about": event.event_id,
            "id": event.cause_id if counting[event.cause_id] == event.received_id else event.received_id,
            "what": f"{event.type or 'record'} of {event.partner}: {_outcome(event)} {event.code}".rstrip(),
            "version": 0, "correlation_id": event.correlation_id, "causation_id": event.cause_id, "sent_at": None,
        }
        for event in events
    ]  # fmt: skip


async def _received(request: partners_pb2.ListReceivedEventsRequest) -> list[received_event_pb2.ReceivedEvent]:
    if len(request.event_id) > 200:
        return []
    async with channel("partners") as opened:
        reply = await partners_pb2_grpc.PartnerServiceStub(opened).ListReceivedEvents(request)
    return list(reply.events)


def _outcome(event: received_event_pb2.ReceivedEvent) -> str:
    return received_event_pb2.Outcome.Name(event.outcome).removeprefix("OUTCOME_").lower()


def _in_order(steps: Steps) -> list[dict[str, Any]]:
    """By time, causes before effects, each with its depth. A command leaves nothing but its effects, so it is read from them."""
    for step in list(steps.values()):
        cause = step["causation_id"]
        if cause not in steps:
            command = {"what": "command", "id": cause, "about": "", "version": 0, "causation_id": cause, "sent_at": None}
            first = min((other for other in steps.values() if other["causation_id"] == cause), key=lambda other: other["at"])
            steps[cause] = command | {name: first[name] for name in ("at", "service", "correlation_id")}
    for step in steps.values():
        step["depth"] = _depth(step, steps)
    return sorted(steps.values(), key=lambda step: (step["at"], step["depth"], step["version"]))


def _depth(step: dict[str, Any], steps: Steps) -> int:
    seen = {step["id"]}
    while (cause := step["causation_id"]) not in seen and cause in steps:
        seen.add(cause)
        step = steps[cause]
    return len(seen) - 1


async def _items(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items that the chain has led to: of each source in it, and of each item that officers opened."""
    wanted = [agenda_id_of(step["service"], step["about"]) for step in steps if step["service"] in SOURCES and step["version"]]
    wanted += [UUID(step["about"]) for step in steps if step["service"] == "agenda" and ".agenda-item." in step["what"]]
    unique = list(dict.fromkeys(wanted))[:MOST_ITEMS]
    found = await asyncio.gather(*(_item(str(identity)) for identity in unique))
    return [
        {
            "agenda_id": item.agenda_id, "title": item.title, "owner": item.owner, "part_of": item.part_of or None,
            "status": item_pb2.AgendaStatus.Name(item.status).removeprefix("AGENDA_STATUS_").lower(),
            "first_raised_at": item.first_raised_at.ToJsonString(), "last_event_at": item.last_event_at.ToJsonString(),
        }
        for item in found
        if item
    ]  # fmt: skip


async def _item(identity: str) -> agenda_pb2.AgendaItem | None:
    async with channel("agenda") as opened:
        try:
            reply = await agenda_pb2_grpc.AgendaServiceStub(opened).GetItem(agenda_pb2.GetItemRequest(agenda_id=identity))
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return None
            raise
    found: agenda_pb2.AgendaItem = reply.item
    return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
