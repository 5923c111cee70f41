"""Voices, from the wire to the outbox, and what they add up to."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from madang.type.v1 import vocabulary_pb2 as words
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import voice_pb2
from madang.voices.v1 import voices_pb2 as pb
from services.kit.errors import Kind
from tests.integration.voices.conftest import SECRET, Stub, appointed, capture, planned, published, relayed, reviewed
from tests.serving import Served


async def test_a_voice_can_live_its_whole_life(served: Served, stub: Stub) -> None:
    mandate_id, voice_id = await reviewed(served, stub)
    relayed = await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert (relayed.written.revision, relayed.written.version) == (3, 1)
    found = (await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id))).voice
    assert (found.status, found.text.plain, found.mandate_id) == (voice_pb2.VOICE_STATUS_RELAYED, SECRET, mandate_id)
    assert (found.represented_group, found.district_code, list(found.themes)) == (words.REPRESENTED_GROUP_WOMEN, "11545", ["safety"])
    assert found.raised_at.ToJsonString() == "2026-11-20T01:00:00Z"
    withdrawn = await stub.WithdrawVoice(pb.WithdrawVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert (withdrawn.written.revision, withdrawn.written.version) == (4, 2)
    history = await stub.GetVoiceHistory(pb.GetVoiceHistoryRequest(voice_id=voice_id))
    assert [step.type.split(".")[-2] for step in history.steps] == ["relayed", "withdrawn"]


async def test_a_draft_is_unpublished_and_has_version_zero(served: Served, stub: Stub) -> None:
    _, activity_id = await planned(served, stub)
    captured = (await stub.CaptureVoice(capture(activity_id), metadata=served.caller())).written
    assert (captured.revision, captured.version) == (1, 0)
    assert await published(served, captured.id) == []


async def test_a_voice_without_consent_cannot_be_relayed_and_stays_where_it_is(served: Served, stub: Stub) -> None:
    _, voice_id = await reviewed(served, stub, consent=voice_pb2.CONSENT_UNSPECIFIED)
    refused = await served.refusal(stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller()))
    assert (refused.kind, refused.code) == (Kind.STATE, "CONSENT_MISSING")
    standing = await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert (standing.voice.status, standing.written.revision) == (voice_pb2.VOICE_STATUS_REVIEWED, 2)


async def test_a_withheld_voice_never_leaves_the_service(served: Served, stub: Stub) -> None:
    mandate_id, voice_id = await reviewed(served, stub, consent=voice_pb2.CONSENT_REFUSED)
    withheld = await stub.WithholdVoice(pb.WithholdVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert withheld.written.version == 0
    assert await published(served, voice_id) == []
    strangers = [None, *(served.caller(role) for role in ("citizen", "partner", "officer", "innovation_officer", "auditor", "service"))]
    for metadata in [*strangers, served.caller("aide", mandate=str(uuid4()))]:
        refused = await served.refusal(stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=metadata))
        assert refused.code == "NOT_FOUND"
        refused = await served.refusal(stub.GetVoiceHistory(pb.GetVoiceHistoryRequest(voice_id=voice_id), metadata=metadata))
        assert refused.code == "NOT_FOUND"
    found = await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=served.caller("aide", mandate=mandate_id))
    assert found.voice.text.plain == SECRET


async def test_a_sensitive_voice_is_published_without_its_words(served: Served, stub: Stub) -> None:
    mandate_id, voice_id = await reviewed(served, stub, voice_pb2.SENSITIVITY_SENSITIVE)
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller())
    [event] = await published(served, voice_id)
    seen = await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id))
    listed = await stub.ListVoices(pb.ListVoicesRequest(page_size=500))
    for public in (event["payload"], seen.SerializeToString(), *(v.SerializeToString() for v in listed.voices if v.voice_id == voice_id)):
        assert SECRET.encode() not in public
    whole = await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=served.caller("aide", mandate=mandate_id))
    assert whole.voice.text.plain == SECRET


async def test_a_withdrawn_voice_has_lost_its_words_here_and_in_its_fact(served: Served, stub: Stub) -> None:
    _, voice_id = await reviewed(served, stub)
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller())
    await stub.WithdrawVoice(pb.WithdrawVoiceRequest(voice_id=voice_id), metadata=served.caller())
    relayed, withdrawn = await published(served, voice_id)
    assert SECRET.encode() in relayed["payload"]
    assert SECRET.encode() not in withdrawn["payload"]
    whole = await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert (whole.voice.HasField("text"), whole.voice.consent) == (False, voice_pb2.CONSENT_TAKEN_BACK)


async def test_everybody_lists_relayed_voices_an_aide_her_mandates_too_and_an_operator_all(served: Served, stub: Stub) -> None:
    mandate_id, draft = await reviewed(served, stub)
    _, relayed = await reviewed(served, stub)
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=relayed), metadata=served.caller())
    _, foreign = await reviewed(served, stub)

    async def seen(metadata: Any) -> set[str]:
        page = await stub.ListVoices(pb.ListVoicesRequest(page_size=500), metadata=metadata)
        return {voice.voice_id for voice in page.voices} & {draft, relayed, foreign}

    assert await seen(None) == {relayed}
    assert await seen(served.caller("auditor")) == {relayed}
    assert await seen(served.caller("aide", mandate=mandate_id)) == {draft, relayed}
    assert await seen(served.caller()) == {draft, relayed, foreign}


async def test_nobody_sees_drafts_by_asking_for_them(served: Served, stub: Stub) -> None:
    await reviewed(served, stub)
    page = await stub.ListVoices(pb.ListVoicesRequest(status=voice_pb2.VOICE_STATUS_REVIEWED))
    assert not page.voices


async def test_what_an_aide_heard_outside_an_activity_belongs_to_her_mandate(served: Served, stub: Stub) -> None:
    mandate_id = await appointed(served, stub)
    own = served.caller("aide", mandate=mandate_id)
    voice_id = (await stub.CaptureVoice(capture(), metadata=own)).written.id
    found = (await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id), metadata=own)).voice
    assert (found.mandate_id, found.represented_group) == (mandate_id, words.REPRESENTED_GROUP_WOMEN)


async def test_a_partners_voice_has_no_mandate_and_is_the_operators_to_review(served: Served, stub: Stub) -> None:
    partner = served.caller("service", subject="service:partners")
    request = capture(represented_group=words.REPRESENTED_GROUP_ELDERLY, origin="dasan:77")
    voice_id = (await stub.CaptureVoice(request, metadata=partner)).written.id
    review = pb.ReviewVoiceRequest(voice_id=voice_id, sensitivity=voice_pb2.SENSITIVITY_PUBLIC)
    aide = served.caller("aide", mandate=await appointed(served, stub))
    assert (await served.refusal(stub.ReviewVoice(review, metadata=aide))).code == "NOT_FOUND"
    await stub.ReviewVoice(review, metadata=served.caller())
    await stub.RelayVoice(pb.RelayVoiceRequest(voice_id=voice_id), metadata=served.caller())
    assert (await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id))).voice.origin == "dasan:77"


async def test_a_voice_is_captured_once_whoever_repeats_the_call(served: Served, stub: Stub) -> None:
    _, activity_id = await planned(served, stub)
    request = capture(activity_id)
    answers = await asyncio.gather(*(stub.CaptureVoice(request, metadata=served.caller()) for _ in range(6)))
    assert len({answer.SerializeToString() for answer in answers}) == 1
    found = await stub.ListVoices(pb.ListVoicesRequest(activity_id=activity_id), metadata=served.caller())
    assert [voice.voice_id for voice in found.voices] == [answers[0].written.id]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": Text(plain=" \n\u3000")}, "TEXT_REQUIRED"),
        ({"text": Text(plain="말\x00씀")}, "TEXT_FORBIDDEN_CHAR"),
        ({"text": None}, "FIELD_REQUIRED"),
        ({"represented_group": 0}, "GROUP_REQUIRED"),
        ({"represented_group": 13}, "ENUM_UNKNOWN"),
        ({"consent": voice_pb2.CONSENT_TAKEN_BACK}, "ENUM_UNKNOWN"),
        ({"district_code": "1"}, "DISTRICT_UNKNOWN"),
        ({"activity_id": "not-an-id"}, "ID_INVALID"),
        ({"activity_id": str(UUID(int=1))}, "NOT_FOUND"),
        ({"themes": ["bus", "bus"]}, "DUPLICATE_ITEM"),
    ],
)
async def test_bad_input_has_a_stable_code(served: Served, stub: Stub, changes: dict[str, Any], code: str) -> None:
    request = capture(**({"represented_group": 1} | changes))
    assert (await served.refusal(stub.CaptureVoice(request, metadata=served.caller()))).code == code


async def test_a_duplicate_names_the_voice_that_stays(served: Served, stub: Stub) -> None:
    _, original = await relayed(served, stub)
    _, voice_id = await relayed(served, stub)
    request = pb.MarkDuplicateRequest(request_id=str(uuid4()), voice_id=voice_id, duplicate_of=original)
    first, again = [await stub.MarkDuplicate(request, metadata=served.caller()) for _ in range(2)]
    assert first == again
    found = (await stub.GetVoice(pb.GetVoiceRequest(voice_id=voice_id))).voice
    assert (found.status, found.duplicate_of) == (voice_pb2.VOICE_STATUS_DUPLICATE, original)
    assert [row["type"].split(".")[-2] for row in await published(served, voice_id)] == ["relayed", "marked-duplicate"]
    mandate_id, third = await relayed(served, stub)
    for chain in (
        pb.MarkDuplicateRequest(voice_id=original, duplicate_of=voice_id), pb.MarkDuplicateRequest(voice_id=original, duplicate_of=third)
    ):  # fmt: skip
        assert (await served.refusal(stub.MarkDuplicate(chain, metadata=served.caller()))).code == "DUPLICATE_CHAIN"
    aide, (_, draft) = served.caller("aide", mandate=mandate_id), await reviewed(served, stub)
    hidden = pb.MarkDuplicateRequest(voice_id=third, duplicate_of=draft)
    assert (await served.refusal(stub.MarkDuplicate(hidden, metadata=aide))).code == "NOT_FOUND"
    await stub.MarkDuplicate(pb.MarkDuplicateRequest(voice_id=third, duplicate_of=original), metadata=aide)


async def test_every_figure_of_the_coverage_opens_its_records(served: Served, stub: Stub) -> None:
    for _ in range(2):
        await relayed(served, stub)
    _, activity_id = await planned(served, stub)
    await stub.HoldActivity(pb.HoldActivityRequest(activity_id=activity_id), metadata=served.caller())
    cells = (await stub.GetCoverage(pb.GetCoverageRequest(quarter="2026-Q4"))).cells
    assert len(cells) == 12
    for cell in cells:
        voices = await stub.ListVoices(cell.voices_behind, metadata=served.caller())
        activities = await stub.ListActivities(cell.activities_behind)
        assert (len(voices.voices), len(activities.activities)) == (cell.voices, cell.activities)
        assert cell.silent == (not voices.voices)
    [women] = [cell for cell in cells if cell.represented_group == words.REPRESENTED_GROUP_WOMEN]
    assert women.voices >= 2
    assert women.activities >= 1


async def test_a_quarter_that_is_none_is_refused(served: Served, stub: Stub) -> None:
    assert (await served.refusal(stub.GetCoverage(pb.GetCoverageRequest(quarter="2026-5")))).code == "QUARTER_INVALID"
