"""Mandates, from the wire to the outbox."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from madang.type.v1 import vocabulary_pb2 as words
from madang.voices.v1 import mandate_pb2
from madang.voices.v1 import voices_pb2 as pb
from tests.integration.voices.conftest import Stub, appointed, appointment, capture, plan, planned, published, reviewed
from tests.serving import Served


async def test_an_aide_reaches_only_what_is_her_mandates(served: Served, stub: Stub) -> None:
    mandate_id, voice_id = await reviewed(served, stub)
    stranger, own = served.caller("aide", mandate=str(uuid4())), served.caller("aide", mandate=mandate_id)
    calls = [
        stub.PlanActivity(plan(mandate_id), metadata=stranger),
        stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=stranger),
        stub.WithholdVoice(pb.WithholdVoiceRequest(voice_id=voice_id), metadata=stranger),
    ]
    assert [(await served.refusal(call)).code for call in calls] == ["NOT_FOUND"] * 3
    activity_id = (await stub.PlanActivity(plan(mandate_id), metadata=own)).written.id
    assert (await served.refusal(stub.CaptureVoice(capture(activity_id), metadata=stranger))).code == "NOT_FOUND"
    await stub.CaptureVoice(capture(activity_id), metadata=own)
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=own)


async def test_the_person_never_leaves_the_service(served: Served, stub: Stub) -> None:
    mandate_id = await appointed(served, stub)
    found = await stub.GetMandate(pb.GetMandateRequest(mandate_id=mandate_id), metadata=served.caller())
    [event] = await published(served, mandate_id)
    assert b"person-4711" not in found.SerializeToString() + event["payload"]


async def test_pages_of_mandates_follow_each_other_without_gap_or_repetition(served: Served, stub: Stub) -> None:
    made = {await appointed(served, stub) for _ in range(5)}
    seen: list[str] = []
    request = pb.ListMandatesRequest(page_size=2, represented_group=words.REPRESENTED_GROUP_WOMEN)
    while True:
        page = await stub.ListMandates(request)
        assert len(page.mandates) <= 2
        seen += [mandate.mandate_id for mandate in page.mandates]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


async def test_a_page_token_serves_its_own_query_and_caller_only(served: Served, stub: Stub) -> None:
    for _ in range(2):
        await reviewed(served, stub)
    page = await stub.ListVoices(pb.ListVoicesRequest(page_size=1), metadata=served.caller())
    again = pb.ListVoicesRequest(page_size=1, page_token=page.next_page_token)
    assert (await stub.ListVoices(again, metadata=served.caller())).voices
    assert (await served.refusal(stub.ListVoices(again))).code == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start_date": "2026-02-29"}, "DATE_INVALID"),
        ({"start_date": ""}, "FIELD_REQUIRED"),
        ({"end_date": "2025-12-31"}, "TIME_RANGE"),
        ({"person_ref": ""}, "FIELD_REQUIRED"),
    ],
)
async def test_a_mandate_needs_a_person_and_days_that_exist(served: Served, stub: Stub, changes: dict[str, Any], code: str) -> None:
    assert (await served.refusal(stub.AppointMandate(appointment(**changes), metadata=served.caller()))).code == code


async def test_a_nomination_is_hidden_until_the_appointment(served: Served, stub: Stub) -> None:
    request = pb.NominateMandateRequest(
        request_id=str(uuid4()), represented_group=words.REPRESENTED_GROUP_YOUTH, person_ref="person-4712", start_date="2026-01-01",
        nominated_by="청소년단체",
    )  # fmt: skip
    mandate_id = (await stub.NominateMandate(request, metadata=served.caller())).written.id
    get = pb.GetMandateRequest(mandate_id=mandate_id)
    assert (await served.refusal(stub.GetMandate(get, metadata=served.caller("citizen")))).code == "NOT_FOUND"
    assert mandate_id not in {item.mandate_id for item in (await stub.ListMandates(pb.ListMandatesRequest(page_size=500))).mandates}
    early = stub.AppointScreenedMandate(pb.AppointScreenedMandateRequest(mandate_id=mandate_id), metadata=served.caller())
    assert (await served.refusal(early)).code == "TRANSITION_FORBIDDEN"
    await stub.ScreenMandate(pb.ScreenMandateRequest(mandate_id=mandate_id), metadata=served.caller())
    await stub.AppointScreenedMandate(pb.AppointScreenedMandateRequest(mandate_id=mandate_id), metadata=served.caller())
    assert (await stub.GetMandate(get)).mandate.nominated_by == "청소년단체"
    assert [row["version"] for row in await published(served, mandate_id)][:1] == [1]


async def test_nothing_is_planned_or_heard_in_a_mandate_that_is_over(served: Served, stub: Stub) -> None:
    mandate_id, activity_id = await planned(served, stub)
    standing = pb.GetMandateRequest(mandate_id=mandate_id)
    async with asyncio.timeout(10):  # its first day has come, which its clock finds within a second
        while (await stub.GetMandate(standing)).mandate.status != mandate_pb2.MANDATE_STATUS_ACTIVE:  # noqa: ASYNC110 - as a caller sees it
            await asyncio.sleep(0.1)
    await stub.DismissMandate(pb.DismissMandateRequest(mandate_id=mandate_id, reason="이해 충돌"), metadata=served.caller())
    calls = [
        stub.PlanActivity(plan(mandate_id), metadata=served.caller()),
        stub.CaptureVoice(capture(activity_id), metadata=served.caller()),
    ]
    assert [(await served.refusal(call)).code for call in calls] == ["MANDATE_OVER"] * 2
