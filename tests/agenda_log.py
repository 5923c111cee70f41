"""A log of facts made by hand, as Kafka would hand it out: real messages, real headers, offsets of its own."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import item_pb2
from madang.council.v1 import agenda_item_pb2
from madang.events.agenda.v1 import agenda_pb2 as agenda_events
from madang.events.council.v1 import council_pb2 as council_events
from madang.events.proposals.v1 import proposals_pb2 as proposals_events
from madang.events.voices.v1 import voices_pb2 as voices_events
from madang.events.workshops.v1 import workshops_pb2 as workshops_events
from madang.proposals.v1 import proposal_pb2
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import voice_pb2
from madang.workshops.v1 import innovation_agenda_pb2
from services.agenda.projection.facts import topic_of
from services.kit.contracts import event_type_of
from services.kit.envelope import Envelope, to_headers
from services.kit.ids import derived_id, new_id

PARTITIONS = 4
BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SOURCES = ("voices", "council", "workshops", "proposals")
NAMES = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class LogRecord:
    """A record as a consumer gets it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    timestamp: int = 0


@dataclass
class FactLog:
    """Five topics in memory. Each method publishes one fact of an aggregate, its versions counted here."""

    records: dict[tuple[str, int], list[LogRecord]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    services: dict[UUID, str] = field(default_factory=dict)
    now: datetime = BEGIN

    def everything(self) -> list[list[LogRecord]]:
        """The records of each partition that has any."""
        return [list(records) for _, records in sorted(self.records.items())]

    def publish(self, service: str, aggregate: UUID, message: Message, *, version: int = 0) -> LogRecord:
        """Append a fact to its partition."""
        if not version:
            self.versions[aggregate] += 1
            version = self.versions[aggregate]
        self.services[aggregate] = service
        self.now += timedelta(seconds=1)
        event_id = uuid5(NAMES, f"{aggregate} {version}")
        envelope = Envelope(
            event_id, f"urn:madang:{service}", event_type_of(message), self.now, aggregate, version, event_id, event_id
        )  # fmt: skip
        return self.append(topic_of(service), aggregate, message.SerializeToString(deterministic=True), to_headers(envelope))

    def append(self, topic: str, aggregate: UUID, value: bytes, headers: Sequence[tuple[str, bytes]]) -> LogRecord:
        """Append any bytes."""
        place = (topic, int.from_bytes(hashlib.sha256(aggregate.bytes).digest()[:4], "big") % PARTITIONS)
        record = LogRecord(*place, len(self.records[place]), str(aggregate).encode(), value, headers)
        self.records[place].append(record)
        return record

    def again(self, record: LogRecord) -> LogRecord:
        """Append the same record once more, as a relay in doubt does."""
        place = (record.topic, record.partition)
        twin = replace(record, offset=len(self.records[place]))
        self.records[place].append(twin)
        return twin

    def at(self) -> Timestamp:
        """The log's own clock."""
        stamp = Timestamp()
        stamp.FromDatetime(self.now)
        return stamp

    def source(self, service: str, identity: UUID | None = None, **changes: Any) -> UUID:
        """A source, new or in a newer state."""
        return {"proposals": self.proposal, "voices": self.voice, "council": self.council_item, "workshops": self.innovation}[service](
            identity, **changes
        )

    def proposal(self, identity: UUID | None = None, title: str = "버스 정류장에 그늘막을", text: str = "", **changes: Any) -> UUID:
        identity = identity or uuid4()
        after = proposal_pb2.Proposal(
            proposal_id=str(identity), status=proposal_pb2.PROPOSAL_STATUS_RECEIVED, channel=proposal_pb2.CHANNEL_WEB, title=title,
            description=Text(plain=text, language="ko"), requested_at=self.at(),
        )  # fmt: skip
        after.MergeFrom(proposal_pb2.Proposal(**changes))
        self.publish("proposals", identity, proposals_events.ProposalReceived(after=after, occurred_at=self.at()))
        return identity

    def voice(self, identity: UUID | None = None, title: str = "", text: str = "밤길이 어둡다", gone: bool = False, **changes: Any) -> UUID:
        identity = identity or uuid4()
        after = voice_pb2.Voice(
            voice_id=str(identity), status=voice_pb2.VOICE_STATUS_RELAYED, raised_at=self.at(),
            represented_group=vocabulary_pb2.REPRESENTED_GROUP_WOMEN, text=Text(plain=title + text, language="ko"),
        )  # fmt: skip
        after.MergeFrom(voice_pb2.Voice(**changes))
        fact: Any = voices_events.VoiceRelayed(after=after, occurred_at=self.at())
        if gone:
            after.status = voice_pb2.VOICE_STATUS_WITHDRAWN
            after.ClearField("text")
            fact = voices_events.VoiceWithdrawn(after=after, occurred_at=self.at())
        self.publish("voices", identity, fact)
        return identity

    def council_item(self, identity: UUID | None = None, title: str = "다문화 안내", text: str = "", **changes: Any) -> UUID:
        identity = identity or uuid4()
        after = agenda_item_pb2.AgendaItem(
            item_id=str(identity), name=title, text=Text(plain=text, language="vi"), raised_at=self.at(), public=True,
            result=agenda_item_pb2.ITEM_RESULT_UNDECIDED,
        )  # fmt: skip
        after.MergeFrom(agenda_item_pb2.AgendaItem(**changes))
        self.publish("council", identity, council_events.ItemPlaced(after=after, occurred_at=self.at()))
        return identity

    def innovation(self, identity: UUID | None = None, title: str = "빈집을 작업실로", text: str = "", **changes: Any) -> UUID:
        identity = identity or uuid4()
        after = innovation_agenda_pb2.InnovationAgenda(
            innovation_id=str(identity), title=title, summary=Text(plain=text, language="ko"), proposed_at=self.at(),
            phase=innovation_agenda_pb2.PHASE_PROPOSED, innovation_field=vocabulary_pb2.INNOVATION_FIELD_JOBS,
        )  # fmt: skip
        after.MergeFrom(innovation_agenda_pb2.InnovationAgenda(**changes))
        self.publish("workshops", identity, workshops_events.InnovationProposed(after=after, occurred_at=self.at()))
        return identity

    def item(
        self, identity: UUID | None = None, title: str = "안전한 귀갓길", fact: Any = agenda_events.AgendaItemOpened, **changes: Any
    ) -> UUID:
        """An opened item, new or in a newer state."""
        identity = identity or new_id()
        after = item_pb2.AgendaDecision(
            agenda_id=str(identity), title=title, status=item_pb2.AGENDA_STATUS_OPEN, language="ko", opened_at=self.at()
        )
        after.MergeFrom(item_pb2.AgendaDecision(**changes))
        self.publish("agenda", identity, fact(after=after, occurred_at=self.at()))
        return identity

    def link(self, item: UUID, source: UUID, *, removed: bool = False, relation: int = item_pb2.RELATION_RAISED) -> UUID:
        """A link between an opened item and a source of this log, or its end."""
        service = self.services[source]
        identity = derived_id("agenda-link", str(item), service, str(source))
        after = item_pb2.SourceLink(
            link_id=str(identity), agenda_id=str(item), source_id=str(source), confidence=1, removed=removed, linked_by="officer",
            service=vocabulary_pb2.SourceService.Value(f"SOURCE_SERVICE_{service.upper()}"), linked_at=self.at(),
        )  # fmt: skip
        after.relation = relation  # type: ignore[assignment]
        kind = agenda_events.AgendaUnlinked if removed else agenda_events.AgendaLinked
        self.publish("agenda", identity, kind(after=after, occurred_at=self.at()))
        return identity
