"""A webhook of the sample's partner, set up on the command line of a local stack, hears what became of an event."""

import json
from pathlib import Path
from uuid import uuid4

from tests.command import madang
from tests.integration.partners.receiver import receiving
from tests.stack import RealStack

EXAMPLE = Path(__file__).parents[2] / "protos/examples/madang.partners.inbox.v1/kr.go.seoul.madang.partner.proposal-submitted.v1.json"
RECEIVED = "kr.go.seoul.madang.proposal.received.v1"


async def test_a_webhook_on_this_machine_is_sent_what_became_of_an_event(stack: RealStack, tmp_path: Path) -> None:
    await stack.wait_ready(90)
    (tmp_path / "event.json").write_text(json.dumps(json.loads(EXAMPLE.read_text()) | {"id": str(uuid4())}))
    async with receiving() as receiver:
        adding = "partners", "add-webhook", "--code", "dasan", "--url", receiver.url, "--event-types", RECEIVED, "--json"
        added = (await madang(stack.data, *adding)).json
        await madang(stack.data, "events", "send", str(tmp_path / "event.json"), "--wait")
        (event,) = await receiver.events(1, added["secret"])
        assert event["type"] == RECEIVED
        webhook_id = added["webhook"]["webhook_id"]
        shown = (await madang(stack.data, "partners", "deliveries", "--webhook-id", webhook_id, "--json")).json
        assert [delivery["event_id"] for delivery in shown["deliveries"]] == [event["id"]]
        assert (await madang(stack.data, "partners", "pause-webhook", webhook_id, "--reason", "시험 끝")).code == 0
        assert added["secret"] not in json.dumps((await madang(stack.data, "partners", "webhooks", "--json")).json)
