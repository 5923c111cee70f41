"""The checks of an inbox: what is accepted in which form, and the code and field of every refusal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from madang.council.v1 import meeting_messages_pb2
from madang.events.partners.v1 import partners_pb2 as events_pb
from madang.proposals.v1 import proposal_pb2, proposals_pb2
from madang.voices.v1 import voices_pb2
from services.kit.dead_letters import KeptRecord
from services.kit.envelope import Unreadable
from services.kit.foreign_records import Broken, Oversized
from services.partners.checks import check
from services.partners.cloudevents import MAX_BYTES, glimpse
from services.partners.domain.partner import Partner, PartnerKind, partner_id_of
from services.partners.domain.received import Event, cause_id_of
from tests.unit.partners.records import binary, example, record, structured

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DASAN = Partner(partner_id_of("dasan"), "dasan", "120다산콜재단", PartnerKind.CALL_CENTRE, NOW)


def checked(sent: KeptRecord) -> Event:
    return check(sent, DASAN, NOW)


def refused(sent: KeptRecord) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        checked(sent)
    assert caught.value.reason
    return caught.value.code, caught.value.field


def changed(kind: str = "proposal-submitted", **attributes: Any) -> dict[str, Any]:
    return example(kind) | attributes


def with_data(kind: str = "proposal-submitted", **fields: Any) -> dict[str, Any]:
    event = example(kind)
    return event | {"data": event["data"] | fields}


def test_a_proposal_becomes_the_request_of_its_owner_with_a_key_of_its_own() -> None:
    event = checked(structured(example()))
    request = proposals_pb2.SubmitProposalRequest.FromString(event.request)
    assert event.service == "proposals"
    assert request.channel == proposal_pb2.CHANNEL_PARTNER
    assert request.origin == "dasan:dasan-2026-11-0001"
    assert request.title == example()["data"]["title"]
    assert request.request_id


def test_a_voice_and_a_meeting_become_the_requests_of_their_owners() -> None:
    voice, meeting = checked(structured(example("voice-heard"))), checked(structured(example("meeting-announced")))
    assert (voice.service, meeting.service) == ("voices", "council")
    assert voices_pb2.CaptureVoiceRequest.FromString(voice.request).text.plain == example("voice-heard")["data"]["text"]["plain"]
    scheduled = meeting_messages_pb2.ScheduleMeetingRequest.FromString(meeting.request)
    assert scheduled.council_id == example("meeting-announced")["data"]["councilId"]
    assert scheduled.start.ToDatetime(UTC) == datetime(2026, 12, 10, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["proposal-submitted", "voice-heard", "meeting-announced"])
def test_the_same_event_is_the_same_request_however_it_is_encoded(kind: str) -> None:
    event = example(kind)
    cls = {"p": events_pb.ProposalSubmitted, "v": events_pb.VoiceHeard, "m": events_pb.MeetingAnnounced}[kind[0]]
    data = json.dumps(event["data"]).encode()
    sent = [
        structured(event),
        structured(event, "Application/CloudEvents+JSON; charset=UTF-16"),
        record(json.dumps(event, indent=4).encode()),
        record(json.dumps(event, ensure_ascii=False).encode(), key=b"any key"),
        binary(event, data),
        binary(event, data, "application/json; charset=utf-8"),
        binary(event, ParseDict(event["data"], cls()).SerializeToString(), "application/protobuf"),
    ]
    assert len({(checked(item).request, checked(item).body_hash) for item in sent}) == 1


def test_an_event_without_a_time_of_its_own_takes_the_time_that_the_partner_gave_it() -> None:
    event = example()
    del event["data"]["requestedAt"]
    assert proposals_pb2.SubmitProposalRequest.FromString(checked(structured(event)).request).requested_at.ToDatetime(UTC) == datetime(
        2026, 11, 20, 1, 12, tzinfo=UTC
    )


def test_an_event_is_named_as_a_cause_by_its_own_id_where_that_is_one() -> None:
    identity = "0195f3a2-7c10-7d4e-9b1a-5f0e2c3d4a51"
    assert str(checked(structured(changed(id=identity))).cause_id) == identity
    assert checked(structured(example())).cause_id == cause_id_of("dasan", "dasan-2026-11-0001")


def test_a_partner_may_name_the_chain_that_its_event_belongs_to() -> None:
    chain = "0195f3a2-7c10-7d4e-9b1a-5f0e2c3d4a52"
    assert str(checked(structured(changed(correlationid=chain))).correlation_id) == chain


def test_a_text_in_another_normal_form_is_the_same_event() -> None:
    composed, decomposed = with_data(title="서울"), with_data(title="\u1109\u1165\u110b\u116e\u11af")
    assert checked(structured(composed)).body_hash == checked(structured(decomposed)).body_hash


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "specversion"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_attribute_that_is_missing_is_named(name: str, value: str | None) -> None:
    assert refused(structured(example() | {name: value})) == ("ATTRIBUTE_MISSING", name)
    event = example()
    del event[name]
    assert refused(structured(event)) == ("ATTRIBUTE_MISSING", name)
    assert refused(binary(event, b"{}")) == ("ATTRIBUTE_MISSING", name)


REFUSALS: list[tuple[str, KeptRecord, str, str]] = [
    ("random bytes", record(b"\xff\xfe\x00\x81\x93"), "DECODE_FAILED", ""),
    ("nothing at all", record(None), "DECODE_FAILED", ""),
    ("an empty value", record(b""), "DECODE_FAILED", ""),
    ("a number", record(b"7"), "DECODE_FAILED", ""),
    ("a list of events", structured([example()]), "DECODE_FAILED", ""),
    ("a byte order mark", record(b"\xef\xbb\xbf" + json.dumps(example()).encode()), "DECODE_FAILED", ""),
    ("UTF-16", record(json.dumps(example()).encode("utf-16")), "DECODE_FAILED", ""),
    ("a name twice", record(json.dumps(example()).replace('"data":', '"data": {}, "data":').encode()), "DECODE_FAILED", ""),
    ("a name twice in data", record(json.dumps(example()).replace('"title":', '"title": "", "title":').encode()), "DECODE_FAILED", ""),
    ("NaN", record(json.dumps(with_data(x=float("nan"))).encode()), "DECODE_FAILED", ""),
    ("100,000 lists in one another", record(b'{"id": "deep", "data": ' + b"[" * 100_000), "DECODE_FAILED", ""),
    ("a number of 10,000 digits", record(b'{"id": "big", "data": ' + b"9" * 10_000 + b"}"), "DECODE_FAILED", ""),
    ("a cut event", record(json.dumps(example()).encode()[:300]), "DECODE_FAILED", ""),
    ("a damaged batch", record(Broken()), "DECODE_FAILED", ""),
    ("a bomb", record(Oversized(b'{"id": "bomb"')), "EVENT_TOO_LARGE", ""),
    ("257 KiB", structured(with_data(description={"plain": "x" * 257 * 1024})), "EVENT_TOO_LARGE", ""),
    ("257 KiB of headers", record(json.dumps(example()).encode(), ("x", bytes(MAX_BYTES))), "EVENT_TOO_LARGE", ""),
    ("a batch of events", structured([], "application/cloudevents-batch+json"), "DECODE_FAILED", ""),
    ("avro", structured({}, "application/cloudevents+avro"), "CONTENT_TYPE_UNSUPPORTED", "content-type"),
    ("XML", binary(example(), b"<a/>", "application/xml"), "CONTENT_TYPE_UNSUPPORTED", "content-type"),
    ("an id twice", record(b"{}", ("ce_id", b"1"), ("ce_id", b"2")),
     "ATTRIBUTE_REPEATED", "id"),
    ("an id that is no UTF-8", record(b"{}", ("ce_id", b"\xff")), "DECODE_FAILED", "id"),
    ("an id that is a number", structured(changed(id=7)), "ATTRIBUTE_INVALID", "id"),
    ("an id of 201 characters", structured(changed(id="x" * 201)), "TEXT_TOO_LONG", "id"),
    ("an id with NUL", structured(changed(id="a\0b")), "TEXT_FORBIDDEN_CHAR", "id"),
    ("an id with half a character", structured(changed(id="a\ud800")), "TEXT_FORBIDDEN_CHAR", "id"),
    ("a subject that is an object", structured(changed(subject={})), "ATTRIBUTE_INVALID", "subject"),
    ("another version of CloudEvents", structured(changed(specversion="0.3")), "SPECVERSION_UNSUPPORTED", "specversion"),
    ("another partner", structured(changed(source="urn:madang:partner:other")), "SOURCE_MISMATCH", "source"),
    ("a service of ours", structured(changed(source="urn:madang:proposals")), "SOURCE_MISMATCH", "source"),
    ("an unknown type", structured(changed(type="kr.go.seoul.madang.partner.complaint.v1")), "TYPE_UNSUPPORTED", "type"),
    ("the next major", structured(changed(type="kr.go.seoul.madang.partner.proposal-submitted.v2")), "TYPE_UNSUPPORTED", "type"),
    ("a fact of ours", structured(changed(type="kr.go.seoul.madang.proposal.received.v1")), "TYPE_UNSUPPORTED", "type"),
    ("over an hour ahead", structured(changed(time="2026-11-22T13:00:01Z")), "TIME_SKEW", "time"),
    ("before 2000", structured(changed(time="1999-12-31T23:59:59Z")), "TIME_SKEW", "time"),
    ("the end of time", structured(changed(time="9999-12-31T23:59:59-23:59")), "DATE_INVALID", "time"),
    ("29 February 2026", structured(changed(time="2026-02-29T10:00:00Z")), "DATE_INVALID", "time"),
    ("a time without an offset", structured(changed(time="2026-11-20T10:00:00")), "DATE_INVALID", "time"),
    ("a day", structured(changed(time="2026-11-20")), "DATE_INVALID", "time"),
    ("an attribute of no name", structured(changed(**{"Event-Id": "1"})), "FIELD_UNKNOWN", "Event-Id"),
    ("no data", structured(changed(data=None)), "ATTRIBUTE_MISSING", "data"),
    ("data that is a string", structured(changed(data="title")), "DECODE_FAILED", "data"),
    ("data twice", structured(changed(data_base64="AA==")), "DECODE_FAILED", "data_base64"),
    ("bytes that are no message", binary(example(), b"\xff\xff", "application/protobuf"), "DECODE_FAILED", "data"),
    ("a blank title", structured(with_data(title="  ")), "TITLE_REQUIRED", "title"),
    ("a title of 201 characters", structured(with_data(title="가" * 201)), "TEXT_TOO_LONG", "title"),
    ("a title with NUL", structured(with_data(title="a\0b")), "TEXT_FORBIDDEN_CHAR", "title"),
    ("a title that turns the direction", structured(with_data(title="a\u202eb")), "TEXT_FORBIDDEN_CHAR", "title"),
    ("a title with half a character", structured(with_data(title="a\udfff")), "TEXT_FORBIDDEN_CHAR", "title"),
    ("a title that is a number", structured(with_data(title=7)), "DECODE_FAILED", "title"),
    ("a misspelt field", structured(with_data(titel="x")), "FIELD_UNKNOWN", "titel"),
    ("a misspelt field inside", structured(with_data(description={"plan": "x"})), "FIELD_UNKNOWN", "description.plan"),
    ("a text that is a string", structured(with_data(description="x")), "DECODE_FAILED", "description"),
    ("a language that is none", structured(with_data(description={"plain": "x", "language": "!"})), "LANGUAGE_INVALID",
     "description.language"),
    ("a group that is none", structured(with_data(representedGroups=["ELDERLY"])), "ENUM_UNKNOWN", "represented_groups[0]"),
    ("the number of a group that is none", structured(with_data(representedGroups=[99])), "ENUM_UNKNOWN", "represented_groups[0]"),
    ("a group twice", structured(with_data(representedGroups=[1, 1])), "DUPLICATE_ITEM", "represented_groups"),
    ("groups that are no list", structured(with_data(representedGroups="x")), "DECODE_FAILED", "represented_groups"),
    ("21 themes", structured(with_data(themes=[str(n) for n in range(21)])), "LIST_TOO_LONG", "themes"),
    ("a time in data that is none", structured(with_data(requestedAt="yesterday")), "DATE_INVALID", "requested_at"),
    ("a council that is no UUID", structured(with_data("meeting-announced", councilId="x")), "ID_INVALID", "council_id"),
    ("words that are missing", structured(with_data("voice-heard", text={"plain": " "})), "TEXT_REQUIRED", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "code", "field"), [item[1:] for item in REFUSALS], ids=[item[0] for item in REFUSALS])
def test_what_is_wrong_gets_its_code_and_names_the_field(sent: KeptRecord, code: str, field: str) -> None:
    assert refused(sent) == (code, field)


def test_a_misspelt_name_is_answered_with_the_nearest_right_one() -> None:
    with pytest.raises(Unreadable, match="did you mean title"):
        checked(structured(with_data(titel="x")))
    with pytest.raises(Unreadable, match="did you mean kr"):
        checked(structured(changed(type="kr.go.seoul.madang.partner.proposal-submited.v1")))


def test_a_refusal_never_repeats_what_people_wrote() -> None:
    for _, sent, _, _ in REFUSALS:
        with pytest.raises(Unreadable) as caught:
            checked(sent)
        assert "정류장" not in caught.value.reason


@pytest.mark.parametrize(
    "sent",
    [
        record(b'{"specversion": "1.0", "id": "seen", "data": ' + b"[" * 100_000),
        record(b'\xef\xbb\xbf {"id": "seen"}'),
        record(b'{"id": "seen", "id": "other"}'),
        record(b'{"id":"seen","data":{"title":"' + b"x" * 300_000),
        record(Oversized(b'{"id": "seen", "data": {"title": "xxxxxxxx')),
        record(b'{"data": {"id": "not this"}, "id": "seen", }'),
        record(b"\xff", ("ce_id", b"seen")),
    ],
)
def test_a_broken_event_is_known_by_its_id_as_far_as_that_can_be_read(sent: KeptRecord) -> None:
    assert glimpse(sent)["id"] == "seen"


@pytest.mark.parametrize("value", [b"", b"{", b'{"id"', b'{"id":', b'{"id": 7}', b'{"id": "a\\u0000"}', b"\x00" * 50, b"{" * 100_000])
def test_what_has_no_id_is_known_by_none(value: bytes) -> None:
    assert "id" not in glimpse(record(value))
