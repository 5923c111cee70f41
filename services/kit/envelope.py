"""CloudEvents 1.0 on Kafka, binary mode: what stands in a record's headers.

Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from google.protobuf.message import DecodeError, Message

from services.kit.contracts import EventTypes

Headers = Sequence[tuple[str, bytes]]
PROTOBUF = "application/protobuf"
STRUCTURED = "application/cloudevents"  # what the content type of an event begins with whose attributes lie in its value


class Record(Protocol):
    """A record as aiokafka hands it out."""

    @property
    def topic(self) -> str:
        """Its topic."""
        ...

    @property
    def partition(self) -> int:
        """Its partition."""
        ...

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """What its partition was chosen by."""
        ...

    @property
    def value(self) -> bytes | None:
        """Its payload."""
        ...

    @property
    def headers(self) -> Headers:
        """Its attributes."""
        ...


class Unreadable(Exception):  # noqa: N818 - it says what the record is
    """A record that can't be read: a dead letter, or for a partner a receipt."""

    def __init__(self, code: str, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.field = code, reason, field


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event's attributes; `version` is `ce_sequence`, the aggregate's version."""

    id: UUID
    source: str
    type: str
    time: datetime
    subject: UUID
    version: int
    correlation_id: UUID
    causation_id: UUID
    traceparent: str = ""

    @property
    def service(self) -> str:
        """The service that published it: the last part of `urn:madang:<service>`."""
        return self.source.rpartition(":")[2]


def to_headers(envelope: Envelope, content_type: str = PROTOBUF) -> list[tuple[str, bytes]]:
    """The headers of a record."""
    values = {
        "ce_specversion": "1.0",
        "ce_id": str(envelope.id),
        "ce_source": envelope.source,
        "ce_type": envelope.type,
        "ce_time": envelope.time.isoformat(),
        "ce_subject": str(envelope.subject),
        "ce_partitionkey": str(envelope.subject),
        "ce_correlationid": str(envelope.correlation_id),
        "ce_causationid": str(envelope.causation_id),
        "ce_sequence": str(envelope.version),
        "content-type": content_type,
    }
    if envelope.traceparent:
        values["traceparent"] = envelope.traceparent
    return [(name, value.encode()) for name, value in values.items()]


def from_headers(headers: Headers) -> Envelope:
    """The attributes of one of our own events.

    Raises:
        Unreadable: ATTRIBUTE_MISSING or DECODE_FAILED, naming the attribute.
    """
    values = {name: value for name, value in headers if value is not None}

    def text(name: str) -> str:
        try:
            return values[name].decode()
        except KeyError:
            raise Unreadable("ATTRIBUTE_MISSING", f"{name} is missing", name) from None
        except UnicodeDecodeError:
            raise Unreadable("DECODE_FAILED", f"{name} is not UTF-8", name) from None

    try:
        return Envelope(
            UUID(text("ce_id")),
            text("ce_source"),
            text("ce_type"),
            datetime.fromisoformat(text("ce_time")),
            UUID(text("ce_subject")),
            int(text("ce_sequence")),
            UUID(text("ce_correlationid")),
            UUID(text("ce_causationid")),
            values.get("traceparent", b"").decode(errors="replace"),
        )
    except ValueError as error:
        raise Unreadable("DECODE_FAILED", f"an attribute is malformed: {error}") from None


def read(record: Record, types: EventTypes) -> tuple[Envelope, Message]:
    """The attributes and the message of a record on a facts topic.

    Raises:
        Unreadable: ATTRIBUTE_MISSING, TYPE_UNSUPPORTED or DECODE_FAILED.
    """
    envelope = from_headers(record.headers)
    if envelope.type not in types:
        raise Unreadable("TYPE_UNSUPPORTED", f"the type {envelope.type} is not known here", "ce_type")
    try:
        return envelope, types[envelope.type].FromString(record.value or b"")
    except DecodeError:
        raise Unreadable("DECODE_FAILED", f"the value is no {types[envelope.type].DESCRIPTOR.full_name}") from None
