"""CloudEvents in a record's headers, both ways, and what cannot be read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from madang.events.proposals.v1 import proposals_pb2 as events_pb
from services.kit.contracts import EventTypes, event_type_of
from services.kit.envelope import Envelope, Headers, Unreadable, read, to_headers

TYPES = EventTypes(events_pb)
MESSAGE = events_pb.ProposalReceived()
MESSAGE.after.title = "그늘막"
ENVELOPE = Envelope(
    UUID(int=1), "urn:madang:proposals", event_type_of(MESSAGE), datetime(2026, 11, 22, tzinfo=UTC), UUID(int=2), 3,
    UUID(int=4), UUID(int=5), "00-trace",
)  # fmt: skip


@dataclass
class Record:
    headers: Headers
    value: bytes | None = MESSAGE.SerializeToString()
    topic: str = "t"
    partition: int = 0
    offset: int = 0
    key: bytes | None = None


def without(name: str) -> Headers:
    return [(key, value) for key, value in to_headers(ENVELOPE) if key != name]


def test_an_event_comes_back_as_it_went() -> None:
    assert read(Record(to_headers(ENVELOPE)), TYPES) == (ENVELOPE, MESSAGE)


def test_the_reference_implementation_reads_our_headers() -> None:
    event = from_binary_event(KafkaMessage(dict(to_headers(ENVELOPE)), b"", MESSAGE.SerializeToString()))
    assert (event.get_id(), event.get_source(), event.get_type()) == (str(ENVELOPE.id), ENVELOPE.source, ENVELOPE.type)
    assert (event.get_time(), event.get_extension("sequence")) == (ENVELOPE.time, "3")


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence"])
def test_a_missing_attribute_is_named(name: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(Record(without(name)), TYPES)
    assert (unreadable.value.code, unreadable.value.field) == ("ATTRIBUTE_MISSING", name)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ce_id", b"1", "DECODE_FAILED"),
        ("ce_time", b"yesterday", "DECODE_FAILED"),
        ("ce_sequence", b"\xff", "DECODE_FAILED"),
        ("ce_type", b"kr.go.seoul.madang.proposal.received.v2", "TYPE_UNSUPPORTED"),
    ],
)
def test_a_malformed_attribute_has_a_stable_code(name: str, value: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(Record([*without(name), (name, value)]), TYPES)
    assert unreadable.value.code == code


def test_random_bytes_are_no_event() -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(Record(to_headers(ENVELOPE), b"\xff\x00\xff"), TYPES)
    assert unreadable.value.code == "DECODE_FAILED"
